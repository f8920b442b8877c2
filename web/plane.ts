// plane.ts - a square over two inputs: where things stand in it, its ticks, its rows, and how far the next row is.
import { CLASSES, classColour } from "./palette";

/** Round numbers from low to high, about so many. */
export function ticks(low: number, high: number, about: number): number[] {
    const wide = high - low;
    if (!(wide > 0) || !(wide < Infinity)) return [];
    const rough = wide / about, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.999)!;
    const out: number[] = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) out.push(Number((i * step).toPrecision(12)));
    return out;
}

function named(low: number, high: number, words: string[]): [number, string][] {
    if (!words.length) return ticks(low, high, 5).map((value) => [value, String(value)]);
    const every = Math.ceil(words.length / 6);
    return words.map((word, code): [number, string] => [code, clipped(word, 8)]).filter(([code]) => code >= low && code <= high && code % every === 0);
}

/** Of more inputs than that two tell nothing. */
export const PLANE_MOST = 200;

export class Square {
    readonly left = 46; readonly top = 8; readonly right = 8; readonly bottom = 38;
    size = 200;
    window: [number, number, number, number] = [-1, 1, -1, 1];
    resize(width: number): number { // -> height
        this.size = Math.max(80, Math.floor(width - this.left - this.right));
        return this.size + this.top + this.bottom;
    }
    x(value: number): number { return this.left + (value - this.window[0]) / (this.window[1] - this.window[0]) * this.size; }
    y(value: number): number { return this.top + this.size - (value - this.window[2]) / (this.window[3] - this.window[2]) * this.size; }
    place(px: number, py: number): [number, number] | null {
        const u = (px - this.left) / this.size, v = (this.top + this.size - py) / this.size;
        if (u < 0 || u > 1 || v < 0 || v > 1) return null;
        const w = this.window;
        return [w[0] + u * (w[1] - w[0]), w[2] + v * (w[3] - w[2])];
    }
    /** Frame, ticks, names; words: of axes whose numbers are codes. */
    axes(context: CanvasRenderingContext2D, across: string, up: string, words: [string[], string[]], ink: string, line: string): void {
        const { left, top, size } = this;
        context.strokeStyle = line;
        context.lineWidth = 1;
        context.strokeRect(left - 0.5, top - 0.5, size + 1, size + 1);
        context.fillStyle = ink;
        context.font = "12px system-ui, sans-serif";
        context.textAlign = "center";
        context.textBaseline = "top";
        context.beginPath();
        for (const [value, text] of named(this.window[0], this.window[1], words[0])) {
            const x = this.x(value);
            context.moveTo(x, top + size);
            context.lineTo(x, top + size + 4);
            context.fillText(text, x, top + size + 6);
        }
        context.fillText(clipped(across), left + size / 2, top + size + 22);
        context.textAlign = "right";
        context.textBaseline = "middle";
        for (const [value, text] of named(this.window[2], this.window[3], words[1])) {
            const y = this.y(value);
            context.moveTo(left - 4, y);
            context.lineTo(left, y);
            context.fillText(clipped(text, 7), left - 6, y);
        }
        context.stroke();
        context.save();
        context.translate(9, top + size / 2);
        context.rotate(-Math.PI / 2);
        context.textAlign = "center";
        context.fillText(clipped(up), 0, 0);
        context.restore();
    }
}

export function clipped(text: string, most = 28): string { return text.length > most ? text.slice(0, most - 1) + "…" : text; }

/** Classes differ in shape too. */
export function mark(context: CanvasRenderingContext2D, shape: number, x: number, y: number, r: number): void {
    context.beginPath();
    switch (shape % 6) {
        case 0: context.arc(x, y, r, 0, 2 * Math.PI); break;
        case 1: context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r); break;
        case 2: context.moveTo(x, y - 1.2 * r); context.lineTo(x + 1.1 * r, y + 0.8 * r); context.lineTo(x - 1.1 * r, y + 0.8 * r); break;
        case 3: context.moveTo(x, y - 1.3 * r); context.lineTo(x + 1.3 * r, y); context.lineTo(x, y + 1.3 * r); context.lineTo(x - 1.3 * r, y); break;
        case 4: context.moveTo(x, y + 1.2 * r); context.lineTo(x + 1.1 * r, y - 0.8 * r); context.lineTo(x - 1.1 * r, y - 0.8 * r); break;
        default: context.rect(x - 1.3 * r, y - 0.5 * r, 2.6 * r, r); break;
    }
    context.closePath();
}

/** Training rows are filled; of others the outline alone. */
export function drawRow(context: CanvasRenderingContext2D, shape: number, colour: string, trained: boolean, x: number, y: number, r: number, edge = "#fff"): void {
    mark(context, shape, x, y, trained ? r : r + 0.6);
    context.lineWidth = trained ? 1 : 1.8;
    context.fillStyle = trained ? colour : "#fff";
    context.strokeStyle = trained ? edge : colour;
    context.fill();
    context.stroke();
    if (trained) return;
    context.lineWidth = 0.6;
    context.strokeStyle = "#222";
    mark(context, shape, x, y, r + 1.6);
    context.stroke();
}

export function classMark(index: number): { shape: number; colour: string } {
    return { shape: index % CLASSES.length, colour: classColour(index) };
}

/** Of points [across, up, target, part, row]: is a training row near a place? As `slope plot boundary` has it: within
 * three times the median distance to the nearest one, from 5 to 15 % of their range. */
export class Near {
    readonly within: number;
    private readonly x: number[] = [];
    private readonly y: number[] = [];
    private readonly wide: [number, number] = [1, 1];
    constructor(points: Float32Array, flat: boolean) {
        for (let i = 0; i < points.length; i += 5)
            if (points[i + 3] === 0) {
                this.x.push(points[i]);
                this.y.push(flat ? 0 : points[i + 1]);
            }
        [this.x, this.y].forEach((values, a) => {
            let low = Infinity, high = -Infinity;
            for (const v of values) { low = Math.min(low, v); high = Math.max(high, v); }
            this.wide[a] = high > low ? high - low : 1;
        });
        const count = Math.min(this.x.length, 400), found: number[] = [];
        for (let i = 0; i < count; i++) {
            const at = Math.floor(i * this.x.length / count);
            const d = this.nearest(this.x[at], this.y[at], true);
            if (d < Infinity) found.push(d);
        }
        found.sort((a, b) => a - b);
        this.within = Math.min(0.15, Math.max(0.05, 3 * (found.length ? found[found.length >> 1] : 0)));
    }
    /** As a share of the rows' range; other: of another place. */
    nearest(x: number, y: number, other = false): number {
        let least = Infinity;
        for (let i = 0; i < this.x.length; i++) {
            const dx = (x - this.x[i]) / this.wide[0], dy = (y - this.y[i]) / this.wide[1], d = dx * dx + dy * dy;
            if (d < least && (d > 0 || !other)) least = d;
        }
        return Math.sqrt(least);
    }
    near(x: number, y: number): boolean { return this.nearest(x, y) <= this.within; }
}
