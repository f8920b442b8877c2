// net_draw.ts - a net's columns on a canvas, and what stands where on it.
import { CLASSES, blended } from "./palette";
import { Column, Layout, Sizes, unitTop, unitsBefore } from "./net_layout";
import type { Description, Frame } from "./protocol";
import { Plate, range, shade } from "./shade";
import { PLANE_MOST, clipped } from "./plane";

/** What is pointed at: a unit, or with `source` the weight that leads to it; numbers are of drawn ones. */
export interface Target { column: number; unit: number; source: number | null }

export function same(a: Target | null, b: Target | null): boolean {
    return a === b || (!!a && !!b && a.column === b.column && a.unit === b.unit && a.source === b.source);
}

/** The number among all parameters of a weight. */
export function weightAt(layout: Layout, t: Target): number {
    const column = layout.columns[t.column];
    return column.weight + column.drawn[t.unit] * column.fan + layout.columns[column.from].drawn[t.source!];
}

const LEVELS = 10;

export class Drawing {
    private readonly plate = new Plate();
    inputs: { side: number; values: Float32Array } | null = null; // of each side * side
    constructor(readonly d: Description, readonly layout: Layout, readonly sizes: Sizes) {}

    private ends(t: { column: number; unit: number; source: number }): [number, number, number, number] {
        const { unit } = this.sizes, to = this.layout.columns[t.column], from = this.layout.columns[to.from];
        return [from.x + unit, unitTop(this.sizes, from, t.source) + unit / 2, to.x, unitTop(this.sizes, to, t.unit) + unit / 2];
    }

    private trace(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
        const middle = (x0 + x1) / 2;
        context.moveTo(x0, y0);
        context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
    }

    private lines(context: CanvasRenderingContext2D, frame: Frame, column: number): void {
        const c = this.layout.columns[column], from = this.layout.columns[c.from], w = frame.weights;
        if (c.weight < 0 || c.from < 0) return;
        let most = 1;
        for (const unit of c.drawn) for (const source of from.drawn) {
            const size = Math.abs(w[c.weight + unit * c.fan + source]);
            if (size > most && size < Infinity) most = size;
        }
        const sorted: number[][] = Array.from({ length: 2 * LEVELS }, () => []);
        const wide = c.drawn.length * from.drawn.length > 100 ? 3 : 5;
        c.drawn.forEach((unit, j) => from.drawn.forEach((source, i) => {
            const value = w[c.weight + unit * c.fan + source];
            const level = value === value ? Math.min(LEVELS - 1, Math.floor(Math.abs(value) / most * LEVELS)) : 0;
            sorted[value < 0 ? level : LEVELS + level].push(j, i);
        }));
        sorted.forEach((some, which) => {
            if (!some.length) return;
            const size = (which % LEVELS + 0.5) / LEVELS;
            context.beginPath();
            for (let k = 0; k < some.length; k += 2) this.trace(context, ...this.ends({ column, unit: some[k], source: some[k + 1] }));
            context.lineWidth = 0.6 + wide * size;
            context.strokeStyle = blended((which < LEVELS ? -1 : 1) * (0.25 + 0.75 * size));
            context.setLineDash(which < LEVELS ? [6, 3] : []); // negative: broken lines, so that the colour is not alone
            context.stroke();
        });
        context.setLineDash([]);
    }

    private groups(context: CanvasRenderingContext2D, faint: string): void {
        const { unit } = this.sizes;
        context.strokeStyle = context.fillStyle = faint;
        context.lineWidth = 1.5;
        context.textAlign = "center";
        context.textBaseline = "bottom";
        for (const bridge of this.layout.bridges) {
            const from = this.layout.columns[bridge.from], to = this.layout.columns[bridge.to];
            const y = 17 + bridge.depth * 18, x0 = from.x + unit + 8, x1 = to.x + unit / 2;
            context.beginPath();
            context.moveTo(x0, unitTop(this.sizes, from, 0) + unit / 2);
            context.lineTo(x0, y);
            context.lineTo(x1, y);
            context.lineTo(x1, unitTop(this.sizes, to, 0) - 2);
            context.stroke();
            context.fillText(`${bridge.name}: what went in is added`, (x0 + x1) / 2, y - 1);
            context.beginPath();
            const inner = this.layout.columns[bridge.to - 1];
            to.drawn.forEach((_, i) => {
                if (i < inner.drawn.length) this.trace(context, inner.x + unit, unitTop(this.sizes, inner, i) + unit / 2, to.x, unitTop(this.sizes, to, i) + unit / 2);
            });
            context.setLineDash([1, 3]);
            context.stroke();
            context.setLineDash([]);
        }
    }

