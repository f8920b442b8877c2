// table.ts - tables as bytes: where records end, some of them, their fields. What a table means the engine says.

const QUOTE = 34, LF = 10, CR = 13;
const BETWEEN = [44, 59, 9]; // , ; tab

/** Where each record begins, and the end behind the last; a newline within quotes ends none. Empty lines are none. */
export function records(bytes: Uint8Array): number[] {
    const at: number[] = [];
    let begin = 0, fresh = true, quoted = false;
    for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i];
        if (quoted) {
            if (byte === QUOTE) quoted = false; // of two in a row the second opens it again
            continue;
        }
        if (byte === QUOTE && (fresh || bytes[i - 1] === QUOTE)) quoted = true;
        else if (byte === LF) {
            if (i > begin && !(i === begin + 1 && bytes[begin] === CR)) at.push(begin);
            begin = i + 1;
        }
        fresh = byte === LF || BETWEEN.includes(byte);
    }
    if (begin < bytes.length) at.push(begin);
    at.push(bytes.length);
    return at;
}

/** Numbers in 0 .. 1 that follow from the seed (mulberry32). */
export function random(seed: number): () => number {
    let state = seed | 0;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

export interface Sampled { bytes: Uint8Array; rows: number; taken: number }

/** The first record and `most` of the others at random, in their order; always the same ones. */
export function sample(bytes: Uint8Array, most: number): Sampled {
    const at = records(bytes);
    const rows = Math.max(0, at.length - 2);
    if (rows <= most) return { bytes, rows, taken: rows };
    const draw = random(1);
    const parts: Uint8Array[] = [bytes.subarray(at[0], at[1])];
    let wanted = most;
    for (let row = 0; row < rows && wanted > 0; row++)
        if (draw() * (rows - row) < wanted) { // each subset is as likely
            let part = bytes.subarray(at[row + 1], at[row + 2]);
            if (part[part.length - 1] !== LF) part = joined([part, Uint8Array.of(LF)]); // the last line may lack it
            parts.push(part);
            wanted--;
        }
    return { bytes: joined(parts), rows, taken: most };
}

export function joined(parts: Uint8Array[]): Uint8Array {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        all.set(part, at);
        at += part.length;
    }
    return all;
}

function split(line: string, between: string): string[] {
    const out: string[] = [];
    let field = "", quoted = false, was = false;
    for (let i = 0; i < line.length; i++) {
        const c = line[i];
        if (quoted && c === '"' && line[i + 1] === '"') field += line[++i];
        else if (quoted && c === '"') quoted = false;
        else if (!quoted && c === '"' && field === "" && !was) quoted = was = true;
        else if (!quoted && c === between) {
            out.push(field);
            field = "";
            was = false;
        } else field += c;
    }
    out.push(field);
    return out.map((text) => text.trim());
}

/** The fields of the first `most` records, the names first; split as the first line looks. */
export function rowsOf(bytes: Uint8Array, most = Infinity, between = ""): string[][] {
    const at = records(bytes), out: string[][] = [];
    for (let i = 0; i + 1 < at.length && out.length < most; i++) {
        const line = new TextDecoder().decode(bytes.subarray(at[i], at[i + 1])).replace(/\r?\n$/, "").replace(/^\ufeff/, "");
        if (!between) between = [",", ";", "\t"].sort((a, b) => split(line, b).length - split(line, a).length)[0];
        out.push(split(line, between));
    }
    return out;
}

export function quotedField(text: string): string {
    return /[",;\t\r\n]/.test(text) ? `"${text.split('"').join('""')}"` : text;
}

/** 64 bits by which a file is known again (FNV-1a, twice with other beginnings): no proof against malice. */
export function fingerprint(bytes: Uint8Array): string {
    let a = 0x811c9dc5, b = 0x1b873593;
    for (let i = 0; i < bytes.length; i++) {
        a = Math.imul(a ^ bytes[i], 0x01000193);
        b = Math.imul(b ^ bytes[i], 0x01000193) + i;
    }
    return [a, b].map((n) => (n >>> 0).toString(16).padStart(8, "0")).join("");
}

/* --- a small table in a link ------------------------------------------------------------------------------- */

declare const CompressionStream: { new (format: string): ReadableWritablePair<Uint8Array, Uint8Array> };
declare const DecompressionStream: { new (format: string): ReadableWritablePair<Uint8Array, Uint8Array> };

/** All that comes out of the stream; null: it is broken, or more than `most` bytes. */
async function drained(bytes: Uint8Array, through: ReadableWritablePair<Uint8Array, Uint8Array>, most: number): Promise<Uint8Array | null> {
    const reader = (new Blob([bytes]).stream() as ReadableStream<Uint8Array>).pipeThrough(through).getReader();
    const parts: Uint8Array[] = [];
    let size = 0;
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return joined(parts);
            size += value.length;
            if (size > most) {
                await reader.cancel();
                return null;
            }
            parts.push(value);
        }
    } catch {
        return null;
    }
}

/** Deflated, in the letters of a link; null: more than `most` letters. */
export async function packed(bytes: Uint8Array, most: number): Promise<string | null> {
    if (bytes.length > 40 * most || typeof CompressionStream === "undefined") return null;
    const small = await drained(bytes, new CompressionStream("deflate-raw"), most);
    if (!small) return null;
    const text = btoa(String.fromCharCode(...small)).split("+").join("-").split("/").join("_").replace(/=+$/, "");
    return text.length <= most ? text : null;
}

export async function unpacked(text: string, most: number): Promise<Uint8Array | null> {
    if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
    try {
        const small = Uint8Array.from(atob(text.split("-").join("+").split("_").join("/")), (letter) => letter.charCodeAt(0));
        return await drained(small, new DecompressionStream("deflate-raw"), most);
    } catch {
        return null;
    }
}

/** Of a .gz file; null: broken, or more than `most` bytes. */
export function gunzipped(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
    return drained(bytes, new DecompressionStream("gzip"), most);
}
