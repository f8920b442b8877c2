// panel_formulas.ts - the formulas of this net, loss and optimizer with the numbers of one weight and one row, as they are now.
import type { App } from "./app";
import { choice, el, fill, figure, labelled } from "./dom";
import type { Panel } from "./panel";
import { markup } from "./panel_explain";
import type { CallAnswer, Layer } from "./protocol";
import { chosenRow } from "./selection";

/** Lines of an explanation: what = how = how much. */
type Lines = Map<string, { how: string; value: string }>;

function lines(html: string): Lines {
    const found: Lines = new Map(), inside = el("div", {}, ...markup(html));
    for (const row of inside.querySelectorAll(".lines tr")) {
        const cell = (selector: string): string => (row.querySelector(selector)?.textContent ?? "").trim().replace(/^= /, "");
        found.set(cell("th"), { how: cell("td.f"), value: cell("td.v") });
    }
    return found;
}

class Formulas {
    private busy = false;
    private again = false;
    private shown = "";
    readonly layer: HTMLSelectElement = el("select", { name: "formula-layer", onchange: () => { this.units(); this.want(); } });
    readonly to: HTMLInputElement = el("input", { type: "number", name: "formula-to", min: 0, value: 0, onchange: () => this.want() });
    readonly from: HTMLInputElement = el("input", { type: "number", name: "formula-from", min: 0, value: 0, onchange: () => this.want() });
    readonly digits = choice([["4", "4 figures"], ["5", "5 figures"], ["7", "7 figures"]], "4", () => this.want(), "formula-digits");
    readonly said = el("output", { class: "faint", id: "formula-said", "aria-live": "polite" });
    readonly out = el("div", { id: "formulas", class: "wide" });

    constructor(private readonly app: App, private readonly visible: () => boolean) { this.digits.setAttribute("aria-label", "Figures"); }

    private dense(): Layer[] { return (this.app.description?.layers ?? []).filter((l) => l.type === "dense" && l.params.length > 0); }

    opened(): void {
        const before = this.layer.value, layers = this.dense();
        this.layer.replaceChildren(...layers.map((l, i) => el("option", { value: String(i) }, l.name)));
        this.layer.value = layers[Number(before)] ? before : "0";
        this.units();
        this.shown = "";
        this.want();
    }
    private units(): void {
        const layer = this.dense()[Number(this.layer.value)];
        if (!layer) return;
        const [out, inputs] = layer.params[0].shape;
        this.to.max = String(out - 1);
        this.from.max = String(inputs - 1);
        if (Number(this.to.value) >= out) this.to.value = "0";
        if (Number(this.from.value) >= inputs) this.from.value = "0";
    }

    want(): void {
        if (!this.visible() || !this.app.description) return;
        if (this.busy) { this.again = true; return; }
        void this.make();
    }
    private async make(): Promise<void> {
        const row = chosenRow.value ?? { part: "train", row: 0 }, at = Number(this.layer.value);
        const clamp = (input: HTMLInputElement): number => Math.max(0, Math.min(Number(input.max), Math.floor(Number(input.value) || 0)));
        const to = clamp(this.to), from = clamp(this.from), key = JSON.stringify([row, at, to, from, this.digits.value, this.app.frame?.state.digest]);
        if (key === this.shown) return;
        this.busy = true;
        try {
            const answer = await this.app.ask<CallAnswer>({ op: "call", name: "slope_explain", text: `${row.part} all html`, numbers: [row.row, 1, 3, Number(this.digits.value)] });
            this.show(lines(answer.answer), at, to, from, row);
        } catch (error) {
            fill(this.out);
            this.said.textContent = (error as Error).message;
        }
        this.shown = key;
        this.busy = false;
        if (this.again) {
            this.again = false;
            this.want();
        }
    }

    private formula(kind: string, text: string): string {
        const name = text.split(" ")[0];
        return this.app.catalogue[kind]?.find((word) => word.name === name)?.formula ?? name;
    }

