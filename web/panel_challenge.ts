// panel_challenge.ts - the challenge of the small spiral: rules, who takes part with what, a score that anybody can check.
import type { App } from "./app";
import { button, el, figure, fill, tick } from "./dom";
import type { Panel } from "./panel";
import type { Description, Figures, Settings } from "./protocol";
import { command, writeLink } from "./settings";
import { copyable, permalink } from "./share";

const BAR = 0.1;
const ROWS = { train: 250, validation: 0, test: 250 };
const FIXED: Settings = { data: "builtin:spiral", test: "0.5", validation: "0" };
/** What would be other rows, other inputs, or weights that nobody trained. */
const UNSET = ["rows", "weights", "biases", "task", "target", "columns", "numbers", "missing", "target_scale", "encoding", "weight"];
/** Layers that add no neuron: they scale, drop, or stir what is there, each number for itself. */
const FREE = ["dropout", "noise", "batch_norm", "flatten", "reshape", "input", "residual"];

/** What is known to be possible; each was trained again from its link before it was put in here. */
export interface Par { league: string; neurons: number; net: string; loss: number; steps: number; digest: string; link: string }
function par(league: string, neurons: number, net: string, loss: number, steps: number, digest: string, settings: Settings): Par {
    const all: Settings = { ...FIXED, net, loss: "half_squared", optimizer: "adam", schedule: "cosine", steps: String(steps), patience: "0", ...settings };
    return { league, neurons, net, loss, steps, digest, link: writeLink({ settings: all, ui: {}, changes: [], step: steps, digest }) };
}
const PARS: Par[] = [
    par("raw x and y", 7, "4 tanh, 3 tanh", 0.04376, 30000, "17d37545a07151b9", { lr: "0.03", batch: "32", seed: "4" }),
    par("raw x and y", 8, "4 tanh, 4 tanh", 0.04086, 10000, "bf8a6be8685445fb", { lr: "0.05", batch: "32", seed: "23" }),
    par("raw x and y", 9, "5 tanh, 4 tanh", 0.02663, 30000, "c5212d5bf06a8d4b", { lr: "0.03", batch: "32", seed: "22" }),
    par("raw x and y", 10, "5 tanh, 5 tanh", 0.03194, 20000, "4f31346c340a9901", { lr: "0.03", batch: "10", seed: "28" }),
    par("any features", 5, "basis x1+x2+sin(x1)+sin(x2), 3 tanh", 0.05862, 10000, "0a2a60ad2930af00", { lr: "0.03", batch: "32", seed: "26" }),
];

interface Entrant { features: number; hidden: number; why: string | null } // why: not valid

/** The terms of a basis that are no input as it is. */
function termsBeyond(text: string): number {
    const terms = text.replace(/^\s*basis\s*(terms=)?/, "").split(/[\s+]+/).filter(Boolean);
    return terms.filter((term) => !/^x\d+$/.test(term)).length;
}

export function counted(d: Description): Entrant {
    const count: Entrant = { features: 0, hidden: 0, why: null };
    for (const layer of d.layers.slice(0, -1)) {
        if (layer.type === "dense") count.hidden += layer.units;
        else if (layer.type === "basis") count.features += termsBeyond(layer.text);
        else if (layer.type === "fourier") count.features += 2 * (layer.params[0]?.shape[0] ?? 0); // a sine and a cosine each
        else if (!FREE.includes(layer.type)) count.why ??= `the rules do not say what a layer ${layer.type} counts`;
    }
    return count;
}

/** Why what is trained now is no entry; null: it is one. */
function invalid(app: App, d: Description, loss: number | null): string | null {
    const s = app.settings;
    const [name, asked] = (s.data ?? "").split("?");
    if (name !== FIXED.data) return `the data are ${s.data ?? "none"}, and the challenge is of ${FIXED.data}`;
    for (const [option, text] of new URLSearchParams(asked ?? "")) {
        const wanted = new Map([["rows", 500], ["noise", 0], ["seed", 1]]).get(option);
        if (Number(text) !== wanted) return `the data have ${option}=${text}, and the challenge wants ${wanted ?? "no such option"}`;
    }
    for (const part of ["test", "validation"]) if (Number(s[part] ?? "0.1") !== Number(FIXED[part])) return `--${part} is ${s[part] ?? "0.1"}, and the challenge wants ${FIXED[part]}`;
    for (const unset of UNSET) if (s[unset]) return `${unset} is set, and the challenge wants the rows as they are and weights that were trained`;
    if (d.rows.train !== ROWS.train || d.rows.validation !== ROWS.validation || d.rows.test !== ROWS.test) return "the parts have other sizes than 250 rows for training and 250 for testing";
    const weight = app.changes.find((change) => change.name.startsWith("weight."));
    if (weight) return `a weight was set by hand, behind step ${weight.step.toLocaleString("en")}`;
    if (loss === null) return `the loss ${d.loss} gives no probabilities, which the score is of: binary_cross_entropy does`;
    return null;
}

