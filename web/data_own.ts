// data_own.ts - the part of the data panel for one's own table: in by file, drop or paste; columns; components.
import type { App } from "./app";
import { redraw } from "./controls";
import { button, choice, el, entry, figure, labelled } from "./dom";
import { splitBasis, joinBasis } from "./features";
import { OF_A_TABLE, PATH, Table, openTable, tableInMemory, tableOf, waitNoMore, waitsFor } from "./own";
import { components } from "./pca";
import type { Settings } from "./protocol";
import { START } from "./settings";
import { fingerprint, quotedField, rowsOf } from "./table";

const WORDS: [string, string][] = [["", "as found"], ["ignore", "ignore"], ["number", "number"], ["category", "category"], ["boolean", "boolean"], ["date", "date"],
    ["text", "text"], ["standard", "standard"], ["log", "log"], ["quantile", "quantile"], ["raw", "raw"], ["one_hot", "one_hot"]];
const SHOWN = 100; // columns
const MANY = 200;  // for components

export class OwnTable {
    readonly element = el("div");
    table: Table | null = null;
    private open = false;                // it is what is trained on
    private readonly inside = el("div");
    private readonly remark = el("p", { class: "faint", "aria-live": "polite" });
    private readonly paste = el("textarea", { rows: 4, name: "paste", "aria-label": "A table as text", placeholder: "x,y,label\n1.5,2,a\n...", spellcheck: "false" });

    constructor(private readonly app: App, private readonly said: HTMLElement) {
        const file: HTMLInputElement = el("input", {
            type: "file", name: "file", "aria-label": "A table from a file", accept: ".csv,.tsv,.txt,.gz,text/csv,text/plain",
            onchange: () => {
                const chosen = file.files?.[0];
                if (chosen) void this.take(chosen.name, chosen);
                file.value = "";
            },
        });
        const use = button("Take this text", () => void this.take("pasted.csv", new TextEncoder().encode(this.paste.value)), "Learns from the table in the field");
        this.element.append(
            el("p", { class: "faint" }, "Choose a file, drop it anywhere on this page, or paste it: a line of names, then rows; comma, semicolon or tab. The last column is the target, unless you choose another."),
            file, this.paste, el("div", { class: "row" }, use), this.remark, this.inside);
        this.drops();
    }

    private drops(): void {
        const root = document.documentElement;
        const files = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
        window.addEventListener("dragover", (event) => {
            if (!files(event)) return;
            event.preventDefault();
            root.dataset.drop = "yes";
        });
        window.addEventListener("dragleave", (event) => { if (!event.relatedTarget) delete root.dataset.drop; });
        window.addEventListener("drop", (event) => {
            if (!files(event)) return;
            event.preventDefault();
            delete root.dataset.drop;
            const all = event.dataTransfer!.files;
            if (all.length) void this.take(all[0].name, all[0], {}, all.length > 1 ? `Of ${all.length} files the first was taken.` : "");
        });
    }

    private refuse(sentence: string): void {
        this.said.hidden = false;
        this.said.textContent = sentence;
        this.app.tell("problem", sentence);
    }

    /** A new table, by the target in its last column. */
    async take(name: string, source: Blob | Uint8Array, also: Settings = {}, remark = "", all = false): Promise<void> {
        const table = await tableOf(name, source, all || waitsFor()?.link.ui.rows === "all").catch(() => `${name} cannot be read: is it a file?`);
        if (typeof table === "string") return this.refuse(table);
        if (this.element.parentElement instanceof HTMLDetailsElement && name !== "drawn.csv") this.element.parentElement.open = true;
        const waiting = waitsFor();
        if (waiting && name !== "drawn.csv" && (await this.takeForLink(table, waiting.print))) return;
        table.said = [remark, table.said].filter(Boolean).join(" ");
        const same = name === "drawn.csv" && this.open && this.table?.name === name;
        const some: Settings = same ? { numbers: "raw" } : { ...OF_A_TABLE, ...also };
        const { terms, rest } = splitBasis(this.app.settings.net ?? "");
        if (terms && name !== "drawn.csv") some.net = joinBasis(null, rest);
        if (!same && table.rows >= 20 && !("test" in also) && !this.app.settings.test) some.test = "0.5";
        if (!same && table.rows < 20 && this.app.settings.test) some.test = "";
        await this.attempt(table, some);
    }

    private async takeForLink(table: Table, print: string): Promise<boolean> {
        const { link } = waitsFor()!;
        if (print && fingerprint(table.whole) !== print) {
            table.said = "This is another file than the link's: its settings were not taken.";
            waitNoMore();
            return false;
        }
        waitNoMore();
        await this.app.file(PATH, table.bytes);
        const done = await this.app.open({ ...START, ...link.settings, data: PATH });
        if (!done) return false;
        Object.assign(this.app.ui, link.ui);
        this.fromLink();
        this.app.tell("linked", link);
        return true;
    }
    /** What a link brought is shown like what was dropped. */
    fromLink(): void {
        const there = tableInMemory(this.app);
        if (!there) return;
        this.table = there;
        this.open = true;
        this.show();
    }

