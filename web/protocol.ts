// protocol.ts - what the page and its worker say to each other, and what the engine answers.

export interface Param { name: string; at: number; shape: number[] }
export interface Layer {
    name: string; type: string; text: string; depth: number; units: number;
    activation: string | null; pictures: boolean; params: Param[];
}
export interface Column { name: string; type: string; role: string; reason: string; words: string[] } // words: by their codes
/** What does not change while a training goes on (lab_describe). */
export interface Description {
    task: "classification" | "regression"; classes: string[]; inputs: string[]; features: number;
    rows: { train: number; validation: number; test: number };
    stepsAnEpoch: number; parameters: number; outputs: number; answers: number; net: string; loss: string;
    optimizer: string; lr: number; batch: number; preprocessing: string; flops: number;
    axes: [number, number]; window: [number, number, number, number]; // from, to across; from, to up
    history: string[]; columns: Column[]; layers: Layer[];
    seen: string[]; // names of the numbers that the net sees, of a table's columns
}
export interface Warning { step: number; name: string; sentence: string }
/** How it goes (lab_state). */
export interface State {
    step: number; epoch: number; stepInEpoch: number; epochs: number; batchLoss: number | null; lr: number | null; digest: string;
    over: boolean; diverged: boolean; message: string; bestEpoch: number; warnings: Warning[];
}
export interface Option {
    name: string; summary: string; normal: number | null; low: number | null; high: number | null; whole: boolean;
    choices: string | null; range: string; default: string;
}
export interface Word { name: string; summary: string; formula: string; source: string; example: string | null; options: Option[] }
export type Catalogue = Record<string, Word[]>;
export type Figures = Record<string, number | null> & { confusion: number[][] };

/** What the page draws: after an opening, a change, and while it trains many times a second. */
export interface Frame {
    run: number;               // of the how-manieth opening that was not refused
    state: State;
    from: number;              // of history: the epochs before are those of earlier frames
    history: Float32Array;     // [epochs - from, description.history.length]
    side: number;
    picture: Float32Array;     // [classes shown, side * side], the first row the lowest
    unitSide: number;
    units: Float32Array;       // layer after layer, unit after unit, [unitSide * unitSide] each
    weights: Float32Array;
    alive: Float32Array;       // of each layer with an activation: dead, saturated
    playing: boolean;
    stepsPerSecond: number;    // lately, in the engine alone
}

/** Settings by the names of run.json; the text is what `slope train` would be told. */
export type Settings = Record<string, string>;

/** What is asked of the worker; each is answered by the same id. */
export type Request =
    | { op: "catalogue" }
    | { op: "open"; settings: Settings }                       // -> Description
    | { op: "change"; settings: Settings }                     // -> Changed
    | { op: "play" } | { op: "pause" }
    | { op: "steps"; count: number }                           // then a frame
    | { op: "speed"; stepsPerFrame: number }                   // 0: as many as there is time for
    | { op: "stop"; belowLoss: number | null }
    | { op: "axes"; across: number; up: number; window: [number, number, number, number] | null }
    | { op: "sides"; picture: number; units: number }
    | { op: "points" }                                         // -> Float32Array: across, up, target, part, row
    | { op: "figures"; part: string }
    | { op: "weight"; index: number; value: number }
    | { op: "keep"; what: "model" | "json" | "run" }           // -> files
    | { op: "file"; path: string; bytes: Uint8Array | null }   // null: removed
    | { op: "call"; name: string; text: string; numbers: number[] }; // any other call of the engine -> CallAnswer
/** step: behind which the change holds. */
export interface Changed { description: Description; step: number }
export interface Kept { files: { path: string; bytes: Uint8Array }[] }
export interface CallAnswer { answer: string; numbers: Float32Array }

export type ToWorker = { id: number; request: Request } | { engine: ArrayBuffer };
export type FromWorker =
    | { id: number; ok: true; value: unknown }
    | { id: number; ok: false; error: string }
    | { ready: true }
    | { failed: string }
    | { frame: Frame };