    /** From inputs to the terms that are made of them: "x1*x2" is of the first and the second. */
    private terms(context: CanvasRenderingContext2D, column: number, faint: string): void {
        const { unit } = this.sizes, c = this.layout.columns[column], from = this.layout.columns[column - 1];
        context.strokeStyle = faint;
        context.lineWidth = 1;
        context.setLineDash([1, 3]);
        context.beginPath();
        c.drawn.forEach((which, i) => {
            for (const [, number] of (c.names[which] ?? "").matchAll(/x(\d+)/g)) {
                const source = from.drawn.indexOf(Number(number) - 1);
                if (source >= 0) this.trace(context, from.x + unit, unitTop(this.sizes, from, source) + unit / 2, c.x, unitTop(this.sizes, c, i) + unit / 2);
            }
        });
        context.stroke();
        context.setLineDash([]);
    }

    /** Marks behind a column: dropout, batch_norm, ... */
    private beside(context: CanvasRenderingContext2D, c: Column, faint: string): void {
        const { unit } = this.sizes, last = c.drawn.length - 1;
        context.strokeStyle = faint;
        context.lineWidth = 2;
        c.beside.forEach((_, k) => {
            const x = c.x + unit + 4 + 4 * k;
            context.beginPath();
            context.moveTo(x, unitTop(this.sizes, c, 0) - 3);
            context.lineTo(x, unitTop(this.sizes, c, last) + unit + 3);
            context.stroke();
        });
    }

    draw(context: CanvasRenderingContext2D, frame: Frame, from: number, room: number, chosen: Target | null): void {
        const { unit, height } = this.sizes, { layout, d } = this;
        const style = getComputedStyle(document.documentElement);
        const ink = style.getPropertyValue("--ink"), faint = style.getPropertyValue("--faint"), line = style.getPropertyValue("--line"), accent = style.getPropertyValue("--accent");
        context.clearRect(0, 0, room, height);
        context.save();
        context.translate(-from, 0);
        context.font = "12px system-ui, sans-serif";
        const seen = (c: Column): boolean => c.x + unit > from - 60 && c.x < from + room + 60;
        layout.columns.forEach((c, i) => { if (c.from >= 0 && (seen(c) || seen(layout.columns[c.from]))) this.lines(context, frame, i); });
        layout.columns.forEach((c, i) => { if (c.kind === "other" && c.names.length && i > 0) this.terms(context, i, faint); });
        if (layout.bridges.length) this.groups(context, faint);
        const visible = layout.columns.filter(seen);
        this.pictures(visible, frame);
        let at = 0;
        const side = Math.max(this.side(frame), 2), sharp = this.plate.canvas;
        for (const c of visible) {
            this.beside(context, c, faint);
            c.drawn.forEach((which, i) => {
                const y = unitTop(this.sizes, c, i), drawn = this.drawn(c);
                context.fillStyle = line;
                context.fillRect(c.x, y, unit, unit);
                if (drawn) {
                    context.imageSmoothingEnabled = true;
                    context.drawImage(sharp, 0, at * side, side, side, c.x, y, unit, unit);
                    at++;
                }
                context.strokeStyle = c.kind === "output" && d.classes.length > 2 ? CLASSES[which % CLASSES.length] : faint;
                context.lineWidth = c.kind === "output" && d.classes.length > 2 ? 2.5 : 1;
                context.strokeRect(c.x - 0.5, y - 0.5, unit + 1, unit + 1);
                if (c.bias >= 0) { // as TensorFlow Playground: a small square in the corner
                    const value = frame.weights[c.bias + which];
                    context.fillStyle = blended(Math.max(-1, Math.min(1, value)));
                    context.fillRect(c.x - 4, y + unit - 4, 7, 7);
                    context.lineWidth = 1;
                    context.strokeStyle = faint;
                    context.strokeRect(c.x - 4, y + unit - 4, 7, 7);
                }
                const name = c.names[which] ?? (c.kind === "inputs" && c.drawn.length < c.units ? String(which + 1) : "");
                if (name && c.kind !== "dense") {
                    context.fillStyle = ink;
                    context.textBaseline = "middle";
                    const inputs = c.kind === "inputs", right = c.kind === "output";
                    context.textAlign = inputs ? "right" : right ? "left" : "center";
                    if (inputs || right) context.fillText(clipped(name, inputs ? 11 : 8), inputs ? c.x - 6 : c.x + unit + 6, y + unit / 2);
                    else {
                        context.textBaseline = "top";
                        context.fillText(clipped(name, 12), c.x + unit / 2, y + unit + 1);
                    }
                }
                if (c.kind === "sum" || (c.kind === "other" && !drawn)) {
                    context.fillStyle = ink;
                    context.textAlign = "center";
                    context.textBaseline = "middle";
                    context.fillText(c.kind === "sum" ? "+" : "", c.x - 8, y + unit / 2);
                }
            });
        }
        if (chosen) this.highlight(context, chosen, accent);
        context.restore();
    }

    private highlight(context: CanvasRenderingContext2D, t: Target, accent: string): void {
        const { unit } = this.sizes, c = this.layout.columns[t.column];
        context.strokeStyle = accent;
        context.lineWidth = 3;
        context.beginPath();
        if (t.source === null) context.rect(c.x - 2.5, unitTop(this.sizes, c, t.unit) - 2.5, unit + 5, unit + 5);
        else this.trace(context, ...this.ends({ column: t.column, unit: t.unit, source: t.source }));
        context.stroke();
    }

