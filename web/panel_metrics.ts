// panel_metrics.ts - every figure of each part, the confusion matrix, and what a step costs.
import { PARTS } from "./chart";
import { button, choice, el, figure, fill, labelled } from "./dom";
import { dark } from "./palette";
import type { Panel } from "./panel";
import { allFigures, pins } from "./pins";
import type { Figures } from "./protocol";

const FIRST = ["accuracy", "r2", "rmse", "mae", "loss", "playground_loss", "auc", "macro_f1", "majority_accuracy", "mean_rmse"];
const QUIET = 400; // ms between two measurings while it trains, at least
const LARGE = 4e9; // FLOPs that are spent only when asked for
const SHARE = 20;  // and they take one of so many milliseconds

/** What a figure is, where the catalogue does not say. */
const WORDS: Record<string, string> = {
    loss: "the loss that is trained by, without penalties",
    playground_loss: "the loss in TensorFlow Playground's units: the mean of 0.5 (o - t)^2 with o = 2p - 1 and t = -1 or 1, which is twice the Brier score",
    rows: "how many were measured",
    majority_accuracy: "what an answer that is always the most frequent class would have",
    mean_rmse: "what an answer that is always the mean would have",
};

/** [truth][prediction] as a table; darker is a larger share of the truth's rows. */
export function confusion(matrix: number[][], classes: string[]): HTMLElement {
    const name = (index: number): string => classes[index] ?? String(index);
    const blue = dark() ? "86 180 233" : "0 114 178";
    const head = el("tr", {}, el("th", { scope: "col" }, "truth \\ answer"), ...matrix.map((_, i) => el("th", { scope: "col" }, name(i))));
    const rows = matrix.map((row, truth) => {
        const all = row.reduce((sum, n) => sum + n, 0);
        return el("tr", {}, el("th", { scope: "row" }, name(truth)), ...row.map((count, said) => {
            const share = all ? count / all : 0;
            return el("td", {
                class: truth === said ? "right" : "", style: `background: rgb(${blue} / ${(share * 0.55).toFixed(3)})`,
                title: `${count} of ${all} rows of ${name(truth)} are taken for ${name(said)} (${figure(share * 100)} %)`,
            }, String(count));
        }));
    });
    return el("table", { class: "confusion" }, el("thead", {}, head), el("tbody", {}, ...rows));
}

