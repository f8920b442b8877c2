// net_edit.ts - one change of a net's words at a time; each takes the items and changes them in place.
import { Item, Place, clone, gather, reach, writeNet } from "./net";
import type { Catalogue, Option, Word } from "./protocol";

const WHOLE = /^\d+$/;

/** The words of a net with items changed; what is empty then is left out. */
export function changed(items: Item[], change: (items: Item[]) => void): string {
    const copy = items.map(clone);
    change(copy);
    const prune = (list: Item[]): Item[] => list.filter((item) => {
        if (!item.inside) return true;
        item.inside = prune(item.inside);
        return item.inside.length > 0;
    });
    return writeNet(gather(prune(copy)));
}

export function setUnits(item: Item, units: number): void {
    const at = item.words.findIndex((word) => WHOLE.test(word) || /^units=/.test(word));
    if (at >= 0) item.words[at] = item.words[at].startsWith("units=") ? `units=${units}` : String(units);
}

function words(catalogue: Catalogue, name: string): Word | undefined {
    return (catalogue.activation ?? []).find((word) => word.name === name);
}

/** Where a layer's activation stands in its words; -1: it has none. */
function activationAt(item: Item, catalogue: Catalogue): number {
    return item.words.findIndex((word) => !!words(catalogue, word.replace(/^activation=/, "")) || word === "identity");
}

/** "" for none. */
export function setActivation(item: Item, name: string, catalogue: Catalogue): void {
    const at = activationAt(item, catalogue), old = at >= 0 ? words(catalogue, item.words[at].replace(/^activation=/, "")) : undefined;
    if (at >= 0) item.words.splice(at, 1);
    item.words = item.words.filter((word) => !old?.options.some((option) => word.startsWith(`${option.name}=`)));
    if (!name) return;
    const units = item.words.findIndex((word) => WHOLE.test(word) || /^units=/.test(word));
    item.words.splice(at >= 0 ? at : units + 1, 0, name);
}

/** The options of an item's activation or, of others than dense, of its layer, with what they are set to. */
export interface Setting { option: Option; text: string; bare: boolean }
const COMMON = ["units", "activation", "freeze", "share", "lr_scale", "init", "decay", "bias"];
export function settings(item: Item, catalogue: Catalogue): Setting[] {
    const at = activationAt(item, catalogue);
    const layer = (catalogue.layer ?? []).find((word) => word.name === item.words[0]);
    const own = (layer?.options ?? []).filter((option) => !COMMON.includes(option.name));
    const of = at >= 0 ? words(catalogue, item.words[at].replace(/^activation=/, ""))?.options ?? [] : own;
    return of.map((option) => {
        const given = item.words.find((word) => word.startsWith(`${option.name}=`));
        const bare = at < 0 && (option.name === "rate" || option.name === "deviation");
        const value = given?.slice(option.name.length + 1) ?? (bare ? item.words.slice(1).find((word) => !word.includes("=")) : undefined);
        return { option, text: value ?? "", bare };
    });
}

/** "" for the default. */
export function set(item: Item, setting: Setting, text: string): void {
    const { name } = setting.option;
    const value = text.replace(/[\s,[\]=]/g, "");
    item.words = item.words.filter((word, i) => !word.startsWith(`${name}=`) && !(setting.bare && i > 0 && !word.includes("=")));
    if (!value) return;
    if (setting.bare) item.words.splice(1, 0, value);
    else item.words.push(`${name}=${value}`);
}

export const BEGINS: Record<string, string[]> = {
    dropout: ["dropout", "0.2"], batch_norm: ["batch_norm"], layer_norm: ["layer_norm"], noise: ["noise", "0.1"],
};

/** Before or after the item at a place; place null: before all. */
export function insert(items: Item[], place: Place | null, after: boolean, item: Item): void {
    if (!place) { items.unshift(item); return; }
    const { list, at } = reach(items, place);
    list.splice(at + (after ? 1 : 0), 0, item);
}

export function remove(items: Item[], place: Place): void {
    const { list, at } = reach(items, place);
    list.splice(at, 1);
}

/** A layer, or group, like the one at a place, but for names, which would be there twice. */
export function likeIt(items: Item[], place: Place | null): Item {
    if (!place) return { count: 1, words: ["4", "tanh"], inside: null };
    const { list, at } = reach(items.map(clone), place);
    const nameless = (item: Item): Item => ({ ...item, words: item.words.filter((word) => !/^(name|share)=/.test(word)), inside: item.inside && item.inside.map(nameless) });
    return nameless(list[at]);
}
