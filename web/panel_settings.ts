// panel_settings.ts - how it learns: recipes, optimizer, step size, batch, loss, regularisation, start, stop.
import type { App } from "./app";
import { Words, group, meaning, optionField, readWord, redraw, tried, writeWord } from "./controls";
import { button, choice, el, entry, figure, labelled, tick } from "./dom";
import type { Panel } from "./panel";
import type { CallAnswer, Option, Settings, Word } from "./protocol";
import { recipes } from "./recipes";

/** 1, 2, 3, 5 times a power of ten. */
const RATES = [-5, -4, -3, -2, -1, 0].flatMap((power) => [1, 2, 3, 5].map((n) => Number(`${n}e${power}`))).concat(10);
const END = 2000; // steps, for a schedule that wants an end

class SettingsPanel {
    private words: Words = { common: [], rules: [], ending: [], losses: {} };
    private readonly said = el("p", { class: "refused", hidden: true });
    private readonly note = el("p", { class: "faint", "aria-live": "polite" });
    private readonly recipeLine = el("p", { class: "faint", id: "recipe-line", "aria-live": "polite" });
    private readonly inside = el("div");
    private stepping: Settings = { lr: "0.03", batch: "10" }; // of the last optimizer with a step size
    private recipe = "";

    constructor(private readonly app: App, into: HTMLElement) {
        into.append(this.recipeField(), this.recipeLine, this.inside, this.said, this.note);
        void app.ask<CallAnswer>({ op: "call", name: "slope_words", text: "", numbers: [] }).then((call) => {
            this.words = JSON.parse(call.answer) as Words;
            this.draw();
        });
        app.on("settings", () => this.draw());
        app.on("open", () => this.draw());
        app.on("linked", () => {
            if (Number(app.ui.below) > 0) this.stopBelow(app.ui.below);
            else delete app.ui.below;
        });
    }

    private list(kind: string): Word[] { return this.app.catalogue[kind] ?? []; }
    private word(kind: string, name: string): Word | undefined { return this.list(kind).find((word) => word.name === name); }
    private options(kind: string): (name: string) => Option[] { return (name) => this.word(kind, name)?.options ?? []; }
    private now(name: string): string { return this.app.settings[name] ?? ""; }
    /** To the engine a 0 is the default, which is not what was meant here. */
    private zero(name: string, text: string): string | null {
        if (text === "" || Number(text) !== 0) return null;
        if (name === "batch") return "batch is 0: wants a whole number of 1 or more, or all";
        const rule = this.word("optimizer", readWord(this.now("optimizer") || "adam", this.options("optimizer")).name);
        const option = rule?.options.find((o) => o.name === name) ?? this.words.common.find((o) => o.name === name);
        return option && option.default !== "none" && /above 0/.test(option.range) ? `${name} is 0: wants ${option.range}` : null;
    }
    private async set(some: Settings, note = ""): Promise<void> {
        this.note.textContent = "";
        for (const [name, text] of Object.entries(some)) {
            const wrong = this.zero(name, text);
            if (wrong) {
                this.said.hidden = false;
                this.said.textContent = wrong;
                this.draw();
                return;
            }
            if (["epochs", "steps", "accumulate", "lr_batch"].includes(name) && Number(text) === 0) some[name] = "";
        }
        if (await tried(this.app, some, this.said)) this.note.textContent = note;
    }

    private recipeField(): HTMLElement {
        const select = choice([["", "choose ..."], ...recipes.map((r): [string, string] => [r.name, r.name])], "", (name) => {
            const recipe = recipes.find((r) => r.name === name);
            if (recipe) void this.cook(recipe.name);
        }, "recipe");
        this.app.on("settings", (settings) => {
            const same = recipes.find((r) => JSON.stringify(Object.entries(r.settings).sort()) === JSON.stringify(Object.entries(settings).sort()));
            this.recipe = same ? same.name : "";
            select.value = this.recipe;
            this.recipeLine.textContent = same ? same.line : "";
        });
        return labelled("Recipe", select, "Sets everything at once, to show one thing");
    }
    private async cook(name: string): Promise<void> {
        const recipe = recipes.find((r) => r.name === name)!;
        const playing = this.app.frame?.playing ?? false;
        const done = await this.app.open(recipe.settings);
        delete this.app.ui.end;
        this.said.hidden = true;
        if (done && playing) await this.app.play();
    }

    private draw(): void {
        if (!this.words.rules.length || !this.app.description) return;
        redraw(this.inside, ...this.optimizer(), this.batch(), ...this.loss(), this.care(), this.schedule(), this.start(), this.rows(), this.stop(),
            tick("Measure curvature each epoch", /curvature/.test(this.now("record")), (on) => void this.set({ record: on ? "curvature" : "" }), "record"));
    }

    /* --- the rule, and its step size --- */