export const panelChallenge: Panel = {
    id: "challenge",
    title: "Challenge: the small spiral",
    place: "below",
    mount(app, into) {
        const rules = el("ul", {},
            el("li", {}, "The fewest neurons win. A neuron is a hidden unit, or a feature beyond x and y (x², xy, a sine, a cosine, ..). The output is not counted."),
            el("li", {}, `Two leagues: raw x and y; any features (a layer basis or fourier).`),
            el("li", {}, "The data: builtin:spiral, 500 points without noise; 250 of them for training, 250 for testing, none for validation."),
            el("li", {}, `The bar: a test loss below ${BAR} in TensorFlow Playground's units, ½ (o − t)² on average, with o = 2p − 1 for the probability p of class 1, and t = ±1. (It is twice the Brier score.)`),
            el("li", {}, "Everything else is yours: seed, optimizer, loss, schedule, changes on the way. Weights set by hand do not count, and neither do start weights from outside."),
            el("li", {}, "Of equal entries, the one with fewer steps is ahead. The seed is stated: whoever tries many should say how many."));
        let pause = true;
        const takePart = button("Take part", () => {
            const settings: Settings = { ...app.settings, ...FIXED };
            for (const unset of UNSET) delete settings[unset];
            void app.open(settings).then(refresh);
        }, "Sets the data and their parts, and begins anew");
        takePart.id = "take-part";
        const stop = tick("pause when the bar is reached", true, (now) => { pause = now; }, "challenge-pause");
        const now = el("p", { id: "challenge-now", role: "status" });
        const score = copyable("The score, its proof, and the command with the same digest_last:", "challenge-score");
        score.element.hidden = true;
        const best = el("div", { id: "challenge-pars" });
        if (PARS.length)
            fill(best, el("h3", {}, "What is known to be possible"), el("table", {},
                el("thead", {}, el("tr", {}, ...["league", "neurons", "net", "test loss", "steps", "digest"].map((text) => el("th", { scope: "col" }, text)))),
                el("tbody", {}, ...PARS.map((par) => el("tr", {}, el("td", {}, par.league), el("td", {}, String(par.neurons)),
                    el("td", {}, el("a", { href: `#${par.link}` }, par.net)), el("td", {}, figure(par.loss)), el("td", {}, par.steps.toLocaleString("en")), el("td", {}, par.digest))))));
        into.append(rules, el("div", { class: "row" }, takePart, stop), now, score.element, best);

        const panel = into.parentElement as HTMLDetailsElement;
        let measured = 0, busy = false, above = true;
        const refresh = async (): Promise<void> => {
            const d = app.description;
            if (!panel.open || !d || !app.frame || busy) return;
            busy = true;
            measured = performance.now();
            let figures: Figures | null = null;
            try {
                if (d.rows.test) figures = await app.ask<Figures>({ op: "figures", part: "test" });
            } catch (error) {
                now.textContent = (error as Error).message;
                return;
            } finally {
                busy = false;
            }
            if (app.description === d) show(d, figures);
        };
        const show = (d: Description, figures: Figures | null): void => {
            const state = app.frame!.state, count = counted(d);
            const brier = figures?.brier ?? null, loss = brier === null ? null : 2 * brier;
            const why = count.why ?? invalid(app, d, loss);
            score.element.hidden = true;
            if (why !== null) {
                now.dataset.kind = "not";
                now.textContent = `Not valid: ${why}.`;
                return;
            }
            const neurons = count.hidden + count.features;
            const what = `${neurons} neuron${neurons === 1 ? "" : "s"}${count.features ? `, ${count.features} of them feature${count.features === 1 ? "" : "s"}` : ""}`;
            const league = count.features ? "any features" : "raw x and y";
            const net = d.net.replace(/,?\s*1$/, "");
            const steps = `${state.step.toLocaleString("en")} step${state.step === 1 ? "" : "s"}`;
            const there = loss! < BAR;
            now.dataset.kind = there ? "there" : "open";
            now.textContent = there ? `Reached: ${what}, test loss ${figure(loss)} after ${steps}. League: ${league}.`
                : `In the league ${league} with ${what}: test loss ${figure(loss)} after ${steps}, wants below ${BAR}.`;
            if (there && above && pause && app.frame!.playing) void app.pause();
            above = !there;
            if (!there) return;
            score.element.hidden = false;
            const changed = app.changes.length ? `, ${app.changes.length} change${app.changes.length === 1 ? "" : "s"} on the way` : "";
            const planned = app.settings.schedule && app.settings.schedule !== "constant" && !state.over;
            score.set(`spiral challenge, ${league}: ${what} (${net}), test loss ${figure(loss)} after ${steps}, seed ${app.settings.seed ?? "1"}${changed}, digest ${state.digest}\n` +
                `${permalink(app.link(true))}\n` +
                (changed || planned ? "# no command alone does the same: settings changed on the way, or a schedule whose end lies ahead; the link does" : `${command(app.settings, state.step)} --json`));
        };
        app.on("frame", (frame) => { if (!frame.playing || performance.now() - measured > 250) void refresh(); });
        app.on("open", () => { above = true; void refresh(); });
        panel.addEventListener("toggle", () => void refresh());
    },
};
