// engine.ts - the WebAssembly module behind functions; knows nothing of pages and workers, so Node can use it too.
import type { Catalogue, Description, Figures, Settings, State } from "./protocol";

type Call = (...numbers: number[]) => number;
type Exports = Record<string, Call> & { memory: WebAssembly.Memory };

/** A call that the engine refused, with its sentence. */
export class Refused extends Error {}

export class Engine {
    private constructor(private readonly wasm: Exports) {}

    static async start(bytes: BufferSource): Promise<Engine> {
        const { instance } = (await WebAssembly.instantiate(bytes, {})) as unknown as { instance: WebAssembly.Instance };
        const wasm = instance.exports as unknown as Exports;
        wasm._initialize();
        if (!wasm.slope_start()) throw new Refused("this browser does not compute as it should, or has no memory left");
        return new Engine(wasm);
    }

    private put(bytes: Uint8Array): void {
        const at = this.wasm.slope_room(bytes.length);
        if (!at) throw new Refused("the memory is full");
        new Uint8Array(this.wasm.memory.buffer, at, bytes.length).set(bytes);
    }

    private texts(...texts: string[]): number {
        const bytes = new TextEncoder().encode(texts.map((text) => text.split("\0").join("") + "\0").join(""));
        this.put(bytes);
        return bytes.length;
    }

    answer(): string {
        const at = this.wasm.slope_answer();
        return new TextDecoder().decode(new Uint8Array(this.wasm.memory.buffer, at, this.wasm.slope_answer_length()).slice());
    }

    private checked(status: number): void {
        if (status) throw new Refused(this.answer());
    }

    private json<T>(status: number): T {
        this.checked(status);
        return JSON.parse(this.answer()) as T;
    }

    numbers(): Float32Array {
        return new Float32Array(this.wasm.memory.buffer, this.wasm.slope_numbers(), this.wasm.slope_numbers_count()).slice();
    }

    private settings(settings: Settings): number {
        return this.texts(...Object.entries(settings).flat());
    }

    /** Any export by its name: text is put into the room first, its length given first where it is wanted. */
    call(name: string, text: string, numbers: number[]): { answer: string; numbers: Float32Array } {
        if (!/^slope_[a-z_]+$/.test(name) || typeof this.wasm[name] !== "function") throw new Refused(`the engine has no ${name}`);
        this.texts(text);
        this.checked(this.wasm[name](...numbers));
        return { answer: this.answer(), numbers: this.numbers() };
    }

    catalogue(): Catalogue { return this.json(this.wasm.slope_catalogue()); }
    open(settings: Settings): Description { return this.json(this.wasm.slope_open(this.settings(settings))); }
    change(settings: Settings): Description { return this.json(this.wasm.slope_change(this.settings(settings))); }
    describe(): Description { return this.json(this.wasm.slope_describe()); }
    steps(count: number): State { return this.json(this.wasm.slope_steps(count)); }
    state(): State { return this.json(this.wasm.slope_state()); }
    axes(across: number, up: number, window: number[]): Description {
        this.checked(this.wasm.slope_axes(across, up, window[0], window[1], window[2], window[3]));
        return this.describe();
    }
    figures(part: string): Figures {
        this.texts(part);
        return this.json(this.wasm.slope_figures());
    }
    history(from: number): Float32Array { return this.taken(this.wasm.slope_history(from)); }
    points(): Float32Array { return this.taken(this.wasm.slope_points()); }
    picture(side: number): Float32Array { return this.taken(this.wasm.slope_picture(side)); }
    units(side: number): Float32Array { return this.taken(this.wasm.slope_units(side)); }
    alive(): Float32Array { return this.taken(this.wasm.slope_alive()); }
    weights(): Float32Array { return this.taken(this.wasm.slope_weights()); }
    setWeight(index: number, value: number): State { return this.json(this.wasm.slope_set_weight(index, value)); }

    private taken(status: number): Float32Array {
        this.checked(status);
        return this.numbers();
    }

    /* --- files in the engine's memory --- */

    write(path: string, bytes: Uint8Array): void {
        const name = new TextEncoder().encode(path + "\0");
        const all = new Uint8Array(name.length + bytes.length);
        all.set(name);
        all.set(bytes, name.length);
        this.put(all);
        if (this.wasm.slope_file_write(bytes.length)) throw new Refused(`${path}: this file cannot be kept`);
    }
    read(path: string): Uint8Array {
        this.texts(path);
        if (this.wasm.slope_file_read()) throw new Refused(`${path}: there is no such file`);
        return new Uint8Array(this.wasm.memory.buffer, this.wasm.slope_file(), this.wasm.slope_file_size()).slice();
    }
    list(folder: string): string[] {
        this.texts(folder);
        if (this.wasm.slope_file_list()) throw new Refused(`${folder}: there is no such folder`);
        return JSON.parse(this.answer()) as string[];
    }
    remove(path: string): void {
        this.texts(path);
        this.wasm.slope_file_remove();
    }
    keep(what: string): string {
        this.texts(what);
        this.checked(this.wasm.slope_keep());
        return this.answer();
    }
}
