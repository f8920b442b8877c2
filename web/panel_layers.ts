// panel_layers.ts - the gradient of each layer, units that do nothing, and how sharply the loss is curved.
import type { App } from "./app";
import { Chart, Line, PARTS, partColour, readLines, sample } from "./chart";
import { button, el, figure, fill, tick } from "./dom";
import { CLASSES, dark } from "./palette";
import type { Panel } from "./panel";
import { columns } from "./series";

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
const FAR = 1000; // the gradients of two layers that differ by such a factor are worth a word

/** The page's colours on dark paper as well; with the dashes 32 layers can be told apart. */
function layerColour(index: number): string {
    const colour = CLASSES[index % 6];
    return dark() && colour === "#0072b2" ? "#7fa8ff" : colour;
}

interface Flow { name: string; norm: number; dead: number; flat: number; activation: string | null }

/** Of each layer with weights what is known now. */
function flows(app: App): Flow[] {
    const history = columns(app), found: Flow[] = [];
    let alive = 0;
    for (const layer of app.description?.layers ?? []) {
        const has = layer.activation !== null, at = 2 * alive;
        if (has) alive++;
        const series = history.of(`gradient_norm_${layer.name}`);
        if (!series && !has) continue;
        found.push({
            name: layer.name, activation: layer.activation, norm: series ? series.last : NaN,
            dead: has ? app.frame?.alive[at] ?? NaN : NaN, flat: has ? app.frame?.alive[at + 1] ?? NaN : NaN,
        });
    }
    return found;
}

function percent(share: number): string { return Number.isNaN(share) ? "–" : `${figure(share * 100)} %`; }

/** What the numbers mean, in sentences. */
export function layerWords(found: Flow[]): string[] {
    const said: string[] = [], norms = found.filter((f) => !Number.isNaN(f.norm));
    for (const f of norms) {
        if (!Number.isFinite(f.norm)) said.push(`The gradient of ${f.name} is not finite: the steps are too long, or a number overflowed.`);
        else if (f.norm === 0) said.push(`${f.name} gets no gradient at all: its weights stay where they are.`);
    }
    const real = norms.filter((f) => f.norm > 0 && Number.isFinite(f.norm));
    if (real.length > 1) {
        const first = real[0], last = real[real.length - 1], ratio = last.norm / first.norm;
        const times = (factor: number): string => (factor >= 1e3 && factor < 1e6 ? Math.round(Number(factor.toPrecision(2))).toLocaleString("en") : figure(Number(factor.toPrecision(2))));
        if (ratio >= FAR) said.push(`Vanishing: the gradient of ${first.name} is 1/${times(ratio)} of that of ${last.name}, so it hardly learns. relu in place of tanh or sigmoid, he or xavier starting weights, batch_norm or fewer layers help.`);
        else if (ratio <= 1 / FAR) said.push(`Exploding: the gradient of ${first.name} is ${times(1 / ratio)} times that of ${last.name}: it grows on its way back. Smaller starting weights, clipping or batch_norm help.`);
        else said.push(`From ${last.name} back to ${first.name} the gradient changes by a factor of ${times(1 / ratio)}: neither vanishing nor exploding (that would be 1/${FAR} or ${FAR}).`);
    }
    const several = (some: Flow[], share: (f: Flow) => number): string => some.map((f) => `${f.name} ${percent(share(f))}`).join(", ");
    const dead = found.filter((f) => f.dead > 0), flat = found.filter((f) => f.flat >= 0.5 && !/relu/.test(f.activation ?? ""));
    if (dead.length) said.push(`Dead units (${several(dead, (f) => f.dead)}): on each of the rows looked at they give 0, or their slope is 0, so no row moves their weights.`);
    if (flat.length) said.push(`Saturated numbers (${several(flat, (f) => f.flat)}): they lie where the activation is flat, its slope within 0.01 of 0, and let little gradient through.`);
    return said;
}

/** Whether the step size is above what the curvature allows, by the kind of optimizer. */
export function curvatureWords(optimizer: string, lr: number, curvature: number, stable: number): string {
    if (!Number.isFinite(curvature)) return "The curvature of the last epoch is not known: the loss or its slopes are not finite there.";
    if (!(curvature > 0)) return `λmax is ${figure(curvature)}: along the most curved direction the loss bends down, so 2/λ says nothing here.`;
    const is = `lr ${figure(lr)} is ${lr > stable ? "above" : "below"} 2/λ = ${figure(stable)}`;
    if (optimizer === "sgd")
        return lr > stable ? `${is}: plain gradient descent over all rows goes up along the most curved direction; expect the loss to go up and down there, or to diverge.`
            : `${is}: steps are short enough for the most curved direction (by a factor of ${figure(stable / lr)}).`;
    if (/^(momentum|nesterov)/.test(optimizer)) return `${is}. With momentum m the limit is higher where steps follow one another: 2 (1 + m) / λ of heavy-ball momentum.`;
    return `${is}. But ${optimizer} scales each weight's step, so its own limit is another one: read it as a hint only.`;
}

