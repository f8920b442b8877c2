// app.ts - what all parts of the page share: the worker, the settings, the last frame, and who wants to know.
import type { Catalogue, Changed, Description, Frame, FromWorker, Request, Settings } from "./protocol";
import { Change, Link, START, readLink, writeLink } from "./settings";

export interface Events {
    open: (description: Description) => void;   // a new training, also after a change of the net's words
    frame: (frame: Frame) => void;
    settings: (settings: Settings) => void;
    changed: (change: Change) => void;          // while it trained
    problem: (sentence: string | null) => void; // what the engine refused; null: all is well again
    points: (points: Float32Array) => void;
    ui: () => void;                             // app.ui was changed: the address follows
    linked: (link: Link) => void;               // once, after the page's own link was opened
}

/** One worker with one engine. */
export class Remote {
    private readonly worker: Worker;
    private next = 1;
    private readonly waiting = new Map<number, { done: (value: unknown) => void; failed: (why: Error) => void }>();
    onframe: ((frame: Frame) => void) | null = null;
    onfailed: ((sentence: string) => void) | null = null;
    readonly ready: Promise<void>;

    /** files: what lies in the engine's memory before it is ready. */
    constructor(source: string, engine: ArrayBuffer, files: Map<string, Uint8Array> = new Map()) {
        this.worker = new Worker(source);
        let isReady: () => void, isNot: (why: Error) => void;
        this.ready = new Promise((done, failed) => { isReady = done; isNot = failed; });
        this.worker.onmessage = (event: MessageEvent<FromWorker>) => {
            const message = event.data;
            if ("frame" in message) this.onframe?.(message.frame);
            else if ("ready" in message) {
                for (const [path, bytes] of files) void this.ask({ op: "file", path, bytes });
                isReady();
            }
            else if ("failed" in message) { isNot(new Error(message.failed)); this.onfailed?.(message.failed); }
            else {
                const who = this.waiting.get(message.id)!;
                this.waiting.delete(message.id);
                if (message.ok) who.done(message.value);
                else who.failed(new Error(message.error));
            }
        };
        this.worker.postMessage({ engine }, []);
    }

    ask<T>(request: Request): Promise<T> {
        const id = this.next++;
        return new Promise<T>((done, failed) => {
            this.waiting.set(id, { done: done as (value: unknown) => void, failed });
            this.worker.postMessage({ id, request });
        });
    }

    end(): void { this.worker.terminate(); }
}

/** Settings whose change begins a new training; the engine refuses others that it cannot carry over, and says so. */
const AFRESH = ["data", "test", "validation", "task", "init", "target", "columns", "numbers", "missing", "target_scale", "record", "rows",
    "weights", "biases", "seed", "skip_checks"];

export class App {
    settings: Settings = { ...START };
    ui: Record<string, string> = {};
    changes: Change[] = [];
    description: Description | null = null;
    frame: Frame | null = null;
    history: number[][] = []; // a row an epoch, in the columns of description.history
    points: Float32Array = new Float32Array();
    catalogue: Catalogue = {};
    private readonly listeners: { [K in keyof Events]: Events[K][] } = { open: [], frame: [], settings: [], changed: [], problem: [], points: [], ui: [], linked: [] };

    /** files: in the memory of every engine of this page; makeRemote gives them to new ones. */
    constructor(readonly remote: Remote, readonly makeRemote: () => Remote, readonly files: Map<string, Uint8Array> = new Map()) {
        remote.onframe = (frame) => this.take(frame);
        remote.onfailed = (sentence) => this.tell("problem", sentence);
    }

    on<K extends keyof Events>(event: K, listener: Events[K]): void { this.listeners[event].push(listener); }
    tell<K extends keyof Events>(event: K, ...what: Parameters<Events[K]>): void {
        for (const listener of this.listeners[event]) (listener as (...what: Parameters<Events[K]>) => void)(...what);
    }
    ask<T>(request: Request): Promise<T> { return this.remote.ask<T>(request); }
    /** A file for the engine to read, such as data.csv; null: removed. */
    async file(path: string, bytes: Uint8Array | null): Promise<void> {
        await this.ask({ op: "file", path, bytes });
        if (bytes) this.files.set(path, bytes);
        else this.files.delete(path);
    }

