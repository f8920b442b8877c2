// panel_diagnose.ts - what is wrong with this training, in words, with a change that was tried; and broken runs to be solved.
import type { App } from "./app";
import { button, choice, el, figure, fill } from "./dom";
import type { Panel } from "./panel";
import { pinNow } from "./pins";
import type { Settings } from "./protocol";
import { Second } from "./second";
import { columns } from "./series";

interface Fact { name: string; value: number | null; wanted: string }
/** Settings as run.json has them. */
type Recorded = Record<string, string | number | null | Record<string, string | number | null>>;
interface Finding {
    name: string; note: boolean; sentence: string; otherwise: string; advice: string; fix: string; tells: boolean; proved: boolean;
    tried: boolean; measure: string; before: number | null; after: number | null; epochs: number; epochsBefore: number;
    sure: number | null; facts: Fact[]; fixed?: Recorded;
}
interface Check { name: string; value: number | null; wanted: string; ok: boolean; finding: string; sentence: string }
interface Diagnosis {
    judge: "validation" | "test" | "train"; complete: boolean; remarks: string; asked: Recorded; findings: Finding[]; checks: Check[];
}

/** As the page has settings: the optimizer's beside the others, 0 and null the default. */
export function flattened(recorded: Recorded): Settings {
    const out: Settings = {};
    const put = (name: string, value: string | number | null): void => {
        if (name === "patience" || name === "decay") { if (value === -1) { out[name] = "0"; return; } }
        if (name === "batch" && value === -1) { out[name] = "all"; return; }
        if (value !== null && value !== 0 && value !== "") out[name] = String(value);
    };
    for (const [name, value] of Object.entries(recorded)) {
        if (name !== "optimizer") put(name, value as string | number | null);
        else for (const [word, number] of Object.entries(value as Record<string, string | number | null>)) put(word === "rule" ? "optimizer" : word, number);
    }
    return out;
}

/** What of the settings the fix changes. */
function changes(asked: Recorded, fixed: Recorded): Settings {
    const before = flattened(asked), after = flattened(fixed), out: Settings = {};
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
        if (before[name] !== after[name]) out[name] = after[name] ?? "";
    return out;
}

const WAYS: [string, string][] = [["0", "signs alone: nothing is trained"], ["2", "with proofs: 3 times the training"], ["6", "more proofs: 7 times the training"]];
const MOST_STEPS = 40000; // of the repetition: seconds

/** As many as the settings say, else as were trained, some at least; no more than take seconds. */
function epochs(app: App): number {
    const an = app.description!.stepsAnEpoch;
    const limit = Number(app.settings.epochs ?? "0");
    const trained = app.frame?.state.epoch ?? 0;
    let done = 30; // then 50, 100, 200, 500, ..: round numbers say the same when they are asked for again
    for (let next = 50, i = 0; next <= trained; next *= i++ % 3 === 2 ? 2.5 : 2) done = next;
    return Math.max(1, Math.min(limit || done, Math.max(5, Math.floor(MOST_STEPS / an))));
}

class Diagnoser {
    private readonly second: Second;
    private running = 0;
    readonly out = el("div", { id: "findings" });
    readonly said = el("output", { id: "diagnose-said", class: "faint", "aria-live": "polite" });
    readonly how = choice(WAYS, "2", () => undefined, "diagnose-how");
    readonly ask = button("What is wrong?", () => void this.run());
    readonly cancel = button("Stop", () => this.stop("Stopped: nothing was found out."));
    done: ((fix: (() => void) | null, words: string) => void) | null = null;

    constructor(private readonly app: App) {
        this.second = new Second(app);
        this.ask.id = "diagnose";
        this.cancel.id = "diagnose-stop";
        this.cancel.disabled = true;
        this.how.setAttribute("aria-label", "How much is tried");
    }

    stop(why: string): void {
        this.running++;
        this.second.end();
        this.cancel.disabled = true;
        this.ask.disabled = false;
        this.said.textContent = why;
    }

