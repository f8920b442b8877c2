// controls.ts - controls that follow from the catalogue's words and options; what they set is what a command line says.
import type { App } from "./app";
import { choice, el, entry, labelled } from "./dom";
import type { Option, Settings, Word } from "./protocol";

/** Which words go together (lab_words). */
export interface Words {
    common: Option[];      // of every optimizer that takes a step size
    rules: string[];       // those
    ending: string[];      // schedules that want to know how long training goes on
    losses: Record<string, { target: string; most: number }>;
}

/** "step every=100 factor=0.5": the name and its options; a bare value is the first option's. */
export interface Said { name: string; values: Record<string, string> }

export function readWord(text: string, options: (name: string) => Option[]): Said {
    const [name, ...rest] = text.trim().split(/\s+/);
    const said: Said = { name, values: {} };
    for (const part of rest) {
        const at = part.indexOf("=");
        const first = options(name)[0];
        if (at > 0) said.values[part.slice(0, at)] = part.slice(at + 1);
        else if (first) said.values[first.name] = part;
    }
    return said;
}

export function writeWord(said: Said): string {
    const options = Object.entries(said.values).filter(([, value]) => value !== "").map(([name, value]) => `${name}=${value}`);
    return [said.name, ...options].join(" ");
}

/** "noise": what it does, its range, its default. */
export function about(option: Option): string {
    return `${option.name}: ${option.summary} (${option.range}; default ${option.default})`;
}

/** A field for one option; "" is the default. Shares of 0 to 1 have a slider as well. */
export function optionField(option: Option, value: string, changed: (value: string) => void, name: string, label = option.name): HTMLElement {
    const title = about(option);
    if (option.choices) {
        const list = option.choices.split("|");
        return labelled(label, choice(list, list.includes(value) ? value : option.default, changed, name), title);
    }
    const field = entry(value, changed, name, { placeholder: option.default, inputmode: "decimal", size: "8" });
    const { low, high } = option;
    const normal = Number(option.default);
    if (option.whole || low === null || high === null || high - low > 1) return labelled(label, field, title);
    const step = (high - low) / 20;
    if (!(normal === 0 || (normal >= low + step && normal <= high - step))) return labelled(label, field, title); // 1e-8, 0.999
    const slider: HTMLInputElement = el("input", {
        type: "range", min: /above/.test(option.range) ? low + step : low, max: /below/.test(option.range) ? high - step : high, step, "aria-label": `${label}, slider`, name: `${name}.slider`,
        oninput: () => { field.value = String(Number(Number(slider.value).toPrecision(4))); },
        onchange: () => changed(field.value),
    });
    slider.value = value === "" ? option.default : value;
    return labelled(label, el("span", { class: "pair" }, slider, field), title);
}

/** What a word means: a line, and its formula. */
export function meaning(word: Word | undefined): HTMLElement {
    return el("p", { class: "faint meaning" }, ...(word ? [`${word.summary}. `, el("code", {}, word.formula)] : []));
}

/** Draws anew what is in `into`, and keeps the place of whoever works there by keyboard, and which details are open. */
export function redraw(into: HTMLElement, ...inside: (Node | string)[]): void {
    const at = document.activeElement as HTMLElement | null;
    const name = at && into.contains(at) ? at.getAttribute("name") : null;
    const open = new Map<string, boolean>();
    for (const details of into.querySelectorAll<HTMLDetailsElement>("details[data-name]")) open.set(details.dataset.name!, details.open);
    into.replaceChildren(...inside);
    for (const details of into.querySelectorAll<HTMLDetailsElement>("details[data-name]"))
        if (open.has(details.dataset.name!)) details.open = open.get(details.dataset.name!)!;
    if (name) into.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
}

export function group(name: string, title: string, ...inside: (Node | string)[]): HTMLDetailsElement {
    return el("details", { class: "group", "data-name": name }, el("summary", {}, title), ...inside);
}

/** Sets, and says beside the controls too what was refused. */
export async function tried(app: App, some: Settings, said: HTMLElement): Promise<boolean> {
    const done = await app.set(some);
    said.hidden = done;
    said.textContent = done ? "" : document.getElementById("problem")?.textContent ?? "";
    return done;
}
