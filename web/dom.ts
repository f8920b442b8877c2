// dom.ts - elements in one line each; text is always text, never markup.

type Attributes = Record<string, string | number | boolean | null | ((event: Event) => void)>;

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") element.addEventListener(name.slice(2), value); // onclick, oninput, ...
        else if (value === true) element.setAttribute(name, "");
        else if (value !== false && value !== null) element.setAttribute(name, String(value));
    }
    element.append(...inside);
    return element;
}

export function fill(element: Element, ...inside: (Node | string)[]): void { element.replaceChildren(...inside); }

/** A labelled control: the label is read with it. */
export function labelled(text: string, control: HTMLElement, title = ""): HTMLLabelElement {
    for (const part of control.querySelectorAll("input, select")) // a label names the first one alone
        if (!part.hasAttribute("aria-label")) part.setAttribute("aria-label", text);
    return el("label", { class: "field", title }, el("span", {}, text), control);
}

export function choice(options: readonly (string | [string, string])[], value: string, changed: (value: string) => void, name: string): HTMLSelectElement {
    const select: HTMLSelectElement = el("select", { name, onchange: () => changed(select.value) });
    for (const option of options) {
        const [word, text] = typeof option === "string" ? [option, option] : option;
        select.append(el("option", { value: word }, text));
    }
    select.value = value;
    return select;
}

/** A text field whose value counts on Enter or when it is left. */
export function entry(value: string, changed: (value: string) => void, name: string, attributes: Attributes = {}): HTMLInputElement {
    const input: HTMLInputElement = el("input", { name, value, spellcheck: "false", autocomplete: "off", onchange: () => changed(input.value.trim()), ...attributes });
    return input;
}

export function button(text: string, clicked: () => void, title = text): HTMLButtonElement {
    const spoken = /\p{L}/u.test(text) ? null : title; // a sign is read by its name
    return el("button", { type: "button", title, "aria-label": spoken, onclick: () => clicked() }, text);
}

export function tick(text: string, value: boolean, changed: (value: boolean) => void, name: string): HTMLLabelElement {
    const box: HTMLInputElement = el("input", { type: "checkbox", name, checked: value, onchange: () => changed(box.checked) });
    return el("label", { class: "tick" }, box, el("span", {}, text));
}

/** Four figures, for people. */
export function figure(value: number | null | undefined): string {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    const size = Math.abs(value);
    if (size >= 1e6 || (size < 1e-4 && size > 0)) return value.toExponential(2);
    return String(Number(value.toPrecision(4)));
}

/** A canvas as sharp as the screen; its drawing context in CSS pixels. */
export function canvas(width: number, height: number, label: string): { element: HTMLCanvasElement; resize: (width: number, height: number) => CanvasRenderingContext2D } {
    const element = el("canvas", { role: "img", "aria-label": label });
    const resize = (w: number, h: number): CanvasRenderingContext2D => {
        const sharp = Math.min(window.devicePixelRatio || 1, 2);
        const context = element.getContext("2d")!;
        if (element.width !== Math.round(w * sharp) || element.height !== Math.round(h * sharp)) {
            element.width = Math.round(w * sharp);
            element.height = Math.round(h * sharp);
            element.style.width = `${w}px`;
            element.style.height = `${h}px`;
        }
        context.setTransform(sharp, 0, 0, sharp, 0, 0);
        return context;
    };
    resize(width, height);
    return { element, resize };
}