function flowTable(found: Flow[]): HTMLElement[] {
    const norms = found.map((f) => f.norm).filter((n) => n > 0 && Number.isFinite(n));
    const low = Math.floor(Math.log10(Math.min(...norms, 1))), high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...norms, 1e-30))));
    const share = (norm: number): number => (norm > 0 ? Math.max(0.02, Math.min(1, (Math.log10(norm) - low) / (high - low))) : 0);
    const bar = (width: number, colour: string): HTMLElement => el("span", { class: "bar" }, el("span", { style: `width: ${(100 * width).toFixed(1)}%; background: ${colour}` }));
    return [
        el("caption", {}, norms.length ? `Gradient flow now: bars from 1e${low} to 1e${high}, each ten times as long a gradient as far again. Norms are those of the last batch of the epoch.` : "Gradient norms come with the first epoch."),
        el("thead", {}, el("tr", {}, ...["layer", "gradient norm", "", "dead units", "saturated"].map((text) => el("th", { scope: "col" }, text)))),
        el("tbody", {}, ...found.map((f, index) => el("tr", {}, el("th", { scope: "row" }, f.name), el("td", {}, figure(f.norm)),
            el("td", { class: "wide" }, bar(share(f.norm), layerColour(index))), el("td", {}, percent(f.dead)), el("td", {}, percent(f.flat))))),
    ];
}

/** Not measured, and measured. */
const TURN = ["Measure curvature every epoch (begins anew)", "Stop measuring curvature (begins anew)"];

export const layers: Panel = {
    id: "layers", title: "Layers: gradient flow, dead units, curvature", place: "below",
    mount(app, into) {
        const details = into.parentElement as HTMLDetailsElement;
        const table = el("table", { class: "flow" }), words = el("ul", { class: "words" }), legend = el("p", { class: "legend" });
        const log = tick("log scale", true, () => draw(), "norm.log");
        const norms: Chart = new Chart("Gradient norm of each layer over epochs", 200, (epoch) => at(norms, epoch));
        const bend: Chart = new Chart("Largest curvature of the loss over epochs", 170, (epoch) => at(bend, epoch));
        const limit: Chart = new Chart("2 over curvature beside the learning rate, over epochs", 170, (epoch) => at(limit, epoch));
        const bendWords = el("p"), bendLegend = el("p", { class: "legend" });
        const turn = button(TURN[0], () => void app.set({ record: recorded() ? "" : "curvature" }));
        const about = el("p", { class: "faint" }, "λmax is the largest eigenvalue of the loss's Hessian at the weights now, over at most 1,024 train rows. Plain gradient descent with a step size above 2/λmax goes up along that direction. Measuring takes longer than an epoch of a small set, and changes nothing of the training.");
        const drawn = el("div", { class: "pair" }, el("div", {}, el("h3", {}, "Curvature λmax"), bend.element), el("div", {}, el("h3", {}, "2/λmax and the learning rate"), limit.element, bendLegend));
        into.append(el("div", { class: "pair" }, el("div", {}, table, words), el("div", {}, el("div", { class: "row" }, el("h3", {}, "Gradient norms"), log), norms.element, legend)),
            el("h3", {}, "Curvature"), about, turn, drawn, bendWords);

        const recorded = (): boolean => columns(app).names.includes("curvature");
        const at = (chart: Chart, epoch: number | null): string => {
            const row = epoch ?? columns(app).epochs;
            return row ? `epoch ${row.toLocaleString("en")}: ${readLines(chart.lines, row)}` : "";
        };
        let legendKey = "", wordsAt = 0;
        const draw = (): void => {
            if (!details.open || !app.description) return;
            const history = columns(app), found = flows(app), lines: Line[] = [];
            found.forEach((f, index) => {
                const series = history.of(`gradient_norm_${f.name}`);
                if (series) lines.push({ name: f.name, series, colour: layerColour(index), dash: DASHES[(index + Math.floor(index / 6)) % DASHES.length] });
            });
            norms.lines = lines;
            norms.log = (log.firstChild as HTMLInputElement).checked;
            norms.draw();
            const key = lines.map((line) => line.name + line.colour).join();
            if (key !== legendKey) {
                legendKey = key;
                fill(legend, ...lines.map((line) => el("span", { class: "tick" }, sample(line.colour, line.dash), line.name)));
                fill(bendLegend, ...["2/λmax", "lr"].map((name, i) => el("span", { class: "tick" }, sample(partColour(i * 2), PARTS[i * 2].dash), name)));
            }
            const is = recorded();
            drawn.hidden = !is;
            turn.textContent = TURN[is ? 1 : 0];
            if (is) {
                bend.lines = [{ name: "λmax", series: history.of("curvature")!, colour: partColour(0), dash: [] }];
                limit.lines = [{ name: "2/λmax", series: history.of("stable_lr")!, colour: partColour(0), dash: [] },
                    { name: "lr", series: history.of("lr")!, colour: partColour(2), dash: PARTS[2].dash }];
                limit.log = true;
                bend.draw();
                limit.draw();
            }
            if (app.frame?.playing && performance.now() - wordsAt < 250) return; // people read no faster
            wordsAt = performance.now();
            fill(table, ...flowTable(found));
            fill(words, ...layerWords(found).map((sentence) => el("li", {}, sentence)));
            const noise = is ? history.of("noise_scale")!.last : NaN;
            fill(bendWords, is && history.epochs ? curvatureWords(app.description.optimizer, history.of("lr")!.last, history.of("curvature")!.last, history.of("stable_lr")!.last) : "",
                Number.isNaN(noise) ? "" : ` Noise scale ${figure(noise)}: so many rows a batch needs for its gradient to be more than noise; it has ${app.description.batch}.`);
        };
        details.addEventListener("toggle", draw);
        app.on("open", () => { wordsAt = 0; draw(); });
        app.on("frame", draw);
    },
};
