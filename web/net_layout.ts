// net_layout.ts - a net as columns of units: which layer feeds which, what is drawn of it, and where.
import type { Item, Place } from "./net";
import { places } from "./net";
import type { Description, Layer } from "./protocol";

/** Layers that pass as many numbers on as they were given, one for one: marks behind a column. */
const ALONGSIDE = ["dropout", "batch_norm", "layer_norm", "noise", "activation"];

export interface Beside { layer: number; place: Place | null }
export interface Column {
    kind: "inputs" | "dense" | "sum" | "other" | "output";
    layer: number;      // of description.layers; -1: the inputs
    shows: number;      // the layer whose pictures are drawn: what the column passes on
    units: number;
    drawn: number[];    // which of the units
    names: string[];    // of units, where they have any
    from: number;       // the column that its weights come from; -1: none are drawn
    weight: number;     // where the first weight stands; -1: none
    fan: number;        // weights of a unit
    bias: number;       // -1: none
    beside: Beside[];
    place: Place | null;
    x: number;          // left edge of the units
}
export interface Bridge { from: number; to: number; depth: number; name: string } // of a residual group
export interface Layout { columns: Column[]; bridges: Bridge[]; editable: boolean }

export function unitsBefore(d: Description): number[] {
    let all = 0;
    return d.layers.map((layer) => {
        const here = all;
        if (layer.pictures) all += layer.units;
        return here;
    });
}

/** The terms of a layer that computes some of its inputs: "basis x1+sin(x2)". */
function terms(layer: Layer): string[] {
    const words = layer.text.slice(layer.type.length).trim().split(/\s+/)[0] ?? "";
    const out: string[] = [];
    let depth = 0, from = 0;
    for (let i = 0; i <= words.length; i++) {
        const c = words[i];
        if (c === "(") depth++;
        else if (c === ")") depth--;
        else if ((c === "+" && !depth) || i === words.length) {
            out.push(words.slice(from, i));
            from = i + 1;
        }
    }
    return out.length === layer.units ? out : [];
}

function spread(units: number, most: number): number[] {
    if (units <= most) return Array.from({ length: units }, (_, i) => i);
    return Array.from({ length: most }, (_, i) => Math.round((i * (units - 1)) / (most - 1)));
}

export function layOut(d: Description, items: Item[] | null, most: number): Layout {
    const columns: Column[] = [], bridges: Bridge[] = [];
    const found = items && places(items), last = d.layers.length - 1;
    const editable = !!found && found.length === last;
    const placeOf = (layer: number): Place | null => (editable && layer < last ? found[layer] : null);
    const add = (kind: Column["kind"], layer: number, units: number, names: string[]): Column => {
        const column: Column = { kind, layer, shows: layer, units, drawn: spread(units, most), names, from: -1, weight: -1, fan: 0, bias: -1, beside: [], place: layer >= 0 ? placeOf(layer) : null, x: 0 };
        columns.push(column);
        return column;
    };
    const first = d.layers.find((layer) => layer.params.some((p) => p.name === "weight"));
    const wanted = first?.type === "dense" ? first.params[0].shape[1] : d.features;
    const changed = d.layers[0] === first && wanted !== d.features; // words became several numbers
    add("inputs", -1, changed ? wanted : d.features, !changed ? d.inputs : d.seen.length === wanted ? d.seen : []);
    const open: { layer: number; from: number }[] = [];
    const close = (depth: number): void => {
        while (open.length && d.layers[open[open.length - 1].layer].depth >= depth) {
            const group = open.pop()!, layer = d.layers[group.layer];
            add("sum", group.layer, layer.units, []);
            bridges.push({ from: group.from, to: columns.length - 1, depth: layer.depth, name: layer.name });
        }
    };
    d.layers.forEach((layer, i) => {
        close(layer.depth);
        const before = columns.length - 1, current = columns[before];
        const begins = open.length > 0 && open[open.length - 1].from === before; // in a group, nothing drawn yet
        if (layer.type === "residual") open.push({ layer: i, from: before });
        else if (ALONGSIDE.includes(layer.type) && layer.units === current.units && !begins) {
            current.beside.push({ layer: i, place: placeOf(i) });
            if (layer.pictures) current.shows = i;
        } else {
            const output = i === last;
            const names = output ? (d.task === "classification" ? (d.classes.length > 2 ? d.classes : [d.classes[1]]) : []) : layer.type === "basis" ? terms(layer) : [];
            const column = add(output ? "output" : layer.type === "dense" ? "dense" : "other", i, layer.units, names);
            const weight = layer.params.find((p) => p.name === "weight"), bias = layer.params.find((p) => p.name === "bias");
            if (weight && weight.shape.length === 2) {
                column.weight = weight.at;
                column.fan = weight.shape[1];
                column.from = weight.shape[1] === current.units ? before : -1;
            }
            if (bias) column.bias = bias.at;
        }
    });
    close(0);
    return { columns, bridges, editable };
}

export interface Sizes { unit: number; gap: number; pitch: number; left: number; top: number; height: number; width: number }

export function measure(layout: Layout, room: number): Sizes {
    const tallest = Math.max(...layout.columns.map((column) => column.drawn.length));
    const unit = tallest <= 6 ? 36 : tallest <= 8 ? 32 : 26, gap = tallest <= 6 ? 14 : tallest <= 8 ? 10 : 8;
    const depth = layout.bridges.reduce((most, bridge) => Math.max(most, bridge.depth + 1), 0);
    const named = layout.columns[0].names.some((name) => name.length > 4);
    const left = named ? 84 : 58, right = 66, top = 12 + 18 * depth;
    const gaps = Math.max(1, layout.columns.length - 1);
    const pitch = Math.max(90, Math.min(190, Math.floor((room - left - right - unit) / gaps)));
    layout.columns.forEach((column, i) => { column.x = left + i * pitch; });
    return { unit, gap, pitch, left, top, height: top + tallest * (unit + gap) + 8, width: left + right + unit + gaps * pitch };
}

/** The upper edge of a column's nth drawn unit. */
export function unitTop(sizes: Sizes, column: Column, nth: number): number {
    const tall = column.drawn.length * (sizes.unit + sizes.gap) - sizes.gap;
    return sizes.top + (sizes.height - sizes.top - 8 - tall) / 2 + nth * (sizes.unit + sizes.gap);
}