    async run(): Promise<void> {
        const app = this.app, mine = ++this.running, settings = { ...app.settings }, count = epochs(app), budget = Number(this.how.value);
        const changed = app.changes.length;
        const begun = performance.now();
        this.ask.disabled = true;
        this.cancel.disabled = false;
        fill(this.out);
        const wait = (): void => {
            if (mine !== this.running) return;
            this.said.textContent = `Looking at ${count.toLocaleString("en")} epochs, in a second engine: ${((performance.now() - begun) / 1000).toFixed(0)} s`;
            setTimeout(wait, 500);
        };
        wait();
        try {
            await this.second.begin();
            await this.second.open(settings);
            const diagnosis = await this.second.json<Diagnosis>("slope_diagnose", "", [count, budget]);
            if (mine !== this.running) return;
            this.stop(`${((performance.now() - begun) / 1000).toFixed(1)} s`);
            this.show(diagnosis, settings, changed);
        } catch (error) {
            if (mine === this.running) this.stop((error as Error).message);
            this.done?.(null, "");
        }
    }

    private apply(asked: Recorded, finding: Finding, settings: Settings, judge: string): () => void {
        return () => void (async () => {
            const some = changes(asked, finding.fixed!);
            if (judge === "test" && some.patience && settings.test) { some.validation = settings.test; some.test = ""; }
            if (some.epochs && !settings.epochs) delete some.epochs; // here training goes on anyway
            const all = { ...settings, ...some };
            for (const name of Object.keys(all)) if (all[name] === "") delete all[name];
            if ((this.app.frame?.state.step ?? 0) > 0) await pinNow(this.app, columns(this.app)).catch(() => false); // to be compared with
            if (await this.app.open(all)) await this.app.play();
        })();
    }

    private show(d: Diagnosis, settings: Settings, changed: number): void {
        const judge = d.judge === "test" ? "The test rows stand in for validation rows here, since there are none." : d.judge === "train" ? "The training rows stand in for validation rows here, since there are no others." : "";
        const notes = [...d.remarks.split("\n"), judge];
        if (changed) notes.push(`${changed === 1 ? "A change was" : `${changed} changes were`} made on the way: this is about a training that has the settings as they are now from its first step.`);
        const top = el("div", { class: "faint" });
        for (const note of notes) if (note) top.append(el("p", {}, this.people(note)));
        fill(this.out, top);
        if (d.checks.length) this.out.append(this.checks(d.checks));
        let best: (() => void) | null = null, words = "";
        for (const finding of d.findings.filter((f) => !f.note)) {
            const apply = finding.fixed && !finding.tells ? this.apply(d.asked, finding, settings, d.judge) : null;
            if (!best && apply && finding.proved) { best = apply; words = finding.fix; }
            this.out.append(this.finding(finding, apply));
        }
        if (!this.out.querySelector("article") && !d.checks.length)
            this.out.append(el("p", {}, d.complete ? "No fault was found." : "No fault was proved with this much work."));
        const weak = d.findings.filter((f) => f.note);
        if (weak.length) {
            const more = el("details", {}, el("summary", {}, `${weak.length} weaker sign${weak.length === 1 ? "" : "s"}`));
            for (const finding of weak) more.append(this.finding(finding, finding.fixed && !finding.tells && finding.fix ? this.apply(d.asked, finding, settings, d.judge) : null));
            this.out.append(more);
        }
        this.done?.(best, words);
    }

    /** What the command line would do, as the page does it. */
    private people(sentence: string): string { return sentence.replace("; --budget allows more", "; \"more proofs\" allows more"); }

    private checks(checks: Check[]): HTMLElement {
        const body = el("tbody");
        for (const c of checks)
            body.append(el("tr", { title: c.sentence }, el("th", { scope: "row" }, c.name), el("td", {}, figure(c.value)), el("td", {}, c.wanted), el("td", {}, c.ok ? "ok" : c.finding || "look")));
        return el("table", {}, el("thead", {}, el("tr", {}, ...["checked", "measured", "wanted", ""].map((t) => el("th", { scope: "col" }, t)))), body);
    }