export const metrics: Panel = {
    id: "metrics", title: "Figures", place: "right",
    mount(app, into) {
        const main = el("table", { class: "figures" }), more = el("table", { class: "figures" });
        const rest = el("details", {}, el("summary", {}, "All figures"), more);
        const matrix = el("div", { class: "matrix" }), cost = el("table", { class: "figures" }), trouble = el("p", { class: "faint" });
        let part = "test";
        const select = choice(PARTS.map((p) => p.part), part, (word) => {
            part = word;
            show();
        }, "confusion.part");
        const which = labelled("Confusion matrix of", select);
        const spent = el("details", { open: true }, el("summary", {}, "What it costs"), cost);
        into.append(main, trouble, which, matrix, rest, spent);

        let largeAsked = false, figures: Record<string, Figures> = {}, measured = "", asking = false, last = 0, took = 0, seen = true, shownDark = dark();
        new IntersectionObserver((entries) => {
            seen = entries[entries.length - 1].isIntersecting;
            wish();
        }).observe(into);

        const title = (name: string): string => {
            const word = (app.catalogue.metric ?? []).find((w) => w.name === name);
            return word ? `${word.summary}: ${word.formula}` : WORDS[name] ?? name;
        };
        const table = (names: string[], parts: string[]): HTMLElement[] => [
            el("thead", {}, el("tr", {}, el("th", {}, ""), ...parts.map((p) => el("th", { scope: "col" }, p)))),
            el("tbody", {}, ...names.map((name) => el("tr", {}, el("th", { scope: "row", title: title(name) }, name.split("_").join(" ")),
                ...parts.map((p) => el("td", {}, figure(figures[p][name])))))),
        ];
        const show = (): void => {
            const parts = Object.keys(figures);
            if (!parts.length) return;
            const names = [...new Set(parts.flatMap((p) => Object.keys(figures[p]).filter((name) => name !== "confusion")))];
            const some = FIRST.filter((name) => names.includes(name));
            fill(main, ...table(some, parts));
            fill(more, ...table([...names.filter((name) => !some.includes(name))], parts));
            for (const option of Array.from(select.options)) option.disabled = !parts.includes(option.value);
            if (!parts.includes(part)) part = parts[parts.length - 1];
            select.value = part;
            const kinds = figures[part].confusion;
            which.hidden = matrix.hidden = kinds.length === 0;
            if (kinds.length) fill(matrix, confusion(kinds, app.description?.classes ?? []));
            shownDark = dark();
        };
        const measure = async (): Promise<void> => {
            const description = app.description, digest = app.frame!.state.digest, begin = performance.now();
            if (!description) return;
            asking = true;
            try {
                const found = await allFigures((p) => app.ask<Figures>({ op: "figures", part: p }), description.rows);
                if (description === app.description) {
                    figures = found;
                    if (description.classes.length === 2)
                        for (const of of Object.values(found)) if (typeof of.brier === "number") of.playground_loss = 2 * of.brier;
                    measured = digest;
                    pins(app).measured = { digest, figures };
                    trouble.textContent = "";
                    show();
                }
            } catch (error) {
                measured = digest; // not again and again
                fill(main);
                fill(more);
                fill(matrix);
                trouble.textContent = (error as Error).message;
            }
            asking = false;
            last = performance.now();
            took = last - begin;
            wish();
        };
        const wish = (): void => {
            const frame = app.frame;
            if (asking || !frame || !app.description || frame.state.digest === measured) return;
            if (frame.playing && !seen) return;
            const d = app.description;
            if (d.flops * (d.rows.train + d.rows.validation + d.rows.test) > LARGE && !largeAsked) {
                fill(main, button("Measure (takes a while)", () => { largeAsked = true; wish(); }));
                return;
            }
            largeAsked = false;
            if (frame.playing && performance.now() - last < Math.max(QUIET, SHARE * took)) return; // the next frame asks again
            void measure();
        };

        let costAt = 0;
        const tellCost = (): void => {
            const d = app.description, frame = app.frame;
            if (!d || !spent.open || performance.now() - costAt < 250) return;
            costAt = performance.now();
            const step = 3 * d.flops * d.batch, epoch = 3 * d.flops * d.rows.train, pace = frame?.stepsPerSecond ?? 0;
            const row = (name: string, text: string, why: string): HTMLElement => el("tr", {}, el("th", { scope: "row", title: why }, name), el("td", {}, text));
            fill(cost, el("tbody", {},
                row("parameters", d.parameters.toLocaleString("en"), "weights and biases that are trained"),
                row("rows: train, validation, test", `${d.rows.train}, ${d.rows.validation}, ${d.rows.test}`, "after splitting"),
                row("steps an epoch", d.stepsAnEpoch.toLocaleString("en"), `batches of ${d.batch} rows`),
                row("steps a second", pace > 0 ? Math.round(pace).toLocaleString("en") : "–", "lately, in the engine alone"),
                row("ms an epoch", pace > 0 ? figure((d.stepsAnEpoch / pace) * 1000) : "–", "lately, in the engine alone"),
                row("FLOPs a row, forward", d.flops.toLocaleString("en"), "the products of all layers: a multiplication and an addition are two"),
                row("FLOPs a step", step.toLocaleString("en"), "3 times a row forward (backward counts twice) times the rows of a batch; loss, activations and the update are not counted"),
                row("FLOPs an epoch", epoch.toLocaleString("en"), "3 times a row forward times the train rows"),
                row("million FLOPs a second", pace > 0 ? figure((step * pace) / 1e6) : "–", "FLOPs a step times steps a second")),
            el("caption", {}, "FLOPs of a step: three times those of its rows forward, as backward takes about twice as many."));
        };
        spent.addEventListener("toggle", () => { costAt = 0; tellCost(); });
        app.on("open", () => {
            figures = {};
            measured = "";
            last = 0;
        });
        app.on("frame", (frame) => {
            if (shownDark !== dark()) show();
            wish();
            if (!frame.playing) costAt = 0;
            tellCost();
        });
    },
};
