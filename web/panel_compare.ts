// panel_compare.ts - runs that were pinned, side by side with this one; sweeps over one or two settings.
import type { App } from "./app";
import { Line, PARTS, partColour, range, trace } from "./chart";
import { button, canvas, choice, el, entry, figure, fill, labelled } from "./dom";
import { blend, CLASSES } from "./palette";
import type { Panel } from "./panel";
import { allFigures, ended, Pin, pinNow, pins, PINS_MOST, takeOver } from "./pins";
import { columns, Series } from "./series";
import { Cell, cells, CELLS_MOST, Sweep } from "./sweep";
import type { Figures, Settings } from "./protocol";

type Row = Omit<Pin, "letter" | "ghost" | "files"> & { name: string; pin: Pin | null };

function short(text: string | undefined): string {
    if (text === undefined || text === "") return "usual";
    return text.length > 40 ? `${text.slice(0, 38)}…` : text;
}

/** The settings that are not the same in all of them. */
export function differing(all: Settings[]): string[] {
    const names = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
    return names.filter((name) => new Set(all.map((settings) => settings[name] ?? "")).size > 1);
}

/** The least finite number and its epoch. */
function best(series: Series | undefined): [number, number] {
    let at = -1;
    for (let i = 0; series && i < series.count; i++) if (at < 0 ? Number.isFinite(series.at(i)) : series.at(i) < series.at(at)) at = i;
    return at < 0 ? [NaN, 0] : [series!.at(at), at + 1];
}

function pinned(app: App, into: HTMLElement): void {
    const table = el("table", { class: "pins" }), about = el("p", { class: "faint" }), trouble = el("p", { role: "status" });
    const add = button("Pin this run", async () => {
        try {
            const added = await pinNow(app, columns(app));
            trouble.textContent = added ? "" : `${PINS_MOST} runs are pinned, which is all that may be: remove one first.`;
        } catch (error) {
            trouble.textContent = (error as Error).message;
        }
    }, "Keeps settings, curves, figures and digest as they are now");
    add.id = "pin";
    into.append(el("div", { class: "row" }, add, about), trouble, el("div", { class: "scroll" }, table));

    let counted = -1, bestTest: [number, number] = [NaN, 0];
    const now = (): Row | null => {
        const state = app.frame?.state, history = columns(app);
        if (!state || !app.description) return null;
        const series = new Map<string, Series>(), measured = pins(app).measured;
        for (const name of history.names) if (/_(loss|accuracy|rmse)$/.test(name)) series.set(name, history.of(name)!);
        if (counted !== history.epochs) {
            bestTest = best(series.get("test_loss"));
            counted = history.epochs;
        }
        return { name: "this run", pin: null, settings: app.settings, changes: app.changes.length, step: state.step, epochs: state.epochs,
            stepsAnEpoch: app.description.stepsAnEpoch, digest: state.digest, over: ended(state, app.settings), figures: measured?.digest === state.digest ? measured.figures : {}, series };
    };
    const kept = new Map<Pin, [number, number]>();
    const bestOf = (row: Row): [number, number] => {
        if (!row.pin) return bestTest;
        if (!kept.has(row.pin)) kept.set(row.pin, best(row.series.get("test_loss")));
        return kept.get(row.pin)!;
    };
    const last = (row: Row, name: string): number => {
        const [, part, what] = /^(\w+?)_(\w+)$/.exec(name)!;
        return row.figures[part]?.[what] ?? row.series.get(name)?.last ?? NaN;
    };
    const show = (): void => {
        const list = pins(app).list, own = now();
        about.textContent = list.length ? `A pinned run's letter stands at its curve in the panel of curves.` : "Pinned runs stay here as a table, and in the panel of curves, until the page is closed.";
        if (!list.length) { fill(table); return; }
        const rows: Row[] = [...(own ? [own] : []), ...list.map((pin) => ({ ...pin, name: pin.letter, pin }))];
        const names = differing(rows.map((row) => row.settings));
        const figures = ["train_loss", "validation_loss", "test_loss", "train_accuracy", "test_accuracy", "train_rmse", "test_rmse"]
            .filter((name) => rows.some((row) => !Number.isNaN(last(row, name))));
        const head = el("tr", {}, ...["run", ...names, "epochs", "steps", ...figures.map((name) => name.split("_").join(" ")), "best test loss", "digest", ""].map((text) => el("th", { scope: "col" }, text)));
        fill(table, el("caption", {}, `${names.length ? "Only settings that differ are shown." : "All have the same settings."} While it trains, the figures of this run are those of its last epoch.`), el("thead", {}, head), el("tbody", {}, ...rows.map((row) => {
            const [least, epoch] = bestOf(row), pin = row.pin;
            const box: HTMLInputElement = el("input", { type: "checkbox", "aria-label": `Draw the curve of ${row.name}`, checked: pin?.ghost ?? true, onchange: () => {
                pin!.ghost = box.checked;
                pins(app).changed();
            } });
            const actions = pin ? [
                button("Load", () => void takeOver(app, pin.settings, pin.files), `Begin anew with the settings of run ${pin.letter}`),
                button("Remove", () => pins(app).remove(pin), `Forget run ${pin.letter}`),
            ] : [];
            const title = [row.changes ? `${row.changes} changes on the way` : "", row.over].filter((t) => t).join("; ");
            return el("tr", { title }, el("th", { scope: "row" }, ...(pin ? [el("label", { class: "tick" }, box, row.name)] : [row.name]), row.changes ? "*" : ""),
                ...names.map((name) => el("td", { title: row.settings[name] ?? "" }, short(row.settings[name]))),
                el("td", {}, row.epochs.toLocaleString("en")), el("td", {}, row.step.toLocaleString("en")),
                ...figures.map((name) => el("td", {}, figure(last(row, name)))),
                el("td", {}, epoch ? `${figure(least)} (epoch ${epoch.toLocaleString("en")})` : "–"), el("td", {}, el("code", {}, row.digest)), el("td", {}, el("span", { class: "row" }, ...actions)));
        })), ...(rows.some((row) => row.changes) ? [el("tfoot", {}, el("tr", {}, el("td", { colspan: 99, class: "faint" }, "* settings or weights were changed on the way: its settings alone do not give this digest.")))] : []));
    };
    const details = into.closest("details")!;
    let shown = 0;
    let asking = false;
    /** Of a run that pauses the figures of its very weights. */
    const measure = async (): Promise<void> => {
        const state = app.frame?.state, d = app.description;
        if (asking || !state || !d || app.frame!.playing || pins(app).measured?.digest === state.digest) return;
        asking = true;
        try {
            const figures = await allFigures((part) => app.ask<Figures>({ op: "figures", part }), d.rows);
            if (d === app.description && app.frame!.state.digest === state.digest) {
                pins(app).measured = { digest: state.digest, figures };
                show();
            }
        } catch { /* the panel of figures says why there are none */ }
        asking = false;
    };
    const live = (): void => {
        if (!details.open || !pins(app).list.length || table.contains(document.activeElement)) return;
        if (app.frame?.playing && performance.now() - shown < 500) return;
        shown = performance.now();
        show();
        void measure();
    };
    pins(app).on(() => { if (details.open) show(); });
    details.addEventListener("toggle", () => { if (details.open) show(); });
    app.on("open", () => { counted = -1; if (details.open) show(); });
    app.on("frame", live);
    show();
}

