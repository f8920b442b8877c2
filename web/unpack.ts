// unpack.ts - bytes that the page holds as text: their number, a blank, and LZMA written in letters, thirteen bits in
// two of them (script/web). A sixth smaller than what browsers unpack by themselves. LZMA: I. Pavlov, LZMA specification
// (2015), as .lzma files are.

/** The 91 letters of the text: all that are printed, but for <, / and \, which mean something elsewhere. */
function letters(text: string, from: number): Uint8Array {
    const value = new Uint8Array(128).fill(255);
    let count = 0;
    for (let code = 33; code < 127; code++) if (code !== 47 && code !== 60 && code !== 92) value[code] = count++;
    const bytes = new Uint8Array(((text.length - from) * 13) >> 4);
    let bits = 0;
    let held = 0;
    let at = 0;
    for (let i = from; i + 1 < text.length; i += 2) {
        held = (held << 13) | (value[text.charCodeAt(i) & 127] * 91 + value[text.charCodeAt(i + 1) & 127]);
        for (bits += 13; bits >= 8; bits -= 8) bytes[at++] = held >> (bits - 8);
        held &= 255;
    }
    return bytes;
}

// Where the probabilities of each kind of decision lie, in one array.
const MATCH = 0, REP = 192, REP_0 = 204, REP_1 = 216, REP_2 = 228, REP_0_LONG = 240, SLOT = 432, SPECIAL = 688, ALIGN = 816,
    LENGTH = 832, REP_LENGTH = 1346, LITERAL = 1860;

class Lzma {
    private range = 0xffffffff;
    private code = 0;
    private at = 13;
    private readonly chance: Uint16Array;
    private readonly lc: number;
    private readonly lp: number;
    private readonly pb: number;

    constructor(private readonly from: Uint8Array) {
        const properties = from[0];
        this.lc = properties % 9;
        this.lp = ((properties / 9) | 0) % 5;
        this.pb = (properties / 45) | 0;
        this.chance = new Uint16Array(LITERAL + (0x300 << (this.lc + this.lp))).fill(1024);
        for (let i = 0; i < 5; i++) this.code = (this.code << 8) | from[this.at++];
    }

    private bit(index: number): number {
        const chance = this.chance[index];
        const bound = (this.range >>> 11) * chance;
        const one = this.code >>> 0 >= bound;
        if (one) {
            this.range -= bound;
            this.code = (this.code - bound) | 0;
            this.chance[index] = chance - (chance >> 5);
        } else {
            this.range = bound;
            this.chance[index] = chance + ((2048 - chance) >> 5);
        }
        if (this.range < 1 << 24) this.more();
        return one ? 1 : 0;
    }

    private more(): void {
        this.range = (this.range << 8) >>> 0;
        this.code = (this.code << 8) | this.from[this.at++];
    }

    private tree(base: number, bits: number): number {
        let node = 1;
        for (let i = 0; i < bits; i++) node = (node << 1) | this.bit(base + node);
        return node - (1 << bits);
    }

    private backwards(base: number, bits: number): number {
        let node = 1;
        let value = 0;
        for (let i = 0; i < bits; i++) {
            const bit = this.bit(base + node);
            node = (node << 1) | bit;
            value |= bit << i;
        }
        return value;
    }

    private even(bits: number): number {
        let value = 0;
        for (let i = 0; i < bits; i++) {
            this.range >>>= 1;
            const one = this.code >>> 0 >= this.range;
            if (one) this.code = (this.code - this.range) | 0;
            value = (value << 1) | (one ? 1 : 0);
            if (this.range < 1 << 24) this.more();
        }
        return value;
    }

    private length(base: number, place: number): number {
        if (!this.bit(base)) return this.tree(base + 2 + (place << 3), 3);
        if (!this.bit(base + 1)) return 8 + this.tree(base + 130 + (place << 3), 3);
        return 16 + this.tree(base + 258, 8);
    }

    private distance(length: number): number {
        const slot = this.tree(SLOT + (Math.min(length, 3) << 6), 6);
        if (slot < 4) return slot;
        const bits = (slot >> 1) - 1;
        const base = (2 | (slot & 1)) << bits;
        if (slot < 14) return base + this.backwards(SPECIAL + base - slot, bits);
        return (base + (this.even(bits - 4) << 4) + this.backwards(ALIGN, 4)) | 0;
    }

    /** A byte, by those before it; after a match also by what would have come next there. */
    private literal(base: number, known: number): number {
        let symbol = 1;
        if (known >= 0)
            while (symbol < 0x100) {
                const expected = (known >> 7) & 1;
                known <<= 1;
                const bit = this.bit(base + ((1 + expected) << 8) + symbol);
                symbol = (symbol << 1) | bit;
                if (bit !== expected) break;
            }
        while (symbol < 0x100) symbol = (symbol << 1) | this.bit(base + symbol);
        return symbol & 0xff;
    }

    take(size: number): Uint8Array {
        const to = new Uint8Array(size);
        const distance = [0, 0, 0, 0]; // the last four
        let state = 0;
        for (let done = 0; done < size; ) {
            const place = done & ((1 << this.pb) - 1);
            if (!this.bit(MATCH + (state << 4) + place)) {
                const before = done ? to[done - 1] : 0;
                const kind = ((done & ((1 << this.lp) - 1)) << this.lc) + (before >> (8 - this.lc));
                to[done] = this.literal(LITERAL + 0x300 * kind, state < 7 ? -1 : to[done - distance[0] - 1]);
                done++;
                state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
                continue;
            }
            let length = 0;
            if (!this.bit(REP + state)) {
                length = 2 + this.length(LENGTH, place);
                distance.pop();
                distance.unshift(this.distance(length - 2));
                state = state < 7 ? 7 : 10;
            } else {
                let which = 0;
                if (!this.bit(REP_0 + state)) length = this.bit(REP_0_LONG + (state << 4) + place) ? 0 : 1;
                else which = !this.bit(REP_1 + state) ? 1 : 2 + this.bit(REP_2 + state);
                distance.unshift(...distance.splice(which, 1));
                if (length) state = state < 7 ? 9 : 11;
                else {
                    length = 2 + this.length(REP_LENGTH, place);
                    state = state < 7 ? 8 : 11;
                }
            }
            const back = distance[0] + 1;
            if (back < 1 || back > done || length > size - done || this.at > this.from.length) throw new Error("this page is damaged");
            for (const end = done + length; done < end; done++) to[done] = to[done - back];
        }
        return to;
    }
}

export function unpack(text: string): Uint8Array {
    const blank = text.indexOf(" ");
    return new Lzma(letters(text, blank + 1)).take(Number(text.slice(0, blank)));
}