    private steps(name: string): boolean { return this.words.rules.includes(name); }

    private optimizer(): HTMLElement[] {
        const said = readWord(this.now("optimizer") || "adam", this.options("optimizer"));
        const word = this.word("optimizer", said.name);
        const select = choice(this.list("optimizer").map((w) => w.name), said.name, (name) => void this.changeOptimizer(name), "optimizer");
        const out: HTMLElement[] = [labelled("Optimizer", select, "--optimizer: the rule that changes the weights"), meaning(word)];
        if (this.steps(said.name)) out.push(this.rate(word));
        for (const option of word?.options ?? []) {
            if (option.name === "lr" || this.words.common.some((o) => o.name === option.name)) continue;
            if (this.steps(said.name)) // its own setting; behind the name it may stand too
                out.push(optionField(option, this.now(option.name) || (said.values[option.name] ?? ""), (value) => void this.set({ [option.name]: value }), option.name));
            else
                out.push(optionField(option, said.values[option.name] ?? "", (value) => void this.set({ optimizer: writeWord({ ...said, values: { ...said.values, [option.name]: value } }) }), option.name));
        }
        return out;
    }

    private rate(word: Word | undefined): HTMLElement {
        const option = word?.options.find((o) => o.name === "lr") ?? this.words.common.find((o) => o.name === "lr")!;
        const value = this.now("lr");
        const field = entry(value, (text) => void this.set({ lr: text }), "lr", { placeholder: option.default, inputmode: "decimal", size: "7" });
        const at = Number(value || option.default);
        const slider: HTMLInputElement = el("input", {
            type: "range", min: 0, max: RATES.length - 1, step: 1, name: "lr.slider", "aria-label": "Learning rate, slider",
            oninput: () => {
                field.value = String(RATES[Number(slider.value)]);
                slider.setAttribute("aria-valuetext", field.value);
            },
            onchange: () => void this.set({ lr: String(RATES[Number(slider.value)]) }),
        });
        let nearest = 0;
        RATES.forEach((rate, i) => { if (Math.abs(Math.log(rate / at)) < Math.abs(Math.log(RATES[nearest] / at))) nearest = i; });
        slider.value = String(nearest);
        slider.setAttribute("aria-valuetext", value || option.default);
        return labelled("Learning rate", el("span", { class: "pair" }, slider, field), `--lr: ${option.summary} (${option.range}; default ${option.default})`);
    }

    private changeOptimizer(name: string): Promise<void> {
        const some: Settings = { optimizer: name };
        const rule = this.steps(name), before = this.steps(readWord(this.now("optimizer") || "adam", this.options("optimizer")).name);
        const takes = [...(rule ? this.words.common : []), ...(this.word("optimizer", name)?.options ?? [])].map((o) => o.name);
        const all = [...this.words.common, ...this.words.rules.flatMap((w) => this.options("optimizer")(w))].map((o) => o.name);
        for (const option of new Set(all)) if (this.now(option) && !takes.includes(option)) some[option] = "";
        if (before) this.stepping = { lr: this.now("lr"), batch: this.now("batch") };
        let note = "";
        if (!rule) {
            for (const other of ["schedule", "warmup"]) if (this.now(other)) some[other] = "";
            if (this.now("batch") !== "all") {
                some.batch = "all";
                note = `${name} compares losses, so a step sees all rows: batch is all.`;
            }
        } else if (!before) Object.assign(some, this.stepping);
        const dropped = Object.keys(some).filter((key) => some[key] === "" && key !== "lr");
        if (dropped.length) note += ` ${name} does not take ${dropped.join(", ")}: left out.`;
        return this.set(some, note.trim());
    }

    /* --- batch, loss --- */

    private batch(): HTMLElement {
        const all = this.now("batch") === "all";
        const rows = this.app.description!.rows.train;
        const most = Math.max(1, Math.min(rows, 256));
        const field = entry(this.now("batch"), (text) => void this.set({ batch: text }), "batch", { placeholder: "32", size: "6" });
        const slider: HTMLInputElement = el("input", {
            type: "range", min: 1, max: most, step: 1, "aria-label": "Batch, slider", name: "batch.slider",
            oninput: () => { field.value = slider.value; }, onchange: () => void this.set({ batch: slider.value }),
        });
        slider.value = all ? String(most) : this.now("batch") || "32";
        return labelled("Batch", el("span", { class: "pair" }, slider, field), `--batch: rows a step, of ${rows} training rows; or all`);
    }

