// own.ts - one's own table: into the engines' memory and out of it again, sampled, packed into the link. It never
// leaves the page, but for small tables in links that someone copies.
import type { App } from "./app";
import type { Settings } from "./protocol";
import type { Link } from "./settings";
import { fingerprint, gunzipped, packed, rowsOf, sample, unpacked } from "./table";

export const PATH = "data.csv";
const LARGEST = 50e6;    // bytes of a file
const ROWS = 5000;       // more are sampled
const LINK = 4000;       // letters of a table in a link
const INFLATED = 500000; // bytes that such letters may become

export interface Table {
    name: string; bytes: Uint8Array; names: string[];
    rows: number; taken: number;       // of the file; that are here
    whole: Uint8Array;                 // the file
    target: string; columns: Record<string, string>;
    said: string;                      // what was done to it
    before: Table | null;              // what it was made of
}

/** Settings that speak of one table alone; "" takes them back. */
export const OF_A_TABLE: Settings = {
    target: "", columns: "", numbers: "", missing: "", decimal: "", delimiter: "", encoding: "", weight: "", target_scale: "", task: "",
    skip_checks: "", loss: "", class_weight: "", weights: "", biases: "",
};

const withCommas = (n: number): string => n.toLocaleString("en");

/** A file's bytes as a table; or a sentence that says why not. all: however many rows there are. */
export async function tableOf(name: string, source: Blob | Uint8Array, all = false): Promise<Table | string> {
    const size = source instanceof Blob ? source.size : source.length;
    if (size > LARGEST)
        return `${name} has ${withCommas(Math.round(size / 1e6))} MB: this page reads up to ${LARGEST / 1e6} MB. Take a part of it, or train with the command: slope train ${name}`;
    let bytes = source instanceof Blob ? new Uint8Array(await source.arrayBuffer()) : source;
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
        const large = await gunzipped(bytes, LARGEST);
        if (!large) return `${name} is gzip data that is broken, or of more than ${LARGEST / 1e6} MB unpacked: unpack it, and take a part of it`;
        bytes = large;
        name = name.replace(/\.gz$/, "");
    }
    const part = sample(bytes, all ? Infinity : ROWS);
    const said = part.taken < part.rows ? `${withCommas(part.taken)} of ${withCommas(part.rows)} rows, taken at random, always the same ones.` : "";
    const names = rowsOf(part.bytes, 1)[0] ?? [];
    return { name, bytes: part.bytes, names, rows: part.rows, taken: part.taken, whole: bytes, target: names[names.length - 1] ?? "", columns: {}, said, before: null };
}

/** A training on it; where it is refused the table before stays, in the engine too. */
export async function openTable(app: App, table: Table, also: Settings): Promise<boolean> {
    const before = app.files.get(PATH) ?? null;
    await app.file(PATH, table.bytes);
    const columns = Object.entries(table.columns).filter(([, word]) => word !== "").map(([name, word]) => `${name}=${word}`).join("\n");
    const done = await app.set({ ...also, data: PATH, target: table.target, columns });
    if (!done) await app.file(PATH, before);
    else await describeInLink(app, table);
    return done;
}

async function describeInLink(app: App, table: Table): Promise<void> {
    const text = await packed(table.bytes, LINK);
    app.ui.csv = text ?? "";
    app.ui.file = table.name.slice(0, 80);
    app.ui.print = text ? "" : fingerprint(table.whole);
    app.ui.rows = table.taken > ROWS ? "all" : "";
    app.tell("ui");
}
/** Other data are open: the link speaks of no table any more. */
export function forgetInLink(app: App): void {
    if (!app.ui.file && !app.ui.csv) return;
    for (const name of ["csv", "file", "print", "rows"]) delete app.ui[name];
    app.tell("ui");
}

/** A link whose table is not here: as soon as the table is, the link is opened. */
let awaited: { link: Link; print: string } | null = null;
export function waitsFor(): { link: Link; print: string } | null { return awaited; }
export function waitNoMore(): void { awaited = null; }

/** Before a link's settings are opened: its table into memory. A sentence: it is not there. */
export async function tableOfLink(app: App, link: Link): Promise<string | null> {
    const data = link.settings.data ?? "";
    if (data === "" || data.startsWith("builtin:")) {
        forgetInLink(app);
        return null;
    }
    const name = (link.ui.file ?? "").slice(0, 80) || data.slice(0, 80);
    const bytes = link.ui.csv ? await unpacked(link.ui.csv, INFLATED) : null;
    if (bytes && data === PATH) {
        await app.file(PATH, bytes);
        return null;
    }
    const print = /^[0-9a-f]{16}$/.test(link.ui.print ?? "") ? link.ui.print : "";
    const whole = { ...link, ui: { ...link.ui } };
    for (const word of ["csv", "file", "print", "rows"]) delete app.ui[word];
    if (whole.ui.csv) return `The link brings a table, ${name}, but what it brings cannot be read: it was cut off or changed on the way. The page begins with its own data.`;
    awaited = { link: whole, print };
    return `The link is about the table ${name}, which stays with whoever made the link${print ? ` (fingerprint ${print})` : ""}: drop that file on this page, and the link's settings are taken. Until then the page shows its own data.`;
}
/** The table that a link brought. */
export function tableInMemory(app: App): Table | null {
    const bytes = app.files.get(PATH);
    if (!bytes || app.settings.data !== PATH) return null;
    const part = sample(bytes, Infinity);
    const columns: Record<string, string> = {};
    for (const line of (app.settings.columns ?? "").split("\n")) {
        const at = line.lastIndexOf("=") > 0 ? line.indexOf("=") : -1;
        if (at > 0) columns[line.slice(0, at)] = line.slice(at + 1);
    }
    return { name: (app.ui.file ?? PATH).slice(0, 80), bytes, names: rowsOf(bytes, 1)[0] ?? [], rows: part.rows, taken: part.rows, whole: bytes,
        target: app.settings.target ?? "", columns, said: "", before: null };
}
