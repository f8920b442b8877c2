// panel_curves.ts - how loss and accuracy go, epoch by epoch, what was changed on the way, what the watcher said.
import type { App } from "./app";
import { Chart, Line, Mark, PARTS, partColour, readLines, sample } from "./chart";
import { button, choice, el, fill, figure, labelled, tick } from "./dom";
import { dark } from "./palette";
import type { Panel } from "./panel";
import { ended, pinNow, pins, PINS_MOST } from "./pins";
import { columns } from "./series";
import type { Change } from "./settings";

const SHOWN = 6; // marks and warnings in words

/** "lr is 0.1"; a weight by its layer and place. */
export function changeText(app: App, change: Change): string {
    const weight = /^weight\.(\d+)$/.exec(change.name);
    if (!weight) return `${change.name} becomes ${change.text === "" ? "what is usual" : change.text}`;
    const index = Number(weight[1]);
    for (const layer of app.description?.layers ?? [])
        for (const { name, at, shape } of layer.params) {
            const size = shape.reduce((all, n) => all * n, 1);
            if (index < at || index >= at + size) continue;
            const place: number[] = [];
            for (let d = shape.length - 1, rest = index - at; d >= 0; d--) {
                place.unshift(rest % shape[d]);
                rest = Math.floor(rest / shape[d]);
            }
            return `${layer.name} ${name} [${place.join(", ")}] is set to ${figure(Number(change.text))} by hand`;
        }
    return `weight ${index} is set to ${change.text} by hand`;
}

