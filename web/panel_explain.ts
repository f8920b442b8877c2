// panel_explain.ts - one example with every number: forwards, backwards, the update, as they are now.
import type { App } from "./app";
import { button, choice, el, fill, labelled } from "./dom";
import type { Panel } from "./panel";
import type { CallAnswer } from "./protocol";
import { chosenRow, Row } from "./selection";

/** The engine's markup, of which only elements that hold text, tables and formulas are taken over. */
export function markup(text: string): Node[] {
    const parsed = new DOMParser().parseFromString(text, "text/html");
    for (const element of parsed.body.querySelectorAll("*")) {
        const name = element.tagName.toLowerCase();
        const fine = /^(div|style|h2|h3|p|pre|code|b|table|tbody|tr|th|td)$/.test(name) || element.namespaceURI === "http://www.w3.org/1998/Math/MathML";
        if (!fine) element.remove();
        for (const attribute of [...element.attributes])
            if (!/^(class|scope|displaystyle|alttext|mathvariant|stretchy|fence|separator|form|lspace|rspace|accent|columnalign|rowspacing|columnspacing|linethickness|width)$/.test(attribute.name)) element.removeAttribute(attribute.name);
    }
    return [...parsed.body.childNodes].map((node) => document.importNode(node, true));
}

const DEPTHS: [string, string][] = [["1", "a line for each quantity"], ["2", "a line for each number, long lists shortened"], ["3", "a line for each number"], ["4", "each product too"]];
const WHAT: [string, string][] = [["all", "the whole step"], ["forward", "forward"], ["backward", "backward"], ["update", "update"], ["predict", "the answer alone"]];
const DIGITS: [string, string][] = [["4", "4 figures"], ["5", "5 figures"], ["6", "6 figures"], ["7", "7 figures"]];

class Explainer {
    private busy = false;
    private again = false;
    private shown = "";
    readonly out = el("div", { id: "explanation", tabindex: 0, role: "region", "aria-label": "The step with its numbers" });
    readonly said = el("output", { id: "explain-said", class: "faint", "aria-live": "polite" });
    readonly part: HTMLSelectElement = choice([["train", "training"], ["validation", "validation"], ["test", "test"]], "train", () => this.to(0), "explain-part");
    readonly row: HTMLInputElement = el("input", { type: "number", name: "explain-row", min: 1, value: 1, onchange: () => this.to(Number(this.row.value) - 1) });
    readonly rows: HTMLInputElement = el("input", { type: "number", name: "explain-rows", min: 1, max: 1000, value: 1, onchange: () => this.want() });
    readonly depth = choice(DEPTHS, "2", () => this.want(), "explain-depth");
    readonly what = choice(WHAT, "all", () => this.want(), "explain-what");
    readonly digits = choice(DIGITS, "5", () => this.want(), "explain-digits");

    constructor(private readonly app: App, private readonly visible: () => boolean) {
        this.depth.setAttribute("aria-label", "How detailed");
        this.what.setAttribute("aria-label", "Which part");
        this.digits.setAttribute("aria-label", "Figures");
    }

    /** To row `at` from 0 of the chosen part. */
    to(at: number): void {
        const have = this.app.description?.rows[this.part.value as Row["part"]] ?? 0;
        const row = have ? ((Math.floor(Number.isFinite(at) ? at : 0) % have) + have) % have : 0;
        this.row.value = String(row + 1);
        this.row.max = String(have);
        chosenRow.set({ part: this.part.value as Row["part"], row });
        this.want();
    }
    take(row: Row | null): void {
        if (!row) return;
        this.part.value = row.part;
        this.row.value = String(row.row + 1);
        this.want();
    }
    opened(): void {
        const rows = this.app.description!.rows;
        for (const option of this.part.options) option.disabled = rows[option.value as Row["part"]] === 0;
        if (!rows[this.part.value as Row["part"]]) this.part.value = "train";
        this.row.max = String(rows[this.part.value as Row["part"]]);
        if (Number(this.row.value) > rows[this.part.value as Row["part"]]) this.row.value = "1";
        this.shown = "";
        this.want();
    }

    /** Shows it as it is now; while one is made no other is begun. */
    want(): void {
        if (!this.visible() || !this.app.description) return;
        if (this.busy) { this.again = true; return; }
        void this.make();
    }
    private async make(): Promise<void> {
        const words = `${this.part.value} ${this.what.value} html`;
        const numbers = [Number(this.row.value) - 1, Math.max(1, Number(this.rows.value) || 1), Number(this.depth.value), Number(this.digits.value)];
        const state = this.app.frame?.state.digest ?? "";
        const key = JSON.stringify([words, numbers, state]);
        if (key === this.shown) return;
        this.busy = true;
        try {
            const answer = await this.app.ask<CallAnswer>({ op: "call", name: "slope_explain", text: words, numbers });
            const top = this.out.scrollTop;
            fill(this.out, ...markup(answer.answer));
            this.out.scrollTop = top;
            this.said.textContent = `${answer.numbers[0].toLocaleString("en")} lines of arithmetic, each computed again from the figures that stand there.`;
        } catch (error) {
            fill(this.out);
            this.said.textContent = this.people((error as Error).message);
        }
        this.shown = key;
        this.busy = false;
        if (this.again) {
            this.again = false;
            this.want();
        }
    }
    /** The engine's sentences name options of the command line. */
    private people(sentence: string): string {
        return sentence.replace(/--depth ([1-4])/g, (_, depth: string) => `"${DEPTHS[Number(depth) - 1][1]}"`);
    }
}

export const explainPanel: Panel = {
    id: "explain-panel", title: "Step through: every number of one example", place: "below",
    mount(app, into) {
        const details = into.closest("details");
        const explainer = new Explainer(app, () => !details || details.open);
        const step = button("Train one step", () => void app.steps(1), "One step of the training, of a whole batch; then the numbers again");
        step.id = "explain-step";
        const move = (by: number): void => explainer.to(Number(explainer.row.value) - 1 + by);
        into.append(
            el("p", { class: "faint" }, "What a step of training on this row alone computes: from the inputs to the loss, back to every gradient, and where each weight goes. A copy of the weights is used, so your training does not notice."),
            el("div", { class: "row" }, button("Previous row", () => move(-1)), button("Next row", () => move(1)),
                labelled("rows of", explainer.part), labelled("row", explainer.row), labelled("rows at once", explainer.rows, "A batch from this row on")),
            el("div", { class: "row" }, explainer.what, explainer.depth, explainer.digits, step),
            explainer.said, explainer.out);
        details?.addEventListener("toggle", () => explainer.want());
        app.on("open", () => explainer.opened());
        chosenRow.on((row) => explainer.take(row));
        let last = 0;
        app.on("frame", (frame) => {
            const now = performance.now();
            if (frame.playing && now - last < 500) return; // to be read, not to flicker
            last = now;
            explainer.want();
        });
    },
};