    /** Of rows that are pictures: a unit of the first layer is drawn as the weights it has for their points. */
    private weighs(c: Column): boolean {
        return this.d.features > PLANE_MOST && c.from === 0 && c.fan === this.d.features && Number.isInteger(Math.sqrt(c.fan));
    }

    private drawn(c: Column): boolean {
        if (this.d.features > PLANE_MOST) return this.weighs(c);
        return c.shows >= 0 ? this.d.layers[c.shows].pictures : !!this.inputs && this.inputs.values.length === c.units * this.inputs.side ** 2;
    }

    /** An input over the plane, from its lowest number there to its highest; flat where it stays the same. */
    private input(pixels: Uint32Array, which: number, y: number, side: number): void {
        const { side: of, values } = this.inputs!, cells = of * of, at = which * cells;
        let low = Infinity, high = -Infinity;
        for (let i = at; i < at + cells; i++) { low = Math.min(low, values[i]); high = Math.max(high, values[i]); }
        const out = new Float32Array(side * side);
        for (let i = 0; i < out.length; i++) // to as many places as units have
            out[i] = values[at + Math.floor((Math.floor(i / side) + 0.5) * of / side) * of + Math.floor((i % side + 0.5) * of / side)];
        shade(pixels, side, 0, y, out, 0, side, high > low ? 2 / (high - low) : 0, (low + high) / 2);
    }

    private side(frame: Frame): number {
        return this.d.features > PLANE_MOST ? Math.sqrt(this.d.features) : frame.unitSide;
    }

    /** Every drawn unit's picture, one below the other on one plate. */
    private pictures(columns: Column[], frame: Frame): void {
        const side = this.side(frame);
        if (side < 2) return;
        const cells = side * side, before = unitsBefore(this.d);
        const count = columns.reduce((sum, c) => sum + (this.drawn(c) ? c.drawn.length : 0), 0);
        if (!count) return;
        const pixels = this.plate.size(side, count * side);
        let at = 0;
        for (const c of columns) {
            if (!this.drawn(c)) continue;
            if (this.weighs(c)) {
                for (const which of c.drawn) {
                    const values = frame.weights.slice(c.weight + which * c.fan, c.weight + (which + 1) * c.fan), turned = new Float32Array(c.fan);
                    for (let row = 0; row < side; row++) turned.set(values.subarray(row * side, row * side + side), (side - 1 - row) * side);
                    shade(pixels, side, 0, at++ * side, turned, 0, side, range(null, turned, 0, c.fan).scale, 0);
                }
                continue;
            }
            const layer = c.shows >= 0 ? this.d.layers[c.shows] : null, first = layer ? before[c.shows] * cells : 0;
            const how = layer ? range(layer.type === "dense" || layer.type === "activation" ? layer.activation : null, frame.units, first, first + c.units * cells) : null;
            for (const which of c.drawn) {
                const own = c.kind === "other" ? range(null, frame.units, first + which * cells, first + (which + 1) * cells) : how; // terms have little in common
                if (own) shade(pixels, side, 0, at * side, frame.units, first + which * cells, side, own.scale, own.middle);
                else this.input(pixels, which, at * side, side);
                at++;
            }
        }
        this.plate.done();
    }

    /** What is at a place, lines within some pixels. */
    hit(x: number, y: number, reach: number): Target | null {
        const { unit } = this.sizes, { columns } = this.layout;
        for (let k = 0; k < columns.length; k++) {
            const c = columns[k];
            if (x < c.x - 4 || x > c.x + unit + 4) continue;
            for (let i = 0; i < c.drawn.length; i++) {
                const top = unitTop(this.sizes, c, i);
                if (y >= top - 3 && y <= top + unit + 3) return { column: k, unit: i, source: null };
            }
        }
        let best: Target | null = null, away = reach;
        columns.forEach((c, k) => {
            if (c.from < 0 || x > c.x || x < columns[c.from].x + unit) return;
            const x0 = columns[c.from].x + unit, share = (x - x0) / (c.x - x0);
            let low = 0, high = 1; // the curve's parameter there: x goes as 1.5 t (1 - t) + t^3, the same for all lines of the gap
            for (let n = 0; n < 20; n++) {
                const t = (low + high) / 2, at = 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t * t * t;
                if (at < share) low = t; else high = t;
            }
            const rise = low * low * (3 - 2 * low);
            c.drawn.forEach((_, unitAt) => columns[c.from].drawn.forEach((__, source) => {
                const [, y0, , y1] = this.ends({ column: k, unit: unitAt, source });
                const distance = Math.abs(y0 + (y1 - y0) * rise - y);
                if (distance < away) { away = distance; best = { column: k, unit: unitAt, source }; }
            }));
        });
        return best;
    }
}