export const curves: Panel = {
    id: "curves", title: "Curves", place: "right",
    mount(app, into) {
        const legend = el("p", { class: "legend" }), notes = el("div", { class: "notes" }), end = el("p", { class: "ended", hidden: true });
        const hidden = new Set<string>();
        const select = choice(["loss", "accuracy"], app.ui.curve === "figure" ? "accuracy" : "loss", (word) => {
            app.ui.curve = word === "loss" ? "" : "figure";
            app.tell("ui");
            draw();
        }, "curve");
        const log = tick("log scale", app.ui.log === "1", (on) => {
            app.ui.log = on ? "1" : "";
            app.tell("ui");
            draw();
        }, "log");
        const pin = button("Pin", async () => {
            if (!(await pinNow(app, columns(app)))) app.tell("problem", `${PINS_MOST} runs are pinned, which is all that may be: remove one first.`);
        }, "Keep this run's curves, settings and figures to compare with");
        const chart = new Chart("Curves over epochs", 190, (epoch) => read(epoch));
        into.append(el("div", { class: "row" }, labelled("Show", select), log, pin), chart.element, legend, end, notes);

        const figureName = (): string => (app.description?.task === "regression" ? "rmse" : "accuracy");
        const quantity = (): string => (select.value === "loss" ? "loss" : figureName());

        const read = (epoch: number | null): string => {
            const history = columns(app), all = history.epochs;
            const at = epoch ?? all;
            if (!at) return "";
            const own = chart.lines.filter((line) => !line.letter), ghosts = chart.lines.filter((line) => line.letter);
            const text = `epoch ${at.toLocaleString("en")}${at <= all ? `, step ${(history.of("step")?.at(at - 1) ?? 0).toLocaleString("en")}, lr ${figure(history.of("lr")?.at(at - 1))}` : ""}: ${readLines(own, at)}`;
            const others = epoch === null ? "" : readLines(ghosts, at);
            return others ? `${text}; pinned ${others}` : text;
        };

        const allLines = (): Line[] => {
            const history = columns(app), what = quantity(), lines: Line[] = [];
            PARTS.forEach(({ part, dash }, index) => {
                const series = history.of(`${part}_${what}`);
                if (series && (app.description?.rows[part] ?? 0) > 0) lines.push({ name: part, series, colour: partColour(index), dash });
            });
            const penalised = what === "loss" ? history.of("penalised_loss") : null;
            if (penalised) lines.push({ name: "train with penalty", series: penalised, colour: partColour(0), dash: [1, 3], width: 1 });
            for (const pin of pins(app).list) {
                if (!pin.ghost) continue;
                const part = [2, 1, 0].find((p) => pin.series.has(`${PARTS[p].part}_${what}`));
                if (part === undefined) continue;
                lines.push({ name: `${pin.letter} ${PARTS[part].part}`, letter: pin.letter, series: pin.series.get(`${PARTS[part].part}_${what}`)!, colour: dark() ? "#a9adb3" : "#77777a", dash: PARTS[part].dash, width: 1 });
            }
            return lines;
        };
        let drawnLegend = "";
        const drawLegend = (lines: Line[]): void => {
            const key = lines.map((line) => line.name + line.colour).join() + [...hidden].join();
            if (key === drawnLegend) return;
            drawnLegend = key;
            fill(legend, ...lines.map((line) => {
                const box = tick(line.name, !hidden.has(line.name), (on) => {
                    if (on) hidden.delete(line.name);
                    else hidden.add(line.name);
                    draw();
                }, `curve.${line.name}`);
                box.insertBefore(sample(line.colour, line.dash, line.width), box.lastChild);
                return box;
            }));
        };

        let drawnNotes = "";
        const note = (history: ReturnType<typeof columns>): Mark[] => {
            const state = app.frame?.state, marks: Mark[] = [];
            if (!state) return marks;
            const texts: { step: number; kind: "changed" | "warning"; name: string; text: string }[] = [];
            for (const change of app.changes) texts.push({ step: change.step, kind: "changed", name: "changed", text: changeText(app, change) });
            for (const warning of state.warnings) texts.push({ step: warning.step, kind: "warning", name: warning.name, text: warning.sentence });
            texts.sort((a, b) => a.step - b.step);
            for (const { step, kind, name, text } of texts) marks.push({ epoch: history.epochOf(step), kind, text: `step ${step.toLocaleString("en")}, ${name}: ${text}` });
            if (state.bestEpoch) {
                const by = app.description!.rows.validation ? "validation" : "train", loss = history.of(`${by}_loss`)?.at(state.bestEpoch - 1);
                marks.push({ epoch: state.bestEpoch, kind: "best", text: `epoch ${state.bestEpoch.toLocaleString("en")} is the best so far, by ${by} loss: ${figure(loss)}` });
            }
            const key = texts.map((t) => `${t.step} ${t.text}`).join("\n") + (state.bestEpoch ? marks[marks.length - 1].text : "");
            if (key !== drawnNotes) {
                drawnNotes = key;
                const list = texts.slice(-SHOWN).reverse().map((t) => el("li", { class: t.kind }, el("b", {}, t.name), ` step ${t.step.toLocaleString("en")}: ${t.text}`));
                const more = texts.length > SHOWN ? [el("li", { class: "faint" }, `and ${texts.length - SHOWN} before; point at the marks to read them`)] : [];
                fill(notes, ...(state.bestEpoch ? [el("p", { class: "best" }, marks[marks.length - 1].text)] : []), ...(list.length ? [el("ul", {}, ...list, ...more)] : []));
            }
            return marks;
        };

        const draw = (): void => {
            const history = columns(app), lines = allLines(), state = app.frame?.state;
            chart.lines = lines.filter((line) => !hidden.has(line.name));
            chart.log = (log.firstChild as HTMLInputElement).checked;
            chart.fixed = quantity() === "accuracy" ? [1, 1] : null;
            chart.marks = note(history);
            drawLegend(lines);
            const why = state ? ended(state, app.settings) : "";
            end.hidden = why === "";
            if (end.textContent !== why) end.textContent = why;
            end.classList.toggle("bad", state?.diverged ?? false);
            chart.draw();
        };
        app.on("open", () => {
            select.options[1].text = figureName();
            chart.cursor = null;
            draw();
        });
        app.on("frame", draw);
        app.on("changed", draw);
        pins(app).on(draw);
    },
};