    private finding(f: Finding, apply: (() => void) | null): HTMLElement {
        const word = this.app.catalogue.finding?.find((w) => w.name === f.name);
        const out = el("article", { class: f.note ? "finding weak" : "finding" }, el("h3", {}, f.name.split("_").join(" ")), el("p", {}, f.sentence));
        if (word) out.append(el("p", { class: "faint" }, `${word.summary}: ${word.formula}`));
        if (f.facts.length) {
            const list = el("ul", { class: "facts" });
            for (const fact of f.facts) list.append(el("li", {}, `${fact.name}: ${figure(fact.value)}${fact.wanted ? `, wanted ${fact.wanted}` : ""}`));
            out.append(list);
        }
        if (f.otherwise) out.append(el("p", { class: "faint" }, `Otherwise: ${f.otherwise}.`));
        if (f.advice) out.append(el("p", {}, f.advice));
        if (!f.fix) return out;
        const number = (v: number | null): string => (v === null ? "not known" : Number.isFinite(v) ? figure(v) : "not finite");
        const proof = !f.tried ? "It was not tried." :
            `${f.measure} ${number(f.before)} before, ${number(f.after)} with it (${f.epochs === f.epochsBefore ? `${f.epochs}` : `${f.epochsBefore} and ${f.epochs}`} epochs` +
            `${f.sure !== null && Number.isFinite(f.sure) ? `, ${Math.abs(f.sure) > 99 ? "above 99" : Math.abs(f.sure).toFixed(1)} standard errors` : ""})${f.proved ? "." : ": that is no proof."}`;
        out.append(el("p", {}, el("strong", {}, f.tells ? "To see that it is this: " : f.proved ? "Fix, tried: " : "Perhaps: "), el("code", {}, f.fix)), el("p", {}, proof));
        if (apply) out.append(button("Fix and rerun", apply, `Begins anew with ${f.fix}`));
        return out;
    }
}

/** Beside the bar when the training broke, or the engine is sure that something is wrong: where, and what to do. */
function mountAlarm(app: App, diagnoser: Diagnoser, open: () => void): void {
    const words = el("span"), fix = el("span");
    const alarm = el("div", { id: "broke", role: "alert", hidden: true }, words, " ", button("What is wrong?", open), " ", fix, " ", button("Hide", () => { alarm.hidden = true; }));
    (document.getElementById("problem") ?? document.getElementById("bar"))!.after(alarm);
    let broke = false, warned = 0;
    diagnoser.done = (apply, text) => { if (!alarm.hidden && apply) fill(fix, button(`Fix and rerun: ${text}`, apply)); };
    app.on("open", () => {
        broke = false;
        warned = 0;
        alarm.hidden = true;
        fill(fix);
    });
    app.on("frame", ({ state }) => {
        const say = (sentence: string): void => {
            words.textContent = sentence;
            alarm.hidden = false;
            fill(fix);
        };
        if (state.warnings.length > warned) say(`${state.warnings[state.warnings.length - 1].sentence}.`);
        warned = state.warnings.length;
        if (!state.diverged || broke) return;
        broke = true;
        say(`Training broke: ${state.message}.`);
        void diagnoser.run();
    });
}

/** A broken run, drawn by a seed: look, guess, see. */
class Game {
    private readonly second: Second;
    private kinds: { name: string; healthy: boolean }[] = [];
    private truth = "";
    private score = { right: 0, all: 0 };
    readonly out = el("div", { id: "broken-out", "aria-live": "polite" });
    readonly seed: HTMLInputElement = el("input", { type: "number", name: "broken-seed", min: 1, max: 1000000, value: 1, "aria-label": "Number of the broken run" });
    readonly draw = button("Draw this one", () => void this.begin());

    constructor(private readonly app: App, private readonly diagnoser: Diagnoser) {
        this.second = new Second(app);
        this.draw.id = "broken-draw";
    }

