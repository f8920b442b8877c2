// settings.ts - the settings of a training, the link that holds them, and the command that does the same.
import type { Settings } from "./protocol";

/** A setting that was changed while it trained: holds behind that step. "weight.N": a weight set by hand. */
export interface Change { step: number; name: string; text: string }

/** As TensorFlow Playground begins, but for the loss: cross entropy. */
export const START: Settings = {
    data: "builtin:circle", test: "0.5", validation: "0", net: "4 tanh, 2 tanh", optimizer: "sgd", lr: "0.03",
    batch: "10", patience: "0", seed: "1",
};

/** Names that the engine takes; others stand for the page alone and begin with "ui." */
const NAMES = [
    "data", "test", "validation", "net", "activation", "task", "loss", "init", "sampling", "class_weight", "epochs", "steps", "batch",
    "accumulate", "lr_batch", "patience", "target", "columns", "numbers", "missing", "target_scale", "decimal", "delimiter", "encoding", "weight", "record", "rows", "weights", "biases",
    "optimizer", "lr", "momentum", "beta1", "beta2", "epsilon", "rho", "momentum_decay", "shrink", "grow", "step_low", "step_high",
    "decay", "clip_value", "clip_norm", "l1", "l1_prox", "max_norm", "average", "schedule", "warmup", "seed", "skip_checks",
];
/** Only the playground knows these; at most 4,000 characters a text, and MOST_CSV of a small table. */
const MOST = 4000;
export const MOST_CSV = 8000;

export interface Link {
    settings: Settings;
    ui: Record<string, string>;
    changes: Change[];
    step: number | null;   // trained so far ...
    digest: string | null; // ... to these weights
}

/** Reads what stands behind the # of an address. Nothing of it is run: names are looked up, texts go to the engine's checks. */
export function readLink(hash: string): Link {
    const link: Link = { settings: {}, ui: {}, changes: [], step: null, digest: null };
    for (const [name, text] of new URLSearchParams(hash.replace(/^#/, ""))) {
        if (text.length > (name === "ui.csv" ? MOST_CSV : MOST)) continue;
        if (name.startsWith("ui.")) link.ui[name.slice(3)] = text;
        else if (name === "step" && /^\d{1,9}$/.test(text)) link.step = Number(text);
        else if (name === "digest" && /^[0-9a-f]{16}$/.test(text)) link.digest = text;
        else if (name === "change") {
            const parts = /^(\d{1,9})~([a-z0-9_.]{1,32})~(.*)$/s.exec(text);
            if (parts && (NAMES.includes(parts[2]) || /^weight\.\d{1,7}$/.test(parts[2])))
                link.changes.push({ step: Number(parts[1]), name: parts[2], text: parts[3] });
        } else if (NAMES.includes(name)) link.settings[name] = text;
    }
    link.changes.sort((a, b) => a.step - b.step);
    return link;
}

export function writeLink(link: Link): string {
    const out = new URLSearchParams();
    for (const [name, text] of Object.entries(link.settings)) if (text !== "") out.append(name, text);
    for (const [name, text] of Object.entries(link.ui)) if (text !== "") out.append(`ui.${name}`, text);
    for (const c of link.changes) out.append("change", `${c.step}~${c.name}~${c.text}`);
    if (link.step !== null) out.append("step", String(link.step));
    if (link.digest !== null) out.append("digest", link.digest);
    return out.toString();
}

function quoted(text: string): string {
    return /^[A-Za-z0-9_.,:+=-]+$/.test(text) ? text : `'${text.split("'").join("'\\''")}'`;
}

/** The command that trains the same, to the bit, as far as no setting was changed on the way. */
export function command(settings: Settings, steps: number): string {
    const words = ["slope train", quoted(settings.data ?? "")];
    for (const [name, text] of Object.entries(settings)) {
        if (name === "data" || text === "" || (name === "patience" && text === "0") || name === "epochs") continue;
        if (name === "steps") continue;
        if (name === "columns") for (const line of text.split("\n")) words.push("--column", quoted(line));
        else words.push(`--${name.split("_").join("-")}`, quoted(text));
    }
    words.push("--steps", String(steps));
    return words.join(" ");
}
