// surface.ts - numbers over a plane as bands of colour with lines between them.

export interface Surface { side: number; values: Float32Array; log: boolean; low: number; high: number } // row 0 is the lowest

/** From dark to light, each step as far as the next for the eye, also without red or green ("viridis", Smith, van der Walt 2015). */
const STOPS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
export const BANDS = 14;

export function surface(values: Float32Array, side: number, scale: "auto" | "log" | "linear"): Surface {
    let low = Infinity, high = -Infinity;
    for (const v of values) if (Number.isFinite(v)) {
        low = Math.min(low, v);
        high = Math.max(high, v);
    }
    const log = low > 0 && (scale === "log" || (scale === "auto" && high > 20 * low));
    return { side, values, log, low, high };
}

/** 0 .. 1 between the lowest and the highest; NaN stays. */
export function share(s: Surface, value: number): number {
    if (!(s.high > s.low)) return Number.isFinite(value) ? 0 : NaN;
    return s.log ? Math.log(value / s.low) / Math.log(s.high / s.low) : (value - s.low) / (s.high - s.low);
}
export function valueAt(s: Surface, part: number): number {
    return s.log ? s.low * Math.exp(part * Math.log(s.high / s.low)) : s.low + part * (s.high - s.low);
}
export function colour(part: number): [number, number, number] {
    if (!Number.isFinite(part)) return [128, 128, 128];
    const band = Math.min(BANDS - 1, Math.max(0, Math.floor(part * BANDS)));
    const place = (band / (BANDS - 1)) * (STOPS.length - 1), at = Math.min(STOPS.length - 2, Math.floor(place)), t = place - at;
    return [0, 1, 2].map((i) => STOPS[at][i] + (STOPS[at + 1][i] - STOPS[at][i]) * t) as [number, number, number];
}

/** Between the four places around x, y (0 .. side - 1); where one has no number, that of the nearest. */
export function between(s: Surface, x: number, y: number): number {
    const i = Math.min(s.side - 2, Math.max(0, Math.floor(x))), j = Math.min(s.side - 2, Math.max(0, Math.floor(y)));
    const u = x - i, v = y - j, at = (a: number, b: number): number => s.values[(j + b) * s.side + i + a];
    const mean = (at(0, 0) * (1 - u) + at(1, 0) * u) * (1 - v) + (at(0, 1) * (1 - u) + at(1, 1) * u) * v;
    return Number.isFinite(mean) ? mean : at(Math.round(u), Math.round(v));
}

export function bands(s: Surface, size: number): ImageData {
    const image = new ImageData(size, size);
    for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++) {
            const part = share(s, between(s, ((column + 0.5) / size) * (s.side - 1), (1 - (row + 0.5) / size) * (s.side - 1)));
            image.data.set([...colour(part), Number.isNaN(part) ? 90 : 255], (row * size + column) * 4);
        }
    return image;
}

/** The lines between bands: x, y of both ends (in places of the grid), found cell by cell. */
export function lines(s: Surface, each: (x0: number, y0: number, x1: number, y1: number) => void): void {
    for (let k = 1; k < BANDS; k++) {
        const level = valueAt(s, k / BANDS);
        for (let j = 0; j + 1 < s.side; j++)
            for (let i = 0; i + 1 < s.side; i++) {
                const corner = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]], v = corner.map(([x, y]) => s.values[y * s.side + x]);
                if (!v.every(Number.isFinite)) continue;
                const cuts: [number, number][] = [];
                for (let e = 0; e < 4; e++) {
                    const a = v[e], b = v[(e + 1) % 4];
                    if (a < level === b < level) continue;
                    const t = (level - a) / (b - a), from = corner[e], to = corner[(e + 1) % 4];
                    cuts.push([from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t]);
                }
                for (let c = 0; c + 1 < cuts.length; c += 2) each(cuts[c][0], cuts[c][1], cuts[c + 1][0], cuts[c + 1][1]);
            }
    }
}