    private fits(name: string): boolean {
        const wants = this.words.losses[name];
        const d = this.app.description!;
        if (!wants) return true;
        if (d.task === "regression") return wants.target === "number";
        return wants.target === "class" || (wants.target === "probability" && d.classes.length <= 2);
    }
    private loss(): HTMLElement[] {
        const said = readWord(this.now("loss"), this.options("loss"));
        const fitting = this.list("loss").filter((w) => this.fits(w.name)).map((w): [string, string] => [w.name, w.name]);
        const select = choice([["", `as the task wants: ${this.app.description!.loss.split(" ")[0]}`], ...fitting], said.name, (name) => void this.set({ loss: name }), "loss");
        const used = said.name || this.app.description!.loss.split(" ")[0];
        const out: HTMLElement[] = [labelled("Loss", select, "--loss: what training makes small; those that fit the task"), meaning(this.word("loss", used))];
        for (const option of this.options("loss")(used))
            out.push(optionField(option, said.values[option.name] ?? "", (value) => void this.set({ loss: writeWord({ name: used, values: { ...said.values, [option.name]: value } }) }), `loss.${option.name}`));
        return out;
    }

    /* --- groups --- */

    private care(): HTMLElement {
        const name = readWord(this.now("optimizer") || "adam", this.options("optimizer")).name;
        const own = this.options("optimizer")(name);
        const labels: Record<string, string> = { decay: "decay (L2)", l1: "l1", l1_prox: "l1_prox (exact zeros)" };
        const options = this.steps(name) ? this.words.common.filter((o) => o.name !== "lr").map((o) => own.find((p) => p.name === o.name) ?? o)
            : this.words.common.filter((o) => o.name === "decay");
        const order = ["decay", "l1", "l1_prox", "max_norm", "clip_norm", "clip_value", "average"];
        options.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
        const set = options.filter((o) => this.now(o.name)).map((o) => `${o.name} ${this.now(o.name)}`);
        return group("care", `Regularisation${set.length ? `: ${set.join(", ")}` : ""}`,
            el("p", { class: "faint" }, "Fields left empty are off. Biases are never decayed."),
            ...options.map((o) => optionField(o, this.now(o.name), (value) => void this.set({ [o.name]: value === "0" && o.name !== "decay" ? "" : value }), o.name, labels[o.name])));
    }

    private schedule(): HTMLElement {
        const said = readWord(this.now("schedule") || "constant", this.options("schedule"));
        const word = this.word("schedule", said.name);
        const inside: HTMLElement[] = [
            labelled("Schedule", choice(this.list("schedule").map((w) => w.name), said.name, (name) => void this.changeSchedule(name), "schedule"), "--schedule: how the step size goes on"),
            meaning(word),
        ];
        for (const option of word?.options ?? [])
            inside.push(optionField(option, said.values[option.name] ?? "", (value) => void this.set({ schedule: writeWord({ ...said, values: { ...said.values, [option.name]: value } }) }), `schedule.${option.name}`));
        inside.push(labelled("Warm-up", entry(this.now("warmup"), (text) => void this.changeWarmup(text), "warmup", { placeholder: "none", size: "8" }),
            "--warmup: before it the step size grows from 0 to lr: so many steps, or below 1 that share of all"));
        const on = this.now("schedule") || this.now("warmup");
        return group("schedule", `Learning rate over time: ${said.name}${this.now("warmup") ? `, warm-up ${this.now("warmup")}` : ""}`,
            ...(this.steps(readWord(this.now("optimizer") || "adam", this.options("optimizer")).name) || on ? inside : [el("p", { class: "faint" }, "This method has no step size.")]));
    }
    /** What has to know its end gets one, where none is set. */
    private ended(): { some: Settings; note: string } {
        if (this.now("steps") || this.now("epochs")) return { some: {}, note: "" };
        const steps = String(Math.ceil((END + (this.app.frame?.state.step ?? 0)) / 1000) * 1000);
        this.app.ui.end = steps;
        return { some: { steps }, note: `It goes by how long training lasts, so training now ends after ${Number(steps).toLocaleString("en")} steps (see "Stop").` };
    }
    private changeSchedule(name: string): Promise<void> {
        if (this.words.ending.includes(name)) {
            const { some, note } = this.ended();
            return this.set({ ...some, schedule: name }, note);
        }
        const some: Settings = { schedule: name === "constant" ? "" : name };
        if (this.app.ui.end && this.now("steps") === this.app.ui.end && !(Number(this.now("warmup")) > 0 && Number(this.now("warmup")) < 1)) some.steps = "";
        return this.set(some, some.steps === "" ? "The end that the schedule before wanted is gone again." : "");
    }
    private changeWarmup(text: string): Promise<void> {
        const share = Number(text) > 0 && Number(text) < 1;
        const { some, note } = share ? this.ended() : { some: {}, note: "" };
        return this.set({ ...some, warmup: text }, note);
    }