    private async attempt(table: Table, some: Settings): Promise<boolean> {
        let done = await openTable(this.app, table, some);
        let problem = document.getElementById("problem")?.textContent ?? "";
        if (!done && /unknown layer 'category'/.test(problem)) { // the page's engine has no learned vectors for words
            const many = this.wordy(table);
            for (const name of many) table.columns[name] = "one_hot";
            if (many.length) table.said += ` ${many.join(", ")}: a 0 or 1 for each word (one_hot); learned vectors for words are not part of this page.`;
            done = many.length > 0 && (await openTable(this.app, table, some));
            problem = document.getElementById("problem")?.textContent ?? "";
        }
        this.table = table;
        this.open = done;
        this.said.hidden = done;
        this.said.textContent = done ? "" : `${problem}\n\nThe data before stay.`;
        this.show();
        return done;
    }
    /** Columns of more words than get a 0 or 1 each unasked. */
    private wordy(table: Table): string[] {
        const rows = rowsOf(table.bytes).slice(1);
        return table.names.filter((name, at) => name !== table.target && ["", "category"].includes(table.columns[name] ?? "") &&
            new Set(rows.map((row) => row[at] ?? "")).size > 15 && (table.columns[name] === "category" || rows.some((row) => row[at] && Number.isNaN(Number(row[at])))));
    }
    /** The same table with another target or other columns. */
    private again(change: Partial<Table>, some: Settings = {}): Promise<boolean> {
        return this.attempt({ ...this.table!, ...change }, some);
    }

    show(): void {
        const t = this.table;
        if (!t) return redraw(this.inside);
        if (this.open && this.app.settings.data !== PATH) this.open = false;
        const d = this.open ? this.app.description : null;
        const numbers = t.names.filter((name) => name !== "" && Number.isFinite(Number(name))).length;
        this.remark.textContent = t.said;
        const head: (Node | string)[] = [el("h3", {}, t.name),
            el("p", { class: "faint" }, `${t.taken.toLocaleString("en")} row${t.taken === 1 ? "" : "s"}, ${t.names.length} column${t.names.length === 1 ? "" : "s"}${this.open ? "" : ": not what is trained on now"}.`)];
        if (!this.open) head.push(button("Learn from it", () => void this.again({}, {}), "Tries again with what is set here"));
        if (t.taken < t.rows) head.push(button(`Take all ${t.rows.toLocaleString("en")} rows`, () => void this.take(t.name, t.whole, {}, "", true), "Slower, and pictures show 5,000 points"));
        if (numbers) head.push(el("p", {}, `The first line is taken for names, and ${numbers === 1 ? "one of them is a number" : `${numbers} of them are numbers`}: is it a row?`),
            button("It is: name the columns c1, c2, ...", () => void this.named(), "Puts a line of names in front"));
        redraw(this.inside, ...head, this.columns(t, d), this.more(), ...this.reduce(t));
    }

    private columns(t: Table, d: { columns: { name: string; type: string; role: string; reason: string }[] } | null): HTMLElement {
        const rows = t.names.slice(0, SHOWN).map((name, i) => {
            const known = d?.columns.find((c) => c.name === name);
            const target: HTMLInputElement = el("input", {
                type: "radio", name: `target.${i}`, "aria-label": `${name} is the target`, checked: name === t.target,
                onchange: () => void this.again({ target: name }, { loss: "", class_weight: "", task: "" }),
            });
            const as = choice(WORDS.some(([w]) => w === (t.columns[name] ?? "")) ? WORDS : [...WORDS, [t.columns[name], t.columns[name]]], t.columns[name] ?? "",
                (word) => void this.again({ columns: { ...t.columns, [name]: word } }), `column.${i}`);
            as.setAttribute("aria-label", `What ${name} is`);
            return el("tr", {}, el("td", {}, name, ...(known ? [el("div", { class: "faint" }, `${known.type}, ${known.role}: ${known.reason}`)] : [])), el("td", {}, target), el("td", {}, as));
        });
        return el("div", { class: "wide" }, el("table", { class: "columns" },
            el("thead", {}, el("tr", {}, el("th", {}, "column"), el("th", {}, "target"), el("th", {}, "as"))), el("tbody", {}, ...rows)),
        ...(t.names.length > SHOWN ? [el("p", { class: "faint" }, `${t.names.length - SHOWN} columns more are not shown; what they are is found out too.`)] : []));
    }