    private show(all: Lines, at: number, to: number, from: number, row: { part: string; row: number }): void {
        const d = this.app.description!, layers = this.dense(), layer = layers[at], k = at + 1, last = at === layers.length - 1;
        if (!layer) { fill(this.out, el("p", {}, "This net has no dense layer.")); return; }
        const weight = `W${k}[${to},${from}]`, z = [`z${k}[${to}]`, `z_out[${to}]`, `y_hat[${to}]`, `p[${to}]`].find((name) => all.has(name)) ?? "";
        const body = el("tbody");
        const put = (what: string, formula: string, names: string[]): void => {
            const there = names.filter((name) => all.has(name));
            if (!there.length) return;
            const numbers = el("td", { class: "f" });
            for (const name of there) {
                const line = all.get(name)!;
                numbers.append(el("div", {}, `${name} = ${line.how ? `${line.how} = ` : ""}`, el("b", {}, line.value)));
            }
            body.append(el("tr", {}, el("th", { scope: "row" }, what), el("td", { class: "f" }, formula), numbers));
        };
        put(`${layer.name}: what unit ${to} adds up`, "z = W x + b", [z]);
        if (layer.activation && layer.activation !== "identity") put(`its activation, ${layer.activation}`, this.formula("activation", layer.activation), [`a${k}[${to}]`, ...(last ? ["y_hat[0]"] : [])]);
        put(`loss, ${d.loss}`, this.formula("loss", d.loss), [...all.keys()].filter((name) => /^(p|log_p|l)\[\d+\]$/.test(name)).slice(0, 6).concat("L"));
        put("back to the sum", last ? "dL/dz of the loss" : "dL/dz = dL/da da/dz", [`dL/da${k}[${to}]`, `da${k}/dz${k}[${to}]`, `dL/dz${k}[${to}]`, ...(last ? [`dL/dz_out[${to}]`, `dL/dy_hat[${to}]`, `dL/dp[${to}]`] : [])]);
        put("gradient of this weight", "dL/dw = dL/dz times what came in", [`dL/d${weight}`]);
        put(`update, ${d.optimizer}`, this.formula("optimizer", d.optimizer), [...all.keys()].filter((name) => name.endsWith(` of ${weight}`)).concat(weight));
        const param = layer.params[0], now = this.app.frame?.weights[param.at + to * param.shape[1] + from];
        fill(this.out, el("table", {}, el("thead", {}, el("tr", {}, ...["", "formula", "now"].map((t) => el("th", { scope: "col" }, t)))), body));
        const gathers = all.size && [...all.keys()].some((name) => name.endsWith(` of ${weight}`)) ? ` ${d.optimizer} begins anew here, as in its first step.` : "";
        this.said.textContent = `Weight ${weight} is ${figure(now)} behind step ${this.app.frame?.state.step ?? 0}; a step on ${row.part} row ${row.row + 1} alone would take it to ${all.get(weight)?.value.replace(/^= /, "") ?? "the same"}.${gathers}`;
    }
}

export const formulasPanel: Panel = {
    id: "formulas-panel", title: "Formulas with live numbers", place: "below",
    mount(app, into) {
        const details = into.closest("details"), formulas = new Formulas(app, () => !details || details.open);
        into.append(
            el("p", { class: "faint" }, "One weight and one row: each formula of this net with the numbers that it has at this step. Choose a row in the step-through or in the picture."),
            el("div", { class: "row" }, labelled("layer", formulas.layer), labelled("to unit", formulas.to), labelled("from input", formulas.from), formulas.digits),
            formulas.said, formulas.out);
        details?.addEventListener("toggle", () => formulas.want());
        app.on("open", () => formulas.opened());
        chosenRow.on(() => formulas.want());
        let last = 0;
        app.on("frame", (frame) => {
            const now = performance.now();
            if (frame.playing && now - last < 300) return;
            last = now;
            formulas.want();
        });
    },
};
