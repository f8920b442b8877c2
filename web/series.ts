// series.ts - columns of numbers that grow, whose least, most and mean between two places are found quickly: a curve of
// any length costs a few numbers a pixel.
import type { App } from "./app";

const FACTOR = 8; // a block of a level is so many of the level below
const LEVELS = 5;

export class Series {
    private values = new Float32Array(64);
    private readonly lows: Float32Array[] = [];
    private readonly highs: Float32Array[] = [];
    private readonly sums: Float64Array[] = []; // of finite ones: the sum, and how many
    count = 0;
    least = Infinity;         // of finite ones
    most = -Infinity;
    leastPositive = Infinity; // for a scale of logarithms

    static of(values: ArrayLike<number>): Series {
        const series = new Series();
        for (let i = 0; i < values.length; i++) series.push(values[i]);
        return series;
    }

    at(index: number): number { return index >= 0 && index < this.count ? this.values[index] : NaN; }
    get last(): number { return this.at(this.count - 1); }

    push(value: number): void {
        const at = this.count++;
        if (at === this.values.length) this.grow();
        this.values[at] = value;
        if (Number.isFinite(value)) {
            if (value < this.least) this.least = value;
            if (value > this.most) this.most = value;
            if (value > 0 && value < this.leastPositive) this.leastPositive = value;
        }
        for (let level = 0, block = FACTOR; level < LEVELS; level++, block *= FACTOR) {
            if (level === this.lows.length) this.level(block);
            const lows = this.lows[level], highs = this.highs[level], sums = this.sums[level], place = Math.floor(at / block);
            if (at % block === 0) { lows[place] = Infinity; highs[place] = -Infinity; sums[2 * place] = sums[2 * place + 1] = 0; }
            if (Number.isFinite(value)) { sums[2 * place] += value; sums[2 * place + 1]++; }
            if (value < lows[place]) lows[place] = value; // NaN is neither
            if (value > highs[place]) highs[place] = value;
        }
    }

    private level(block: number): void {
        const room = Math.ceil(this.values.length / block);
        this.lows.push(new Float32Array(room));
        this.highs.push(new Float32Array(room));
        this.sums.push(new Float64Array(2 * room));
    }

    private grow(): void {
        const longer = <T extends Float32Array | Float64Array>(old: T, now: T): T => {
            now.set(old);
            return now;
        };
        this.values = longer(this.values, new Float32Array(this.values.length * 2));
        for (let level = 0, block = FACTOR; level < this.lows.length; level++, block *= FACTOR) {
            const room = Math.ceil(this.values.length / block);
            this.lows[level] = longer(this.lows[level], new Float32Array(room));
            this.highs[level] = longer(this.highs[level], new Float32Array(room));
            this.sums[level] = longer(this.sums[level], new Float64Array(2 * room));
        }
    }

    /** Least, most and mean (of finite ones) of [from, to); [Infinity, -Infinity, NaN] where nothing is known. */
    within(from: number, to: number): [number, number, number] {
        let low = Infinity, high = -Infinity, sum = 0, finite = 0;
        to = Math.min(to, this.count);
        for (let i = from; i < to;) {
            let level = -1, block = 1;
            while (level + 1 < LEVELS && i % (block * FACTOR) === 0 && i + block * FACTOR <= to) { block *= FACTOR; level++; }
            const l = level < 0 ? this.values[i] : this.lows[level][i / block];
            const h = level < 0 ? this.values[i] : this.highs[level][i / block];
            if (l < low) low = l;
            if (h > high) high = h;
            if (level >= 0) {
                sum += this.sums[level][2 * (i / block)];
                finite += this.sums[level][2 * (i / block) + 1];
            } else if (Number.isFinite(l)) {
                sum += l;
                finite++;
            }
            i += block;
        }
        return [low, high, finite ? sum / finite : high];
    }
}

/** The history as columns; follows app.history when it is asked. */
export class Columns {
    names: string[] = [];
    private series: Series[] = [];
    private count = 0;
    private first: number[] | undefined;

    constructor(private readonly app: App) {}

    follow(): this {
        const names = this.app.description?.history ?? [], rows = this.app.history;
        if (rows.length < this.count || rows[0] !== this.first || names.join() !== this.names.join()) {
            this.names = names;
            this.series = names.map(() => new Series());
            this.count = 0;
        }
        this.first = rows[0];
        for (; this.count < rows.length; this.count++)
            for (let c = 0; c < this.series.length; c++) this.series[c].push(rows[this.count][c]);
        return this;
    }

    get epochs(): number { return this.count; }
    of(name: string): Series | null {
        const at = this.names.indexOf(name);
        return at < 0 ? null : this.series[at];
    }

    /** Where a step lies on the axis of epochs: 2.5 is in the middle of the third epoch. */
    epochOf(step: number): number {
        const steps = this.of("step");
        if (!steps || !this.count) return 0;
        let low = 0, high = this.count; // the first row whose step is not before
        while (low < high) {
            const middle = (low + high) >> 1;
            if (steps.at(middle) < step) low = middle + 1;
            else high = middle;
        }
        if (low === this.count) {
            const an = this.app.description?.stepsAnEpoch ?? 1;
            return this.count + Math.min(1, (step - steps.last) / an);
        }
        const before = low ? steps.at(low - 1) : 0, after = steps.at(low);
        return low + (after > before ? (step - before) / (after - before) : 1);
    }
}

const held = new WeakMap<App, Columns>();
/** One for all panels. */
export function columns(app: App): Columns {
    let found = held.get(app);
    if (!found) held.set(app, found = new Columns(app));
    return found.follow();
}
