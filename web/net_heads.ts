// net_heads.ts - what stands over each column: how many units, the activation, additions, and how to change them.
import type { App } from "./app";
import { button, choice, el, fill } from "./dom";
import type { Editor } from "./net_editor";
import { Item, Place, reach, clone } from "./net";
import { BEGINS, changed, insert, likeIt, remove, set, setActivation, setUnits, settings } from "./net_edit";
import type { Column, Layout, Sizes } from "./net_layout";
import { clipped } from "./plane";

const ADDITIONS = Object.keys(BEGINS);

export function mountHeads(app: App, into: HTMLElement, editor: Editor, apply: (net: string) => void): (layout: Layout, items: Item[] | null, sizes: Sizes) => void {
    const itemAt = (items: Item[], place: Place): Item => {
        const { list, at } = reach(items.map(clone), place);
        return list[at];
    };
    const at = (items: Item[], place: Place, change: (item: Item) => void): void => apply(changed(items, (all) => {
        const { list, at: n } = reach(all, place);
        change(list[n]);
    }));

    const chip = (items: Item[], place: Place, title: string, from: string): HTMLElement => {
        const open = button(clipped(title, 16), () => {
            const item = itemAt(items, place);
            editor.open(title, open, settings(item, app.catalogue).map((setting) => ({
                label: setting.option.name, text: setting.text, hint: `${setting.option.summary}: ${setting.option.range}; without: ${setting.option.default}`,
                done: (text: string) => at(items, place, (one) => set(one, setting, text)),
            })), [["Remove", () => apply(changed(items, (all) => remove(all, place)))]]);
        }, `${title}, behind ${from}: change or remove it`);
        open.className = "chip";
        return open;
    };

    const menu = (items: Item[], column: Column, name: string): HTMLElement => {
        const last = [...column.beside].reverse().find((one) => one.place)?.place ?? column.place;
        const doing: [string, string][] = [["", "add …"]];
        for (const word of ADDITIONS) doing.push([`after ${word}`, column.kind === "inputs" ? word : `${word} after it`]);
        if (column.kind === "dense") doing.push(["before noise", "noise before it"], ["before dropout", "dropout before it"]);
        doing.push(["layer", "a layer after it"]);
        if (column.kind !== "inputs") doing.push(["remove", "remove this layer"]);
        const select = choice(doing, "", (what) => {
            select.value = "";
            const [where, word] = what.split(" ");
            apply(changed(items, (all) => {
                if (where === "layer") insert(all, last, true, likeIt(all, column.kind === "dense" ? column.place : null));
                else if (where === "remove") removeColumn(all, column);
                else insert(all, where === "before" ? column.place : last, where === "after" && last !== null, { count: 1, words: [...BEGINS[word]], inside: null });
            }));
        }, `add_${name}`);
        select.setAttribute("aria-label", `Add to ${name}, or remove it`);
        return select;
    };

    const removeColumn = (all: Item[], column: Column): void => {
        // Places hold for the words as they were: from the last one back.
        for (const one of [...column.beside].reverse()) if (one.place) remove(all, one.place);
        remove(all, column.place!);
    };

    const dense = (items: Item[], column: Column, name: string): HTMLElement[] => {
        const place = column.place!, d = app.description!;
        const units = (count: number): void => at(items, place, (item) => setUnits(item, count));
        const field = el("input", { type: "number", min: 1, step: 1, value: column.units, name: `units_${name}`, "aria-label": `Units of ${name}`, onchange: () => {
            const wanted = Math.round(Number(field.value));
            if (wanted >= 1 && wanted <= 100000) units(wanted);
            else field.value = String(column.units);
        } });
        const less = button("−", () => units(column.units - 1), `One unit less in ${name}`);
        less.disabled = column.units < 2;
        const more = button("+", () => units(column.units + 1), `One unit more in ${name}`);
        const activations: [string, string][] = [["", "no activation"]];
        for (const word of app.catalogue.activation ?? []) if (word.name !== "identity" || app.settings.activation) activations.push([word.name, word.name]);
        const now = d.layers[column.layer].activation ?? "";
        const activation = choice(activations, now, (word) => at(items, place, (item) => setActivation(item, word || (app.settings.activation ? "identity" : ""), app.catalogue)), `activation_${name}`);
        activation.setAttribute("aria-label", `Activation of ${name}`);
        const out: HTMLElement[] = [el("div", { class: "units" }, less, field, more), activation];
        const options = settings(itemAt(items, place), app.catalogue);
        if (now && options.length) {
            const text = options.map((one) => `${one.option.name} ${one.text || one.option.default}`).join(", ");
            const open = button(clipped(text, 16), () => editor.open(`${now} of ${name}`, open, options.map((setting) => ({
                label: setting.option.name, text: setting.text, hint: `${setting.option.summary}: ${setting.option.range}; without: ${setting.option.default}`,
                done: (value: string) => at(items, place, (item) => set(item, setting, value)),
            })), []), `Options of ${now}`);
            open.className = "chip";
            out.push(open);
        }
        return out;
    };

    return (layout, items, sizes) => {
        const d = app.description!;
        into.style.gridAutoColumns = `${sizes.pitch}px`;
        into.style.width = `${layout.columns.length * sizes.pitch}px`;
        into.style.marginLeft = `${sizes.left + sizes.unit / 2 - sizes.pitch / 2}px`;
        fill(into, ...layout.columns.map((column) => {
            const layer = column.layer >= 0 ? d.layers[column.layer] : null, name = layer?.name ?? "inputs";
            const title = column.kind === "inputs" ? `${d.features} input${d.features === 1 ? "" : "s"}${column.units === d.features ? "" : `, ${column.units} numbers`}` : column.kind === "output" ? "output" : column.kind === "dense" ? name : layer!.text === layer!.type ? name : layer!.text;
            const head = el("div", { class: "head", role: "group", "aria-label": name }, el("span", { class: "title", title }, title));
            const can = items && layout.editable;
            if (can && column.kind === "dense" && column.place) head.append(...dense(items, column, name));
            else if (column.kind === "dense") head.append(el("span", {}, `${column.units} ${layer!.activation ?? ""}`));
            if (column.drawn.length < column.units) head.append(el("span", { class: "faint" }, `showing ${column.drawn.length} of ${column.units}`));
            for (const one of column.beside) {
                const { text } = d.layers[one.layer];
                head.append(can && one.place ? chip(items, one.place, text, name) : el("span", {}, text));
            }
            if (can && column.kind !== "output") head.append(menu(items, column, name));
            return head;
        }));
    };
}