/* --- sweeps --- */

/** What may be swept over, with values to begin with. */
function offered(app: App): [string, string][] {
    const words = (kind: string, most: number): string => (app.catalogue[kind] ?? []).slice(0, most).map((word) => word.name).join("; ");
    const loss = app.description?.task === "regression" ? "mean_squared; mean_absolute; huber" : app.description?.outputs === 1 ? "binary_cross_entropy; hinge" : "cross_entropy; kl";
    return [
        ["lr", "0.003; 0.01; 0.03; 0.1; 0.3"], ["net", "linear; 2 tanh; 4 tanh; 4 tanh, 2 tanh; 8 tanh, 8 tanh"], ["activation", "tanh; relu; sigmoid; linear"],
        ["optimizer", "sgd; momentum; rmsprop; adam"], ["batch", "1; 10; 50; all"], ["seed", "1; 2; 3; 4; 5; 6"], ["init", words("init", 8)], ["momentum", "0.5; 0.9; 0.99"],
        ["decay", "0; 0.001; 0.01; 0.1"], ["l1", "0; 0.0001; 0.001; 0.01"], ["max_norm", "1; 2; 4"], ["clip_norm", "0.1; 1; 10"], ["schedule", words("schedule", 6)], ["warmup", "0; 100; 1000"],
        ["data", "builtin:circle; builtin:quadrants; builtin:gauss; builtin:spiral"], ["test", "0.1; 0.5; 0.9"], ["validation", "0; 0.1; 0.3"], ["loss", loss], ["accumulate", "1; 4"],
    ];
}