    private run = 0; // openings that were not refused
    private take(frame: Frame): void {
        if (frame.run !== this.run) return; // sent before an opening
        this.frame = frame;
        const columns = this.description?.history.length ?? 0;
        this.history.length = frame.from;
        for (let at = 0; columns && at < frame.history.length; at += columns) this.history.push(Array.from(frame.history.subarray(at, at + columns)));
        this.tell("frame", frame);
    }

    private waitingOpen: Promise<boolean> | null = null;
    /** A new training with the settings as they are. false: they were refused, which was said. */
    async open(settings: Settings = this.settings): Promise<boolean> {
        await this.waitingOpen;
        this.waitingOpen = this.reallyOpen(settings);
        return this.waitingOpen;
    }
    private async reallyOpen(settings: Settings): Promise<boolean> {
        const held: Frame[] = [];
        try {
            const asked = settings.epochs || settings.steps ? settings : { ...settings, epochs: "1000000" };
            this.remote.onframe = (frame) => held.push(frame); // it comes before the description
            const description = await this.ask<Description>({ op: "open", settings: asked });
            this.run++;
            this.settings = { ...settings };
            this.changes = [];
            this.description = description;
            this.history = [];
            this.points = await this.ask<Float32Array>({ op: "points" });
            this.tell("problem", null);
            this.tell("settings", this.settings);
            this.tell("open", description);
            this.tell("points", this.points);
            this.remote.onframe = (frame) => this.take(frame); // none overtakes those before
            for (const frame of held) this.take(frame);
            return true;
        } catch (error) {
            this.remote.onframe = (frame) => this.take(frame);
            for (const frame of held) this.take(frame);
            this.tell("problem", (error as Error).message);
            this.tell("settings", this.settings); // controls show again what holds
            return false;
        }
    }

    /** Some settings, "" for the default: on the way where that is possible and something was trained, else anew. */
    async set(some: Settings): Promise<boolean> {
        await this.waitingOpen; // what is set counts beside what was set just before
        const step = this.frame?.state.step ?? 0;
        const anew = step === 0 || !this.description || Object.keys(some).some((name) => AFRESH.includes(name));
        const all = { ...this.settings, ...some };
        for (const name of Object.keys(all)) if (all[name] === "") delete all[name];
        if (anew) return this.again(all);
        try {
            await this.change(some);
            return true;
        } catch (error) {
            if (/another net|settled before/.test((error as Error).message)) return this.again(all);
            this.tell("problem", (error as Error).message);
            this.tell("settings", this.settings);
            return false;
        }
    }
    /** Some settings, "" for the default, on the way and in no other manner: what cannot be is thrown as the engine says it. */
    async change(some: Settings): Promise<void> {
        const all = { ...this.settings, ...some };
        for (const name of Object.keys(all)) if (all[name] === "") delete all[name];
        const told = "epochs" in some || "steps" in some ? { ...some, epochs: all.epochs ?? (all.steps ? "" : "1000000") } : some;
        const { description, step } = await this.ask<Changed>({ op: "change", settings: told });
        this.settings = all;
        this.description = description;
        for (const [name, text] of Object.entries(some)) {
            const change = { step, name, text };
            this.changes.push(change);
            this.tell("changed", change);
        }
        this.tell("problem", null);
        this.tell("settings", this.settings);
    }
    /** A new training that plays on if the one before did. */
    private async again(settings: Settings): Promise<boolean> {
        const playing = this.frame?.playing ?? false;
        const done = await this.open(settings);
        if (done && playing) await this.play();
        return done;
    }

    async setWeight(index: number, value: number): Promise<void> {
        await this.ask({ op: "weight", index, value });
        const change = { step: this.frame?.state.step ?? 0, name: `weight.${index}`, text: String(value) };
        this.changes.push(change);
        this.tell("changed", change);
    }

    play(): Promise<unknown> { return this.ask({ op: "play" }); }
    pause(): Promise<unknown> { return this.ask({ op: "pause" }); }
    steps(count: number): Promise<unknown> { return this.ask({ op: "steps", count }); }

    link(proof: boolean): string {
        const state = this.frame?.state;
        return writeLink({
            settings: this.settings, ui: this.ui, changes: proof ? this.changes : [],
            step: proof && state ? state.step : null, digest: proof && state ? state.digest : null,
        });
    }
    static linked(hash: string): Link { return readLink(hash); }
}
