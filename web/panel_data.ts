// panel_data.ts - what is learned from: the built-in sets, how they are parted, features, one's own table, drawn points.
import type { App } from "./app";
import { group, optionField, redraw, tried } from "./controls";
import { button, canvas, el, entry, labelled } from "./dom";
import { OwnTable } from "./data_own";
import { FEATURES, joinBasis, splitBasis } from "./features";
import { OF_A_TABLE, forgetInLink } from "./own";
import { Pad } from "./pad";
import { blended, classColour, dark } from "./palette";
import type { Panel } from "./panel";
import type { Description, Option, Settings, Word } from "./protocol";
import { rowsOf } from "./table";

const THUMB = 42;
interface Look { task: string; inputs: number; points: Float32Array }

class DataPanel {
    private readonly said = el("p", { class: "refused", hidden: true });
    private readonly sets = el("div", { class: "sets", role: "group", "aria-label": "Data sets" });
    private readonly options = el("div");
    private readonly looks = new Map<string, Look>();
    private readonly kept = new Map<string, string>(); // each set as it was left
    private readonly own: OwnTable;
    private readonly pad: Pad;
    private isDark = dark();

    constructor(private readonly app: App, into: HTMLElement) {
        this.own = new OwnTable(app, this.said);
        this.pad = new Pad((csv) => void this.drawn(csv));
        const draw = group("draw", "Draw points", this.pad.element);
        into.append(this.sets, this.options, this.said, draw, group("own", "Your own table", this.own.element),
            el("p", { class: "faint" }, "Data never leave this page: nothing is sent anywhere. A small table travels in the page's address, so whoever gets a link from you gets it too."));
        draw.addEventListener("toggle", () => this.pad.draw());
        app.on("settings", () => this.show());
        app.on("open", () => this.show());
        app.on("frame", () => {
            if (this.isDark === dark()) return;
            this.isDark = dark();
            this.showSets();
            this.pad.draw();
        });
        app.on("linked", () => {
            this.own.fromLink();
            if (this.own.table?.name === "drawn.csv") this.pad.take(rowsOf(this.own.table.bytes));
            setTimeout(() => void this.look(), 300);
        });
    }

    private words(): Word[] { return this.app.catalogue.data ?? []; }

    /** What each set looks like, by an engine that goes again. */
    private async look(): Promise<void> {
        if (this.looks.size) return;
        const remote = this.app.makeRemote();
        try {
            await remote.ready;
            for (const word of this.words()) {
                const few = ["rows", "test_rows"].filter((name) => word.options.some((o) => o.name === name)).map((name) => `${name}=120`).join("&");
                try {
                    const d = await remote.ask<Description>({ op: "open", settings: { data: `builtin:${word.name}${few ? `?${few}` : ""}`, net: "linear", validation: "0", epochs: "1" } });
                    this.looks.set(word.name, { task: d.task, inputs: d.features, points: await remote.ask<Float32Array>({ op: "points" }) });
                } catch { /* a set that cannot be opened so has no picture */ }
            }
        } catch { /* without pictures the names remain */ }
        remote.end();
        this.showSets();
    }

    private chosen(): { name: string; values: Record<string, string> } | null {
        const text = /^builtin:([a-z_0-9]+)(?:\?(.*))?$/.exec(this.app.settings.data ?? "");
        if (!text) return null;
        const values: Record<string, string> = {};
        for (const part of (text[2] ?? "").split("&")) if (part.includes("=")) values[part.slice(0, part.indexOf("="))] = part.slice(part.indexOf("=") + 1);
        return { name: text[1], values };
    }

    private picture(word: Word): HTMLElement[] {
        const look = this.looks.get(word.name);
        if (!look || look.inputs !== 2) return [];
        const { element, resize } = canvas(THUMB, THUMB, "");
        element.setAttribute("aria-hidden", "true");
        const g = resize(THUMB, THUMB), p = look.points;
        let reach = 1e-9, most = 1e-9;
        for (let i = 0; i < p.length; i += 5) {
            reach = Math.max(reach, Math.abs(p[i]), Math.abs(p[i + 1]));
            most = Math.max(most, Math.abs(p[i + 2]));
        }
        const radius = p.length < 50 ? 3.5 : 1.6;
        const [left, right] = reach < 3 && Math.min(...p.filter((_, i) => i % 5 < 2)) > -1.5 ? [-1.3, 2.3] : [-reach * 1.08, reach * 1.08];
        for (let i = 0; i < p.length; i += 5) {
            g.fillStyle = look.task === "classification" ? classColour(p[i + 2]) : blended(p[i + 2] / most);
            g.beginPath();
            g.arc((p[i] - left) / (right - left) * THUMB, THUMB - (p[i + 1] - left) / (right - left) * THUMB, radius, 0, 7);
            g.fill();
        }
        return [element];
    }

    private showSets(): void {
        const chosen = this.chosen();
        const flat = (word: Word): boolean => (this.looks.get(word.name)?.inputs ?? 2) === 2;
        const words = [...this.words()].sort((a, b) => Number(flat(b)) - Number(flat(a)));
        redraw(this.sets, ...words.map((word) => {
            const look = this.looks.get(word.name);
            const b = button(word.name, () => void this.choose(word), `${word.summary}${look ? ` (${look.task}, ${look.inputs} input${look.inputs === 1 ? "" : "s"})` : ""}`);
            b.name = `set.${word.name}`;
            b.className = "set";
            b.setAttribute("aria-pressed", String(chosen?.name === word.name));
            b.prepend(...this.picture(word));
            return b;
        }));
    }