    private more(): HTMLElement {
        const field = (label: string, name: string, placeholder: string, title: string): HTMLElement =>
            labelled(label, entry(this.app.settings[name] ?? "", (text) => void this.again({}, { [name]: text }), `table.${name}`, { placeholder }), title);
        const task = choice([["", "as the target says"], "classification", "regression"], this.app.settings.task ?? "", (word) => void this.again({}, { task: word, loss: "" }), "task");
        return el("details", { class: "group", "data-name": "reading" }, el("summary", {}, "How it is read"),
            labelled("Task", task, "--task: what is learned"),
            field("Numbers as", "numbers", "standard", '--numbers: what all columns of numbers become, such as raw, or "quantile bins=16"'),
            field("Missing words", "missing", "default", '--missing: words that mean no value; "default,-999" adds one'),
            field("Decimal mark", "decimal", ".", "--decimal: . or ,"),
            field("Delimiter", "delimiter", "found out", "--delimiter: one character, or tab"),
            field("Encoding", "encoding", "utf8", "--encoding: utf8, latin1, windows-1252 or replace"),
            field("Row weights", "weight", "none", "--weight: the column that says how much each row counts"),
            field("Target scale", "target_scale", "standard", "--target-scale: none, standard or log: what the loss sees of a number"),
            field("Skip checks", "skip_checks", "none", "--skip-check: looks at the data that are left out, such as leakage"));
    }

    private async named(): Promise<void> {
        const t = this.table!;
        const between = [",", ";", "\t"].find((c) => rowsOf(t.whole, 1, c)[0].length > 1) ?? ",";
        const line = new TextEncoder().encode(`${t.names.map((_, i) => `c${i + 1}`).join(between)}\n`);
        const whole = t.whole[0] === 0xef && t.whole[1] === 0xbb && t.whole[2] === 0xbf ? t.whole.subarray(3) : t.whole;
        const all = new Uint8Array(line.length + whole.length);
        all.set(line);
        all.set(whole, line.length);
        await this.take(t.name, all, {}, "A line of names was put in front.", t.taken === t.rows);
    }

    /* --- principal components --- */

    private numeric(): string[] {
        const columns = this.open ? this.app.description?.columns ?? [] : [];
        return columns.filter((c) => c.role === "input" && (c.type === "number" || c.type === "integer")).map((c) => c.name);
    }
    private reduce(t: Table): HTMLElement[] {
        if (t.before) return [button("Back to all columns", () => {
            const before = t.before!;
            void this.attempt(before, { columns: "", numbers: "" });
        }, "The table as it was")];
        const inputs = this.numeric();
        if (inputs.length < 3) return [];
        if (inputs.length > MANY) return [el("p", { class: "faint" }, `Principal components are offered for up to ${MANY} columns of numbers; here are ${inputs.length}.`)];
        return [button(`Reduce ${inputs.length} numbers to 2 (PCA)`, () => void this.reduced(inputs), "The first two principal components of the standardised columns, as the only inputs")];
    }
    private async reduced(inputs: string[]): Promise<void> {
        const t = this.table!;
        const rows = rowsOf(t.bytes, Infinity, this.app.settings.delimiter === "tab" ? "\t" : this.app.settings.delimiter ?? "");
        const places = inputs.map((name) => t.names.indexOf(name)), goal = t.names.indexOf(t.target);
        const comma = this.app.settings.decimal === ",";
        const found = components(places.map((at) => rows.slice(1).map((row) => {
            const text = comma ? (row[at] ?? "").replace(",", ".") : row[at] ?? "";
            return text === "" ? NaN : Number(text);
        })));
        const text = found.scores.map(([a, b], i) => `${Number(a.toPrecision(7))},${Number(b.toPrecision(7))},${quotedField(rows[i + 1][goal] ?? "")}`).join("\n");
        const made = await tableOf(t.name, new TextEncoder().encode(`pc1,pc2,${quotedField(t.target)}\n${text}\n`), true);
        if (typeof made === "string") return this.refuse(made);
        const share = (k: number): string => `${figure(100 * (found.shares[k] ?? 0))} %`;
        const strongest = (k: number): string => inputs.map((name, j): [string, number] => [name, found.loadings[k][j]]).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 3)
            .map(([name, x]) => `${figure(x)} ${name}`).join(", ");
        made.said = `pc1 holds ${share(0)} of the variance of ${inputs.length} standardised columns (most: ${strongest(0)}), pc2 ${share(1)} (${strongest(1)}); ` +
            `together ${figure(100 * ((found.shares[0] ?? 0) + (found.shares[1] ?? 0)))} %. They were computed from all rows, test rows too.` +
            (found.filled ? ` ${found.filled} missing numbers were taken as the column's mean.` : "") + " Columns that are no numbers are left out.";
        made.before = t;
        made.target = t.target;
        await this.attempt(made, { columns: "", numbers: "", decimal: "", delimiter: "", missing: "", weight: "" });
    }
}
