// net.ts - the words of --net as items that can be changed one by one, and back to words:
//   net = item {"," item}    item = [COUNT "x"] (words | [words] "[" net "]")
// Words are kept as they are: the engine alone knows what they mean.

export interface Item { count: number; words: string[]; inside: Item[] | null }
/** Where an item stands: its number in each list from the outermost on. */
export type Place = number[];

class Unreadable extends Error {}

function tokens(text: string): string[] {
    const found = text.match(/[,[\]]|[^\s,[\]]+/g) ?? [];
    if (found.length > 20000) throw new Unreadable();
    return found;
}

/** null: no net, as far as can be seen here; the engine has the sentence. */
export function readNet(text: string): Item[] | null {
    try {
        const all = tokens(text);
        let at = 0;
        const list = (depth: number): Item[] => {
            const items: Item[] = [];
            for (;;) {
                items.push(item(depth));
                if (all[at] !== ",") return items;
                at++;
            }
        };
        const item = (depth: number): Item => {
            let count = 1;
            const glued = /^(\d+)x(\d.*)?$/.exec(all[at] ?? "");
            if (glued) {
                count = Number(glued[1]);
                if (glued[2]) all[at] = glued[2];
                else at++;
            } else if (/^\d+$/.test(all[at] ?? "") && /^x\d*$/.test(all[at + 1] ?? "")) {
                count = Number(all[at]);
                at++;
                if (all[at] === "x") at++;
                else all[at] = all[at].slice(1);
            }
            const words: string[] = [];
            while (at < all.length && !/^[,[\]]$/.test(all[at])) words.push(all[at++]);
            let inside: Item[] | null = null;
            if (all[at] === "[") {
                if (depth > 16) throw new Unreadable();
                at++;
                inside = list(depth + 1);
                if (all[at++] !== "]") throw new Unreadable();
            }
            if (count < 1 || (!words.length && !inside)) throw new Unreadable();
            return { count, words, inside };
        };
        if (!all.length || (all.length === 1 && all[0] === "linear")) return [];
        const items = list(0);
        return at === all.length ? items : null;
    } catch (error) {
        if (error instanceof Unreadable) return null;
        throw error;
    }
}

function alike(a: Item, b: Item): boolean { return writeItem({ ...a, count: 1 }) === writeItem({ ...b, count: 1 }); }

function writeItem(item: Item): string {
    const parts = [...item.words];
    if (item.inside) parts.push(`[${writeList(item.inside)}]`);
    return (item.count > 1 ? `${item.count} x ` : "") + parts.join(" ");
}

function writeList(items: Item[]): string { return items.map(writeItem).join(", "); }

export function writeNet(items: Item[]): string { return items.length ? writeList(items) : "linear"; }

/** The layers in the order of Description.layers, without the output; null: more than could be shown. */
export function places(items: Item[], most = 2000): Place[] | null {
    const found: Place[] = [];
    // A place names, for an item that stands there several times, which time: [number, time, ...].
    const walk = (list: Item[], before: Place): boolean => list.every((item, number) => {
        for (let time = 0; time < item.count; time++) {
            const place = [...before, number, time];
            if (item.words.length) found.push(place);
            if (found.length > most || (item.inside && !walk(item.inside, place))) return false;
        }
        return true;
    });
    return walk(items, []) ? found : null;
}

/** The list in which a place's item stands once, and its number there: what was counted is written out for it. */
export function reach(items: Item[], place: Place): { list: Item[]; at: number } {
    let list = items, at = 0;
    for (let i = 0; i < place.length; i += 2) {
        if (i > 0) list = list[at].inside!;
        at = place[i];
        const item = list[at], time = place[i + 1];
        if (item.count > 1) {
            const copy = (count: number): Item => ({ ...clone(item), count });
            const apart = [copy(time), copy(1), copy(item.count - time - 1)].filter((piece) => piece.count > 0);
            list.splice(at, 1, ...apart);
            at += time > 0 ? 1 : 0;
        }
    }
    return { list, at };
}

export function clone(item: Item): Item {
    return { count: item.count, words: [...item.words], inside: item.inside && item.inside.map(clone) };
}

/** Neighbours that are alike stand there once, counted, from three on; brackets that hold nothing together are left out. */
export function gather(items: Item[]): Item[] {
    const out: Item[] = [];
    for (const item of items.flatMap((one) => one.inside && !one.words.length && one.count === 1 ? one.inside : [one])) {
        const next = { ...item, inside: item.inside && gather(item.inside) };
        const last = out[out.length - 1];
        if (last && alike(last, next) && !/(^| )(name|share)=/.test(next.words.join(" "))) last.count += next.count;
        else out.push(next);
    }
    return out.flatMap((item) => item.count === 2 && !item.inside ? [{ ...item, count: 1 }, { ...clone(item), count: 1 }] : [item]);
}