    private async choose(word: Word): Promise<void> {
        const now = this.chosen();
        if (now) this.kept.set(now.name, this.app.settings.data);
        const has = (name: string): boolean => word.options.some((o) => o.name === name);
        const look = this.looks.get(word.name), d = this.app.description;
        const some: Settings = { data: this.kept.get(word.name) ?? `builtin:${word.name}` };
        for (const name of Object.keys(OF_A_TABLE)) if (this.app.settings[name]) some[name] = "";
        if (look && d && look.task === d.task && this.app.settings.loss) delete some.loss; // still fits
        const parted = has("rows") && !has("test_rows"); // others have their own test part, or too few rows for one
        if (!parted && this.app.settings.test) some.test = "";
        if (parted && !this.app.settings.test) some.test = "0.5";
        if (look && look.inputs !== 2) {
            const { terms, rest } = splitBasis(this.app.settings.net ?? "");
            if (terms) some.net = joinBasis(null, rest);
        }
        if (await tried(this.app, some, this.said)) forgetInLink(this.app);
    }

    private setOptions(word: Word, values: Record<string, string>): HTMLElement[] {
        return word.options.map((option: Option) => optionField(option, values[option.name] ?? "", (value) => {
            const all = { ...values, [option.name]: value };
            const text = Object.entries(all).filter(([, v]) => v !== "").map(([name, v]) => `${name}=${v}`).join("&");
            void tried(this.app, { data: `builtin:${word.name}${text ? `?${text}` : ""}` }, this.said);
        }, `data.${option.name}`));
    }

    private parts(): HTMLElement[] {
        const d = this.app.description!, s = this.app.settings;
        const test = Number(s.test || "0");
        const shown = el("output", {}, "");
        const slider: HTMLInputElement = el("input", {
            type: "range", min: 0, max: 90, step: 5, name: "test", "aria-label": "Share of test rows in percent",
            oninput: () => { shown.textContent = `${slider.value} %`; },
            onchange: () => void tried(this.app, { test: slider.value === "0" ? "" : String(Number(slider.value) / 100) }, this.said),
        });
        slider.value = String(Number.isFinite(test) ? test * 100 : 0);
        shown.textContent = `${Math.round(Number.isFinite(test) ? test * 100 : 0)} %`;
        const rows = [`${d.rows.train} to train`, d.rows.validation ? `${d.rows.validation} to validate` : "", d.rows.test ? `${d.rows.test} to test` : "no test rows"];
        return [
            labelled("Test rows", el("span", { class: "pair" }, slider, shown), "--test: share of the rows that the net never learns from; 0: none, or the set's own test part"),
            labelled("Validation", entry(s.validation ?? "", (text) => void tried(this.app, { validation: text }, this.said), "validation", { placeholder: "0.1", inputmode: "decimal", size: "6" }),
                "--validation: share of the training rows by which the best epoch is chosen; 0: none; empty: 0.1 of 50 rows and more"),
            labelled("Learn from", entry(s.rows ?? "", (text) => void tried(this.app, { rows: text }, this.said), "rows", { placeholder: "all", size: "6" }),
                "--rows: so many of the training rows, or (at most 1) that share of them"),
            el("p", { class: "faint" }, `${rows.filter(Boolean).join(", ")}.`),
        ];
    }

    private features(): HTMLElement[] {
        const d = this.app.description!;
        if (d.inputs.length !== 2 || d.features !== 2 || !this.app.catalogue.layer?.some((w) => w.name === "basis")) return [];
        const { terms, rest } = splitBasis(this.app.settings.net ?? "");
        const on = terms ?? ["x1", "x2"];
        const others = on.filter((term) => !FEATURES.some(([known]) => known === term));
        const scaled = d.columns.length > 0 && this.app.settings.numbers !== "raw";
        const boxes = FEATURES.map(([term, name]) => {
            const b = button(name, () => {
                const next = FEATURES.map(([t]) => t).filter((t) => (t === term ? !on.includes(t) : on.includes(t))).concat(others);
                if (!next.length) {
                    this.said.hidden = false;
                    this.said.textContent = "A net wants at least one feature.";
                    return;
                }
                void tried(this.app, { net: joinBasis(next, rest) }, this.said);
            }, `Feature ${term}: x1 is ${d.inputs[0]}, x2 is ${d.inputs[1]}${scaled ? ", standardised" : ""}`);
            b.name = `feature.${term}`;
            b.setAttribute("aria-pressed", String(on.includes(term)));
            return b;
        });
        return [el("h3", {}, "Features"), el("div", { class: "row features", role: "group", "aria-label": "Features" }, ...boxes),
            ...(others.length ? [el("p", { class: "faint" }, `and ${others.join(", ")}`)] : [])];
    }

    private show(): void {
        if (!this.app.description) return;
        this.showSets();
        const chosen = this.chosen(), word = this.words().find((w) => w.name === chosen?.name);
        const about = word ? [el("p", { class: "faint" }, `${word.summary}. `), ...this.setOptions(word, chosen!.values)]
            : [el("p", { class: "faint" }, `The table ${this.app.ui.file ?? this.app.settings.data ?? ""}.`)];
        redraw(this.options, ...about, ...this.parts(), ...this.features());
        this.own.show();
    }

    private async drawn(csv: string | null): Promise<void> {
        if (csv) await this.own.take("drawn.csv", new TextEncoder().encode(csv), { numbers: "raw", ...(this.own.table?.name === "drawn.csv" && this.chosen() === null ? {} : { test: "" }) });
    }
}

export const dataPanel: Panel = {
    id: "data", title: "Data", place: "left",
    mount(app, into) { new DataPanel(app, into); },
};
