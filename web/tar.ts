// tar.ts - files as one .tar (POSIX.1-1988, "ustar"), as `tar xf` reads it everywhere.

export interface TarFile { path: string; bytes: Uint8Array }

const BLOCK = 512;

function put(block: Uint8Array, at: number, text: string): void { block.set(new TextEncoder().encode(text), at); }
function octal(value: number, digits: number): string { return Math.floor(value).toString(8).padStart(digits, "0") + "\0"; }

function header(path: string, size: number, folder: boolean, time: number): Uint8Array {
    const block = new Uint8Array(BLOCK);
    if (new TextEncoder().encode(path).length > 100) throw new Error(`${path}: the name is too long for a tar file`);
    put(block, 0, path);
    put(block, 100, octal(folder ? 0o755 : 0o644, 7));
    put(block, 108, octal(0, 7));            // nobody's in particular
    put(block, 116, octal(0, 7));
    put(block, 124, octal(size, 11));
    put(block, 136, octal(time, 11));
    put(block, 148, "        ");             // the sum is taken with blanks in its place
    put(block, 156, folder ? "5" : "0");
    put(block, 257, "ustar\0" + "00");
    put(block, 148, octal(block.reduce((sum, byte) => sum + byte, 0), 6) + " ");
    return block;
}

/** Folders of the paths come first; time: seconds since 1970. */
export function tar(files: TarFile[], time: number): Uint8Array {
    const parts: Uint8Array[] = [], known = new Set<string>();
    for (const file of files) {
        const path = file.path.replace(/^\/+/, "");
        for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
            const folder = path.slice(0, slash + 1);
            if (!known.has(folder)) parts.push(header(folder, 0, true, time));
            known.add(folder);
        }
        parts.push(header(path, file.bytes.length, false, time), file.bytes, new Uint8Array((BLOCK - (file.bytes.length % BLOCK)) % BLOCK));
    }
    parts.push(new Uint8Array(2 * BLOCK));
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        all.set(part, at);
        at += part.length;
    }
    return all;
}
