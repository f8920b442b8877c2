// chart.ts - curves over epochs on a canvas, with marks and a crosshair that mouse, finger and arrow keys move.
import { canvas, el, figure } from "./dom";
import { dark } from "./palette";
import type { Series } from "./series";

export interface Line { name: string; series: Series; colour: string; dash: number[]; width?: number; letter?: string }
export interface Mark { epoch: number; kind: "changed" | "warning" | "best"; text: string }

/** Parts of the data: by colour and by dashes. */
export const PARTS: { part: "train" | "validation" | "test"; dash: number[]; light: string; dark: string }[] = [
    { part: "train", dash: [], light: "#0072b2", dark: "#56b4e9" },
    { part: "validation", dash: [2, 3], light: "#00785a", dark: "#2fc69b" },
    { part: "test", dash: [7, 4], light: "#c04f00", dark: "#f0a53a" },
];
export function partColour(index: number): string { return dark() ? PARTS[index].dark : PARTS[index].light; }

/** Where an epoch and a value lie. */
export interface Scale { left: number; top: number; width: number; height: number; epochs: number; low: number; high: number; log: boolean }

function across(scale: Scale, epoch: number): number { return scale.left + (epoch / scale.epochs) * scale.width; }
function up(scale: Scale, value: number): number {
    const at = scale.log ? (value > 0 ? Math.log10(value) : -Infinity) : value;
    const share = (at - scale.low) / (scale.high - scale.low);
    return scale.top + scale.height * (1 - Math.max(0, Math.min(1, share))); // infinity is the upper edge
}

/** What the values of these lines need; log: low and high are powers of ten. */
export function range(lines: Line[], log: boolean, fixed: [number, number] | null): [number, number] {
    let least = Infinity, most = -Infinity;
    for (const { series } of lines) {
        least = Math.min(least, log ? series.leastPositive : series.least);
        most = Math.max(most, series.most);
    }
    if (!(most >= least)) return log ? [-1, 0] : [0, 1];
    if (log) {
        const low = Math.log10(least), high = Math.log10(most), gap = Math.max((high - low) * 0.04, 0.02);
        return [low - gap, high + gap];
    }
    if (fixed) return [Math.min(fixed[0], least), Math.max(fixed[1], most)];
    if (least > 0 && least < 0.6 * most) least = 0;
    const gap = (most - least) * 0.05 || Math.abs(most) * 0.05 || 0.5;
    return [least === 0 ? 0 : least - gap, most + gap];
}

/** One line; of more epochs than pixels the mean of each pixel, over a band from its least to its most. */
export function trace(context: CanvasRenderingContext2D, line: Line, scale: Scale): void {
    const { series } = line, pixels = Math.max(1, Math.floor(scale.width)), a = pixels / scale.epochs;
    context.strokeStyle = context.fillStyle = line.colour;
    context.lineWidth = line.width ?? 1.5;
    context.setLineDash(line.dash);
    context.beginPath();
    let drawn = false;
    const point = (x: number, y: number): void => {
        if (drawn) context.lineTo(x, y);
        else context.moveTo(x, y);
        drawn = true;
    };
    if (a >= 0.5)
        for (let i = 0; i < series.count; i++) {
            const value = series.at(i);
            if (Number.isNaN(value)) drawn = false;
            else point(across(scale, i + 1), up(scale, value));
        }
    else {
        context.globalAlpha = 0.3;
        for (let pixel = 0; pixel < pixels; pixel++) {
            const [low, high, mean] = series.within(Math.floor(pixel / a), Math.floor((pixel + 1) / a));
            if (low > high) { drawn = false; continue; }
            const top = up(scale, high);
            context.fillRect(scale.left + pixel, top, 1, up(scale, low) - top);
            point(scale.left + pixel + 0.5, up(scale, mean));
        }
        context.globalAlpha = 1;
    }
    context.stroke();
    context.setLineDash([]);
    if (series.count === 1 && !Number.isNaN(series.at(0))) {
        context.beginPath();
        context.arc(across(scale, 1), up(scale, series.at(0)), 2.5, 0, 7);
        context.fill();
    }
}

