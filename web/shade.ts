// shade.ts - numbers to pixels, fast enough for every unit of a net sixty times a second.
import { blend, classColour, dark } from "./palette";

const STEPS = 256;
const table = new Uint32Array(2 * STEPS + 1);
let made: boolean | null = null;

function word(r: number, g: number, b: number): number {
    return (255 << 24 | Math.round(b) << 16 | Math.round(g) << 8 | Math.round(r)) >>> 0;
}

function shades(): Uint32Array {
    const now = dark();
    if (made !== now) {
        for (let i = 0; i <= 2 * STEPS; i++) table[i] = word(...blend(i / STEPS - 1));
        made = now;
    }
    return table;
}

/** What is no number. */
const UNKNOWN = word(128, 128, 128);

/** (values - middle) * scale, -1 .. 1, over a square whose first row of values is the lowest. */
export function shade(pixels: Uint32Array, width: number, x: number, y: number, values: Float32Array, at: number, side: number, scale: number, middle: number): void {
    const colours = shades();
    for (let row = 0; row < side; row++) {
        let to = (y + side - 1 - row) * width + x, from = at + row * side;
        for (let column = 0; column < side; column++) {
            const t = (values[from++] - middle) * scale;
            pixels[to++] = t >= 1 ? colours[2 * STEPS] : t <= -1 ? colours[0] : t === t ? colours[(t * STEPS + STEPS) | 0] : UNKNOWN;
        }
    }
}

function parts(hex: string): [number, number, number] {
    return [parseInt(hex.slice(1, 3), 16), parseInt(hex.slice(3, 5), 16), parseInt(hex.slice(5, 7), 16)];
}

/** The likeliest of several classes [classes, side * side] in its colour, the paler the less sure. */
export function shadeClasses(pixels: Uint32Array, values: Float32Array, classes: number, side: number, sure: boolean): void {
    const paper = dark() ? 28 : 245, levels = 33;
    const colours = new Uint32Array(classes * levels);
    for (let k = 0; k < classes; k++) {
        const to = parts(classColour(k));
        for (let i = 0; i < levels; i++) {
            const t = 0.75 * i / (levels - 1);
            colours[k * levels + i] = word(paper + (to[0] - paper) * t, paper + (to[1] - paper) * t, paper + (to[2] - paper) * t);
        }
    }
    const cells = side * side;
    for (let i = 0; i < cells; i++) {
        let best = 0;
        for (let k = 1; k < classes; k++) if (values[k * cells + i] > values[best * cells + i]) best = k;
        const p = (values[best * cells + i] - 1 / classes) / (1 - 1 / classes);
        const level = sure ? levels - 1 : p !== p ? 0 : Math.max(0, Math.min(levels - 1, Math.round((0.15 + 0.85 * p) * (levels - 1))));
        pixels[(side - 1 - Math.floor(i / side)) * side + i % side] = values[i] === values[i] ? colours[best * levels + level] : UNKNOWN;
    }
}

/** Values on a finer grid of side * times, straight between the middles of the places. */
export function finer(values: Float32Array, layers: number, side: number, times: number): Float32Array {
    const n = side * times, out = new Float32Array(layers * n * n);
    const low = new Int32Array(n), share = new Float32Array(n);
    for (let i = 0; i < n; i++) {
        const place = Math.max(0, Math.min(side - 1, (i + 0.5) / times - 0.5));
        low[i] = Math.min(side - 2, Math.floor(place));
        share[i] = place - low[i];
    }
    for (let k = 0; k < layers; k++)
        for (let y = 0; y < n; y++) {
            const a = k * side * side + low[y] * side, b = a + side, up = share[y], to = (k * n + y) * n;
            for (let x = 0; x < n; x++) {
                const l = low[x], s = share[x];
                const below = values[a + l] + (values[a + l + 1] - values[a + l]) * s;
                const above = values[b + l] + (values[b + l + 1] - values[b + l]) * s;
                out[to + x] = below + (above - below) * up;
            }
        }
    return out;
}

/** Some canvas of pixels that is drawn larger elsewhere. */
export class Plate {
    readonly canvas = document.createElement("canvas");
    private image: ImageData | null = null;
    pixels = new Uint32Array();
    size(width: number, height: number): Uint32Array {
        if (!this.image || this.image.width !== width || this.image.height !== height) {
            this.canvas.width = width;
            this.canvas.height = height;
            this.image = new ImageData(width, height);
            this.pixels = new Uint32Array(this.image.data.buffer);
        }
        return this.pixels;
    }
    done(): void { this.canvas.getContext("2d")!.putImageData(this.image!, 0, 0); }
}

/** How what a layer gives becomes -1 .. 1: bounded functions as they are, others by the largest. */
export function range(activation: string | null, values: Float32Array, from: number, to: number): { scale: number; middle: number } {
    if (activation === "tanh") return { scale: 1, middle: 0 };
    if (activation && /^(hard_)?sigmoid$|^softmax$|^step$/.test(activation)) return { scale: 2, middle: 0.5 };
    let most = 0;
    for (let i = from; i < to; i++) {
        const size = Math.abs(values[i]);
        if (size > most && size < Infinity) most = size;
    }
    return { scale: most > 0 ? 1 / most : 1, middle: 0 };
}