/** What a net says over the plane: the colours of the page's pictures. */
function paintCell(context: CanvasRenderingContext2D, cell: Cell): void {
    const side = cell.side, values = cell.picture!, image = context.createImageData(side, side), places = side * side;
    const kinds = Math.round(values.length / places), [least, most] = cell.targets, regression = cell.description!.task === "regression";
    const colours = CLASSES.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
    for (let place = 0; place < places; place++) {
        let colour = [0, 0, 0];
        if (kinds === 1) {
            const value = values[place];
            colour = blend(regression ? (most > least ? Math.max(-1, Math.min(1, ((value - least) / (most - least)) * 2 - 1)) : 0) : value * 2 - 1);
        } else
            for (let k = 0; k < kinds; k++) for (let c = 0; c < 3; c++) colour[c] += values[k * places + place] * colours[k % colours.length][c];
        const to = ((side - 1 - Math.floor(place / side)) * side + (place % side)) * 4;
        image.data.set([...colour, 255], to);
    }
    context.putImageData(image, 0, 0);
}

interface Shown { element: HTMLElement; show: () => void }

function shownCell(app: App, cell: Cell, steps: number, said: (sentence: string) => void): Shown {
    const picture = el("canvas", { width: cell.side, height: cell.side, class: "small", role: "img", "aria-label": `What the net says, ${cell.label}` });
    const curve = canvas(104, 84, `Loss curves, ${cell.label}`), text = el("div", { class: "faint" });
    const use = button("Use", async () => {
        if (await takeOver(app, cell.settings, app.files) && cell.state)
            said(`Begun anew with ${cell.label}. Behind step ${cell.state.step.toLocaleString("en")} its digest is to be ${cell.state.digest}.`);
    }, `Begin anew with ${cell.label}`);
    const pin = button("Pin", () => {
        const state = cell.state!, d = cell.description!;
        const done = pins(app).add({ settings: cell.settings, files: new Map(app.files), changes: 0, step: state.step, epochs: state.epochs, stepsAnEpoch: d.stepsAnEpoch,
            digest: state.digest, over: ended(state, cell.settings), figures: cell.figures, series: cell.series });
        said(done ? `Pinned: ${cell.label}.` : `${PINS_MOST} runs are pinned, which is all that may be: remove one first.`);
        pin.disabled = done;
    }, `Keep ${cell.label} among the pinned runs`);
    pin.disabled = true;
    const big = el("button", { type: "button", class: "pictures", title: `Begin anew with ${cell.label}`, onclick: () => use.click() }, picture, curve.element);
    const element = el("div", { class: "cell" }, el("b", {}, cell.label), big, text, el("div", { class: "row" }, use, pin));
    let asked = false;
    const really = (): void => {
        asked = false;
        const context = picture.getContext("2d")!;
        if (cell.picture && cell.description) paintCell(context, cell);
        const lines: Line[] = [];
        PARTS.forEach(({ part, dash }, index) => {
            const series = cell.series.get(`${part}_loss`);
            if (series && series.least <= series.most) lines.push({ name: part, series, colour: partColour(index), dash });
        });
        const small = curve.resize(104, 84), [low, high] = range(lines, false, null);
        small.clearRect(0, 0, 104, 84);
        for (const line of lines) trace(small, line, { left: 2, top: 3, width: 100, height: 78, epochs: Math.max(1, ...lines.map((l) => l.series.count)), low, high, log: false });
        const state = cell.state;
        pin.disabled = pin.disabled && !(cell.done && state && !cell.error);
        use.disabled = big.disabled = cell.error !== "";
        if (cell.error) { text.textContent = cell.error; return; }
        if (!state) { text.textContent = "waits"; return; }
        const part = ["test", "validation", "train"].find((p) => cell.figures[p]), f = part ? cell.figures[part] : null;
        const digits = cell.description?.task === "regression" ? "rmse" : "accuracy";
        const done = f ? `${part} ${digits} ${figure(f[digits])}, loss ${figure(f.loss)}` : `${Math.floor((100 * state.step) / steps)} %`;
        fill(text, done, el("br"), el("code", {}, state.digest), ...(state.diverged ? [el("br"), el("span", { class: "diverged", title: state.message }, `diverged at step ${state.step.toLocaleString("en")}`)] : state.over && state.step < steps ? [el("br"), `ended at step ${state.step.toLocaleString("en")}`] : []));
    };
    const show = (): void => {
        if (asked) return;
        asked = true;
        requestAnimationFrame(really);
    };
    really();
    return { element, show };
}