/** Round numbers between two, about so many. */
function rounds(low: number, high: number, about: number, least = 0): number[] {
    const raw = (high - low) / about, ten = 10 ** Math.floor(Math.log10(raw));
    const step = Math.max(least, [1, 2, 5, 10].map((f) => f * ten).find((s) => s >= raw * 0.999) ?? ten);
    const found: number[] = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9 && found.length < 50; i++) found.push(i * step + 0); // never -0
    return found;
}
function powers(low: number, high: number): number[] {
    const found: number[] = [], skip = Math.max(1, Math.ceil((high - low) / 6));
    const factors = high - low < 0.8 ? [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9] : high - low < 2.2 ? [1, 2, 5] : [1];
    for (let ten = Math.floor(low); ten <= high; ten++)
        for (const f of factors) {
            const at = ten + Math.log10(f);
            if (at >= low && at <= high && (f > 1 || ten % skip === 0)) found.push(10 ** ten * f);
        }
    return found;
}
function tickText(value: number): string {
    const far = Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3);
    return far ? value.toExponential(1).replace(".0e", "e").replace("e+", "e") : String(Number(value.toPrecision(3)));
}

export class Chart {
    readonly element: HTMLElement;
    lines: Line[] = [];
    marks: Mark[] = [];
    log = false;
    fixed: [number, number] | null = null;
    cursor: number | null = null; // an epoch
    private readonly paper: ReturnType<typeof canvas>;
    private readonly said = el("output", { class: "said" });
    private scale: Scale | null = null;
    private asked = false;

    /** read: what the line below says of an epoch; null: of the last. */
    constructor(private readonly label: string, private readonly height: number, private readonly read: (epoch: number | null) => string) {
        this.paper = canvas(300, height, label);
        const c = this.paper.element;
        c.tabIndex = 0;
        c.setAttribute("role", "slider");
        c.setAttribute("aria-valuemin", "1");
        c.title = "Point at an epoch, or use the arrow keys, for its numbers";
        this.element = el("div", { class: "chart" }, c, this.said);
        const pointed = (event: PointerEvent): void => {
            const s = this.scale;
            if (s) this.point(Math.round(((event.clientX - c.getBoundingClientRect().left - s.left) / s.width) * s.epochs));
        };
        c.addEventListener("pointermove", pointed);
        c.addEventListener("pointerdown", pointed);
        c.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") this.point(null); });
        c.addEventListener("blur", () => this.point(null));
        c.addEventListener("keydown", (event) => this.key(event));
        new ResizeObserver(() => this.draw()).observe(this.element);
    }

    get epochs(): number { return this.lines.reduce((most, line) => Math.max(most, line.series.count), 0); }

    private point(epoch: number | null): void {
        this.cursor = epoch === null ? null : Math.max(1, Math.min(this.epochs, epoch));
        if (!this.epochs) this.cursor = null;
        this.draw();
    }
    private key(event: KeyboardEvent): void {
        const all = this.epochs, now = this.cursor ?? all, far = Math.max(1, Math.round(all / 20));
        const to: Record<string, number | null> = {
            ArrowLeft: now - (event.shiftKey ? far : 1), ArrowRight: now + (event.shiftKey ? far : 1),
            PageUp: now - far, PageDown: now + far, Home: 1, End: all, Escape: null,
        };
        if (!(event.key in to)) return;
        event.preventDefault();
        this.point(to[event.key]);
    }

    /** At the next picture that the browser makes. */
    draw(): void {
        if (this.asked) return;
        this.asked = true;
        requestAnimationFrame(() => {
            this.asked = false;
            this.really();
        });
    }

    private near(scale: Scale): Mark[] {
        if (this.cursor === null) return [];
        const x = across(scale, this.cursor);
        return this.marks.filter((mark) => Math.abs(across(scale, mark.epoch) - x) < 5);
    }

    private really(): void {
        const width = this.element.clientWidth;
        if (width < 60) return; // closed
        const style = getComputedStyle(document.documentElement), colour = (name: string): string => style.getPropertyValue(name);
        const context = this.paper.resize(width, this.height);
        context.clearRect(0, 0, width, this.height);
        const epochs = this.epochs, [low, high] = range(this.lines, this.log, this.fixed);
        const letters = this.lines.some((line) => line.letter) ? 12 : 0;
        const scale: Scale = this.scale = { left: 44, top: 14, width: width - 54 - letters, height: this.height - 34, epochs: Math.max(1, epochs), low, high, log: this.log };
        if (this.cursor !== null && this.cursor > epochs) this.cursor = epochs || null;
        this.axes(context, scale, colour("--line"), colour("--faint"), epochs);
        for (const mark of this.marks) this.mark(context, scale, mark, colour(mark.kind === "warning" ? "--bad" : mark.kind === "best" ? "--good" : "--faint"));
        for (const line of this.lines) {
            trace(context, line, scale);
            if (!line.letter) continue;
            context.fillText(line.letter, Math.min(across(scale, line.series.count) + 3, scale.left + scale.width + 3), up(scale, line.series.last) + 4);
        }
        this.crosshair(context, scale, colour("--ink"));
        const text = [this.read(this.cursor), ...this.near(scale).map((mark) => mark.text)].join("\n");
        if (this.said.textContent !== text) this.said.textContent = text;
        const c = this.paper.element;
        c.setAttribute("aria-label", this.label);
        c.setAttribute("aria-valuemax", String(Math.max(1, epochs)));
        if (this.cursor === null && document.activeElement === c) return; // it would be read out at every frame
        c.setAttribute("aria-valuenow", String(this.cursor ?? Math.max(1, epochs)));
        c.setAttribute("aria-valuetext", text);
    }