    private start(): HTMLElement {
        const said = readWord(this.now("init"), this.options("init"));
        const list = this.list("init").map((w): [string, string] => [w.name, w.name]);
        return group("start", `Start: ${said.name || "init by the activation"}, seed ${this.now("seed") || "1"}`,
            labelled("Init", choice([["", "he for relus, else xavier"], ...list], said.name, (name) => void this.set({ init: name }), "init"), "--init: how weights begin (begins anew)"),
            meaning(this.word("init", said.name)),
            ...this.options("init")(said.name).map((o) => optionField(o, said.values[o.name] ?? "", (value) => void this.set({ init: writeWord({ ...said, values: { ...said.values, [o.name]: value } }) }), `init.${o.name}`)),
            labelled("Seed", entry(this.now("seed"), (text) => void this.set({ seed: text }), "seed", { placeholder: "1", inputmode: "numeric", size: "8" }), "--seed: what all random numbers follow from (begins anew)"),
            labelled("Weights", entry(this.now("weights"), (text) => void this.set({ weights: text }), "weights", { placeholder: "drawn" }), "--weights: 0.5,-1,.. layer by layer, of each row by row, [outputs, inputs] (begins anew)"),
            labelled("Biases", entry(this.now("biases"), (text) => void this.set({ biases: text }), "biases", { placeholder: "0" }), "--biases: likewise; where weights are given and biases not, biases stay 0"));
    }

    private rows(): HTMLElement {
        const weights = this.now("class_weight");
        const inside = [
            labelled("Sampling", choice([["", "shuffle: each row once"], ["replace", "replace: drawn anew each time"], ["order", "order: as they stand"]], this.now("sampling") === "shuffle" ? "" : this.now("sampling"), (v) => void this.set({ sampling: v }), "sampling"), "--sampling: how an epoch takes the rows"),
            labelled("Accumulate", entry(this.now("accumulate"), (text) => void this.set({ accumulate: text }), "accumulate", { placeholder: "1", size: "6" }), "--accumulate: batches a step"),
            labelled("lr is for batches of", entry(this.now("lr_batch"), (text) => void this.set({ lr_batch: text }), "lr_batch", { placeholder: "any", size: "6" }), "--lr-batch: lr grows with the rows of a step"),
        ];
        if (this.app.description!.task === "classification")
            inside.unshift(labelled("Class weights", el("span", { class: "pair" },
                entry(weights, (text) => void this.set({ class_weight: text }), "class_weight", { placeholder: "1 each", size: "8" }),
                button("Balanced", () => void this.set({ class_weight: weights === "balanced" ? "" : "balanced" }), "Rare classes count more")),
            `--class-weight: balanced, or "2, 1", or "${this.app.description!.classes[0] ?? "a"}=5"`));
        return group("rows", `Rows${weights ? `: class weights ${weights}` : ""}`, ...inside);
    }

    private stop(): HTMLElement {
        const set = [this.now("epochs") && `${this.now("epochs")} epochs`, this.now("steps") && `${this.now("steps")} steps`,
            this.now("patience") && this.now("patience") !== "0" && `patience ${this.now("patience")}`, this.app.ui.below && `loss below ${this.app.ui.below}`].filter(Boolean);
        const judged = this.app.description!.rows.validation ? "validation" : "training";
        const field = (label: string, name: string, placeholder: string, title: string): HTMLElement =>
            labelled(label, entry(this.now(name), (text) => void this.set({ [name]: text }), name, { placeholder, inputmode: "numeric", size: "8" }), title);
        return group("stop", `Stop: ${set.length ? set.join(", ") : "when you pause"}`,
            field("After epochs", "epochs", "never", "--epochs: all rows are seen so often"),
            field("After steps", "steps", "never", "--steps: stop after so many updates"),
            field("Patience", "patience", "0: never", `--patience: stop after so many epochs without a better ${judged} loss`),
            labelled("When the loss is below", entry(this.app.ui.below ?? "", (text) => this.stopBelow(text), "below", { placeholder: "never", inputmode: "decimal", size: "8" }),
                "The validation loss where there are such rows, else the test part's, else the training loss, at the end of an epoch"),
            el("p", { class: "faint" }, "It also pauses when this tab is hidden."));
    }
    private stopBelow(text: string): void {
        const value = Number(text);
        if (text !== "" && !(value > 0 && Number.isFinite(value))) {
            this.said.hidden = false;
            this.said.textContent = `The loss to stop at is '${text.slice(0, 40)}': wants a number above 0, or nothing.`;
            this.draw();
            return;
        }
        this.said.hidden = true;
        this.app.ui.below = text;
        void this.app.ask({ op: "stop", belowLoss: text === "" ? null : value });
        this.note.textContent = text === "" ? "" : `Pauses at the end of the first epoch with a loss below ${figure(value)}.`;
        this.app.tell("ui");
        this.draw();
    }
}

export const settingsPanel: Panel = {
    id: "settings", title: "Learning", place: "left",
    mount(app, into) { new SettingsPanel(app, into); },
};
