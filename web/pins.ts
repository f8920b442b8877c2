// pins.ts - runs that were kept to be compared with: settings, curves, figures, digest.
import type { App } from "./app";
import { Columns, Series } from "./series";
import type { Description, Figures, Settings, State } from "./protocol";

export interface Pin {
    letter: string;
    settings: Settings;
    files: Map<string, Uint8Array>; // that its data was read from
    changes: number;                // settings and weights that were changed on the way
    step: number; epochs: number; stepsAnEpoch: number;
    digest: string; over: string;
    figures: Record<string, Figures>; // by part
    series: Map<string, Series>;
    ghost: boolean;                   // drawn beside the curves
}
export const PINS_MOST = 12;
export const CURVES = ["train_loss", "validation_loss", "test_loss", "train_accuracy", "validation_accuracy", "test_accuracy", "train_rmse", "validation_rmse", "test_rmse"];

export class Pins {
    list: Pin[] = [];
    measured: { digest: string; figures: Record<string, Figures> } | null = null; // of the run that goes on, by the panel of figures
    private readonly listeners: (() => void)[] = [];
    on(listener: () => void): void { this.listeners.push(listener); }
    changed(): void { for (const listener of this.listeners) listener(); }

    /** false: there are as many as there may be. */
    add(pin: Omit<Pin, "letter" | "ghost">): boolean {
        if (this.list.length >= PINS_MOST) return false;
        const letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("").find((l) => !this.list.some((p) => p.letter === l))!;
        this.list.push({ ...pin, letter, ghost: true });
        this.list.sort((a, b) => (a.letter < b.letter ? -1 : 1));
        this.changed();
        return true;
    }
    remove(pin: Pin): void {
        this.list = this.list.filter((p) => p !== pin);
        this.changed();
    }
}

const held = new WeakMap<App, Pins>();
export function pins(app: App): Pins {
    let found = held.get(app);
    if (!found) held.set(app, found = new Pins());
    return found;
}

/** Copies of the curves, as those of a training go on. */
export function copyCurves(columns: Columns): Map<string, Series> {
    const copies = new Map<string, Series>();
    for (const name of CURVES) {
        const from = columns.of(name);
        if (!from || from.most < from.least) continue; // nothing is known of it
        const copy = new Series();
        for (let i = 0; i < from.count; i++) copy.push(from.at(i));
        copies.set(name, copy);
    }
    return copies;
}

/** Why no step is possible any more; "": one is. */
export function ended(state: State, settings: Settings): string {
    if (state.message) return state.message;
    if (!state.over) return "";
    const at = `over after epoch ${state.epoch.toLocaleString("en")}, step ${state.step.toLocaleString("en")}`;
    if (settings.steps && state.step >= Number(settings.steps)) return `${at}: these are the steps that were set`;
    if (settings.epochs && state.epoch >= Number(settings.epochs)) return `${at}: these are the epochs that were set`;
    const patience = Number(settings.patience ?? "10");
    if (patience > 0) return `${at}: none was better than epoch ${state.bestEpoch} for ${patience} epochs (patience)`;
    return `${at}: nothing is left to be done`;
}

/** The figures of all parts there are. */
export async function allFigures(ask: (part: string) => Promise<Figures>, rows: Description["rows"]): Promise<Record<string, Figures>> {
    const found: Record<string, Figures> = {};
    for (const part of ["train", "validation", "test"] as const) if (rows[part]) found[part] = await ask(part);
    return found;
}

/** The run as it stands; training waits meanwhile, so that all numbers are of the same weights. */
export async function pinNow(app: App, history: Columns): Promise<boolean> {
    const playing = app.frame?.playing ?? false;
    if (playing) await app.pause();
    const d = app.description, state = app.frame?.state;
    if (!d || !state) return false;
    const figures = await allFigures((part) => app.ask<Figures>({ op: "figures", part }), d.rows);
    const added = pins(app).add({
        settings: { ...app.settings }, files: new Map(app.files), changes: app.changes.length, step: state.step, epochs: state.epochs,
        stepsAnEpoch: d.stepsAnEpoch, digest: state.digest, over: ended(state, app.settings), figures, series: copyCurves(history.follow()),
    });
    if (playing) await app.play();
    return added;
}

/** Begins anew with a run's settings, and with the data that it had. */
export async function takeOver(app: App, settings: Settings, files: Map<string, Uint8Array>): Promise<boolean> {
    for (const [path, bytes] of files) if (app.files.get(path) !== bytes) await app.file(path, bytes);
    return app.open({ ...settings });
}
