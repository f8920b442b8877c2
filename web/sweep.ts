// sweep.ts - the same training with other settings, each beside the page in an engine of its own, two at a time.
import type { App, Remote } from "./app";
import { allFigures, CURVES } from "./pins";
import { Series } from "./series";
import type { Description, Figures, Frame, Settings, State } from "./protocol";

export const CELLS_MOST = 24;
const SIDE = 48;       // of a small picture
const PIECE_MS = 80;   // of steps between two pictures

/** One training of a sweep. */
export interface Cell {
    label: string;
    settings: Settings;
    state: State | null;
    description: Description | null;
    series: Map<string, Series>;
    picture: Float32Array | null;
    side: number;
    targets: [number, number]; // least and most, of regression
    figures: Record<string, Figures>;
    error: string;
    done: boolean;
}

/** "0.003; 0.03" in one or two settings, as all pairs. Throws a sentence. */
export function cells(base: Settings, axes: { name: string; values: string }[], steps: number): Cell[] {
    if (!Number.isInteger(steps) || steps < 1 || steps > 1e7) throw new Error(`steps: ${steps} were asked for: wants a whole number from 1 to 10,000,000`);
    let found: { label: string; settings: Settings }[] = [{ label: "", settings: { ...base } }];
    if (axes.length === 2 && axes[0].name === axes[1].name) throw new Error(`${axes[0].name} is chosen twice: choose another second setting, or none`);
    for (const { name, values } of axes) {
        const list = [...new Set(values.split(";").map((value) => value.trim()).filter((value) => value !== ""))];
        if (!list.length) throw new Error(`${name}: no values: write some with ; between them, such as 0.003; 0.03`);
        if (found.length * list.length > CELLS_MOST) throw new Error(`${found.length * list.length} trainings were asked for: wants at most ${CELLS_MOST}; leave some values out`);
        found = found.flatMap((cell) => list.map((value) => ({
            label: `${cell.label}${cell.label ? ", " : ""}${name} ${value}`, settings: { ...cell.settings, [name]: value },
        })));
    }
    return found.map(({ label, settings }) => {
        delete settings.steps; // the sweep's own number holds
        return { label, settings, state: null, description: null, series: new Map(), picture: null, side: SIDE, targets: [0, 1], figures: {}, error: "", done: false };
    });
}

/** How many parallel engines leave the page a core. */
export function lanes(): number { return Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1)); }

export class Sweep {
    private readonly remotes = new Set<Remote>();
    private stop: (why: Error) => void = () => undefined;
    private readonly stopped = new Promise<never>((_, failed) => { this.stop = failed; });
    cancelled = false;
    private next = 0;

    /** changed: a cell has something new to show. */
    constructor(private readonly app: App, readonly cells: Cell[], private readonly steps: number, private readonly changed: (cell: Cell) => void) {
        this.stopped.catch(() => undefined);
    }

    cancel(): void {
        this.cancelled = true;
        for (const remote of this.remotes) remote.end();
        this.stop(new Error("cancelled"));
    }

    async run(): Promise<void> {
        await Promise.all(Array.from({ length: Math.min(lanes(), this.cells.length) }, () => this.lane()));
    }

    private async lane(): Promise<void> {
        for (let cell = this.cells[this.next++]; cell && !this.cancelled; cell = this.cells[this.next++]) {
            const remote = this.app.makeRemote();
            this.remotes.add(remote);
            try {
                await Promise.race([this.train(remote, cell), this.stopped]);
            } catch (error) {
                if (!this.cancelled) cell.error = (error as Error).message;
            }
            remote.end();
            this.remotes.delete(remote);
            cell.done = !this.cancelled;
            this.changed(cell);
        }
    }

    private async train(remote: Remote, cell: Cell): Promise<void> {
        const early: Frame[] = []; // the first comes before the description
        remote.onframe = (frame) => {
            if (cell.description) this.take(cell, frame);
            else early.push(frame);
        };
        await remote.ready;
        const failed = new Promise<never>((_, no) => { remote.onfailed = (sentence) => no(new Error(sentence)); });
        failed.catch(() => undefined);
        for (const [path, bytes] of this.app.files) await remote.ask({ op: "file", path, bytes });
        await remote.ask({ op: "sides", picture: SIDE, units: 0 });
        const asked = cell.settings.epochs ? cell.settings : { ...cell.settings, epochs: "1000000" };
        cell.description = await remote.ask<Description>({ op: "open", settings: asked });
        if (cell.description.task === "regression") {
            const points = await remote.ask<Float32Array>({ op: "points" });
            cell.targets = [Infinity, -Infinity];
            for (let i = 2; i < points.length; i += 5) cell.targets = [Math.min(cell.targets[0], points[i]), Math.max(cell.targets[1], points[i])];
        }
        for (const frame of early) this.take(cell, frame);
        for (let piece = 16; cell.state!.step < this.steps && !cell.state!.over;) {
            const begin = performance.now();
            await Promise.race([remote.ask({ op: "steps", count: Math.min(piece, this.steps - cell.state!.step) }), failed]);
            const took = performance.now() - begin;
            if (took < PIECE_MS / 2) piece *= 2;
            else if (took > PIECE_MS * 2 && piece > 1) piece >>= 1;
        }
        cell.figures = await allFigures((part) => remote.ask<Figures>({ op: "figures", part }), cell.description.rows);
    }

    private take(cell: Cell, frame: Frame): void {
        cell.state = frame.state;
        cell.picture = frame.picture;
        cell.side = frame.side;
        const names = cell.description!.history;
        names.forEach((name, column) => {
            if (!CURVES.includes(name)) return;
            let series = cell.series.get(name);
            if (!series) cell.series.set(name, series = new Series());
            for (let at = column; at < frame.history.length; at += names.length) series.push(frame.history[at]);
        });
        this.changed(cell);
    }
}