function sweeps(app: App, into: HTMLElement): void {
    const names = offered(app).map(([name]) => name), example = (name: string): string => offered(app).find(([n]) => n === name)?.[1] ?? "";
    const values = [entry(example("lr"), () => undefined, "sweep.values1", { id: "sweep-values1" }), entry("", () => undefined, "sweep.values2", { id: "sweep-values2", disabled: true })];
    const first = choice(names, "lr", (name) => { values[0].value = example(name); }, "sweep.name1");
    const second = choice([["", "none"], ...names.map((name): [string, string] => [name, name])], "", (name) => {
        values[1].value = example(name);
        values[1].disabled = name === "";
    }, "sweep.name2");
    const count = entry("1000", () => undefined, "sweep.steps", { inputmode: "numeric", size: 8 });
    const bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": "How far the sweep is" }), text = el("p", { role: "status" }), grid = el("div", { class: "cells" });
    let sweep: Sweep | null = null;
    const start = button("Run the sweep", () => void run(), "Trains with each value, in engines of their own; this page's run goes on");
    const stop = button("Cancel", () => sweep?.cancel());
    start.id = "sweep";
    stop.disabled = true;
    into.append(el("p", { class: "faint" }, `The settings as they are, but for one or two of them; at most ${CELLS_MOST} trainings. Separate values by ;`),
        el("div", { class: "pair" }, el("div", {}, labelled("First setting", first), labelled("Its values", values[0])), el("div", {}, labelled("Second setting", second), labelled("Its values", values[1]))),
        el("div", { class: "row" }, labelled("Steps for each", count), start, stop, bar), text, grid);

    const summary = (all: Cell[], steps: number): string => {
        const whole = all.filter((cell) => cell.done && !cell.error && cell.state);
        if (!whole.length) return "None of them came to its end.";
        const same = whole.length > 1 && whole.every((cell) => cell.state!.digest === whole[0].state!.digest);
        if (same) return `All have the same digest after ${steps.toLocaleString("en")} steps: these values make no difference here.`;
        const part = whole[0].figures.validation ? "validation" : whole[0].figures.test ? "test" : "train";
        const loss = (cell: Cell): number => { const value = cell.figures[part]?.loss; return typeof value === "number" && !cell.state!.diverged ? value : Infinity; };
        const winner = whole.reduce((a, b) => (loss(b) < loss(a) ? b : a));
        if (loss(winner) === Infinity) return "None of them has a finite loss.";
        winnerOf = winner;
        return `Least ${part} loss: ${winner.label}, ${figure(loss(winner))}.${part === "test" ? " It was chosen by the test part, so this figure is somewhat too good; with validation above 0 the choice goes by that part." : ""}`;
    };
    let winnerOf: Cell | null = null;
    const run = async (): Promise<void> => {
        let all: Cell[];
        const axes = [{ name: first.value, values: values[0].value }, ...(second.value ? [{ name: second.value, values: values[1].value }] : [])];
        const steps = Number(count.value.split(",").join(""));
        try {
            all = cells(app.settings, axes, steps);
        } catch (error) {
            text.textContent = (error as Error).message;
            return;
        }
        const shown = all.map((cell) => shownCell(app, cell, steps, (sentence) => { text.textContent = sentence; }));
        fill(grid, ...shown.map((s) => s.element));
        grid.style.gridTemplateColumns = axes.length === 2 ? `repeat(${new Set(all.map((c) => c.settings[axes[1].name])).size}, minmax(13.5rem, 1fr))` : "";
        start.disabled = true;
        stop.disabled = bar.hidden = false;
        text.textContent = "";
        winnerOf = null;
        const own = sweep = new Sweep(app, all, steps, (cell) => {
            bar.value = all.reduce((sum, c) => sum + (c.done ? 1 : Math.min(1, (c.state?.step ?? 0) / steps)), 0) / all.length;
            const done = all.filter((c) => c.done).length;
            text.textContent = own.cancelled ? text.textContent : `${done} of ${all.length} done`;
            shown[all.indexOf(cell)].show();
        });
        await own.run();
        text.textContent = own.cancelled ? `Cancelled: ${all.filter((c) => c.done).length} of ${all.length} came to their end.` : summary(all, steps);
        if (winnerOf) shown[all.indexOf(winnerOf)].element.classList.add("chosen");
        start.disabled = false;
        stop.disabled = bar.hidden = true;
    };
}

export const compare: Panel = {
    id: "compare", title: "Compare: pinned runs and sweeps", place: "below",
    mount(app, into) {
        const runs = el("div"), sweep = el("div");
        into.append(el("h3", {}, "Pinned runs"), runs, el("h3", {}, "Sweep"), sweep);
        pinned(app, runs);
        sweeps(app, sweep);
    },
};