    private axes(context: CanvasRenderingContext2D, scale: Scale, line: string, faint: string, epochs: number): void {
        context.font = "11px system-ui, sans-serif";
        context.strokeStyle = line;
        context.lineWidth = 1;
        context.fillStyle = faint;
        const bottom = scale.top + scale.height;
        context.textAlign = "right";
        context.beginPath();
        const ticks = scale.log ? powers(scale.low, scale.high) : rounds(scale.low, scale.high, 4);
        let free = Infinity;
        for (const value of ticks) {
            const y = up(scale, value);
            context.moveTo(scale.left, y);
            context.lineTo(scale.left + scale.width, y);
            if (free - y < 12) continue;
            free = y;
            context.fillText(tickText(value), scale.left - 5, y + 4);
        }
        context.stroke();
        context.textAlign = "center";
        if (epochs)
            for (const epoch of rounds(0, epochs, Math.min(5, scale.width / 60), 1))
                context.fillText(epoch.toLocaleString("en"), across(scale, epoch), bottom + 15);
        context.textAlign = "left";
        if (!epochs) context.fillText("No epoch is finished yet.", scale.left + 8, scale.top + scale.height / 2);
    }

    private mark(context: CanvasRenderingContext2D, scale: Scale, mark: Mark, colour: string): void {
        const x = across(scale, Math.min(mark.epoch, scale.epochs)), bottom = scale.top + scale.height;
        context.strokeStyle = context.fillStyle = colour;
        context.lineWidth = 1;
        context.setLineDash(mark.kind === "best" ? [1, 3] : []);
        context.beginPath();
        context.moveTo(x, scale.top);
        context.lineTo(x, bottom);
        context.stroke();
        context.setLineDash([]);
        context.beginPath();
        if (mark.kind === "changed") { // a triangle on the axis
            context.moveTo(x - 4, bottom + 5);
            context.lineTo(x + 4, bottom + 5);
            context.lineTo(x, bottom - 2);
        } else if (mark.kind === "warning") { // a filled square on top
            context.rect(x - 4, scale.top - 9, 8, 8);
        } else { // a ring on top
            context.arc(x, scale.top - 5, 3.5, 0, 7);
            context.stroke();
            return;
        }
        context.fill();
    }

    private crosshair(context: CanvasRenderingContext2D, scale: Scale, ink: string): void {
        if (this.cursor === null) return;
        const x = across(scale, this.cursor);
        context.strokeStyle = ink;
        context.lineWidth = 1;
        context.beginPath();
        context.moveTo(x, scale.top);
        context.lineTo(x, scale.top + scale.height);
        context.stroke();
        for (const line of this.lines) {
            const value = line.series.at(this.cursor - 1);
            if (Number.isNaN(value)) continue;
            context.fillStyle = line.colour;
            context.beginPath();
            context.arc(x, up(scale, value), 3, 0, 7);
            context.fill();
        }
    }
}

/** A piece of a line, for legends. */
export function sample(colour: string, dash: number[], width = 2): SVGSVGElement {
    const name = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(name, "svg"), line = document.createElementNS(name, "line");
    for (const [key, value] of Object.entries({ width: 26, height: 10, "aria-hidden": true })) picture.setAttribute(key, String(value));
    for (const [key, value] of Object.entries({ x1: 0, x2: 26, y1: 5, y2: 5, stroke: colour, "stroke-width": width, "stroke-dasharray": dash.join(" ") || "none" })) line.setAttribute(key, String(value));
    picture.append(line);
    return picture;
}

/** "epoch 3: train 0.1, test 0.2", of lines that know that epoch. */
export function readLines(lines: Line[], epoch: number): string {
    return lines.map((line) => [line, line.series.at(epoch - 1)] as const).filter(([line, value]) => epoch <= line.series.count && !Number.isNaN(value))
        .map(([line, value]) => `${line.name} ${figure(value)}`).join(", ");
}