    private named(kind: { name: string; healthy: boolean }): string { return kind.healthy ? "nothing: it is healthy" : kind.name.split("_").join(" "); }

    /** The same number gives everybody the same run and the same choices. */
    private async begin(): Promise<void> {
        const number = Math.max(1, Math.min(1000000, Math.floor(Number(this.seed.value) || 1)));
        this.seed.value = String(number);
        this.draw.disabled = true;
        fill(this.out, el("p", { class: "faint" }, "Drawing: a broken run must train clearly worse than its healthy twin, so both are trained."));
        try {
            await this.second.begin();
            this.kinds = await this.second.json("slope_broken", "", [-1, 1]);
            let state = number;
            const next = (below: number): number => { // a small generator of its own
                state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
                return ((state ^ (state >>> 13)) >>> 0) % below;
            };
            let drawn: { name: string; settings: Recorded } | null = null, kind = this.kinds[0];
            for (let tries = 0; !drawn && tries < 20; tries++) {
                kind = this.kinds[next(this.kinds.length)];
                try {
                    drawn = await this.second.json("slope_broken", "", [this.kinds.indexOf(kind), number * 32 + tries]);
                    if (String(drawn!.settings.data).startsWith("builtin:digits")) drawn = null; // no pictures here
                    if (drawn) await this.second.open(this.settings(drawn.settings));
                } catch { drawn = null; }
            }
            this.second.end();
            if (!drawn) throw new Error("None of these draws can be shown here: take another number.");
            const causes = this.kinds.filter((k) => !k.healthy && k.name !== kind.name);
            const offered = new Set<string>(["nothing: it is healthy", this.named(kind)]);
            while (offered.size < 5) offered.add(this.named(causes[next(causes.length)]));
            this.truth = this.named(kind);
            if (await this.app.open(this.settings(drawn.settings))) await this.app.play();
            this.choices([...offered].sort());
        } catch (error) {
            this.second.end();
            fill(this.out, el("p", {}, (error as Error).message));
        }
        this.draw.disabled = false;
    }
    private settings(recorded: Recorded): Settings { return { test: "", ...flattened(recorded), seed: "1", patience: "0" }; }

    private choices(offered: string[]): void {
        const answer = el("p", { id: "broken-answer" });
        const row = el("div", { class: "row" });
        for (const word of offered)
            row.append(button(word, () => {
                for (const b of row.querySelectorAll("button")) b.disabled = true;
                const right = word === this.truth;
                this.score.all++;
                this.score.right += right ? 1 : 0;
                answer.textContent = `${right ? "Yes" : "No"}: ${this.truth}. ${this.score.right} of ${this.score.all} right.`;
                void this.diagnoser.run();
            }));
        fill(this.out, el("p", {}, "It trains above. What is wrong with it? Look at the curves, the units, the settings."), row, answer);
    }
}

export const diagnosePanel: Panel = {
    id: "diagnose-panel", title: "What is wrong?", place: "below",
    mount(app, into) {
        const diagnoser = new Diagnoser(app), game = new Game(app, diagnoser);
        into.append(
            el("p", { class: "faint" }, "A second engine trains the settings as they are now again from the first step, measures, and for each suspicion trains once more with one change. Your own training plays on."),
            el("div", { class: "row" }, diagnoser.ask, diagnoser.how, diagnoser.cancel, diagnoser.said), diagnoser.out,
            el("h3", {}, "Broken runs to solve"),
            el("p", { class: "faint" }, "Each number is a training that is broken in one known way, or a healthy one. It takes the place of yours."),
            el("div", { class: "row" }, game.seed, game.draw), game.out);
        const details = into.closest("details");
        mountAlarm(app, diagnoser, () => {
            if (details) details.open = true;
            into.scrollIntoView({ block: "start" });
            if (!diagnoser.out.childElementCount && !diagnoser.ask.disabled) void diagnoser.run();
        });
    },
};
