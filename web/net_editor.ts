// net_editor.ts - a small window beside what is edited: some fields, Enter keeps, Escape closes.
import { button, el, fill } from "./dom";

export interface Field { label: string; text: string; hint: string; done: (text: string) => void }

export class Editor {
    private readonly box = el("div", { class: "editor", role: "dialog", hidden: true });
    private back: HTMLElement | null = null;
    constructor(into: HTMLElement) {
        into.append(this.box);
        this.box.addEventListener("keydown", (event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            this.close();
        });
        document.addEventListener("pointerdown", (event) => {
            if (!this.box.hidden && !this.box.contains(event.target as Node)) this.close(false);
        });
    }

    /** Beside an element, or a place of the screen on it; buttons: what they say and do. */
    open(title: string, beside: HTMLElement, fields: Field[], buttons: [string, () => void][], place?: [number, number]): void {
        this.back = beside;
        const inputs: HTMLInputElement[] = [];
        const keep = (): void => {
            fields.forEach((field, i) => { if (inputs[i].value.trim() !== field.text) field.done(inputs[i].value.trim()); });
            this.close();
        };
        const rows = fields.map((field) => {
            const input = el("input", { value: field.text, inputmode: "decimal", autocomplete: "off", spellcheck: "false", onkeydown: (event) => {
                if ((event as KeyboardEvent).key !== "Enter") return;
                event.preventDefault(); // it would press what has the focus next
                keep();
            } });
            inputs.push(input);
            return el("div", {}, el("label", { class: "field", title: field.hint }, el("span", {}, field.label), input), el("p", { class: "faint", style: "margin:.1rem 0" }, field.hint));
        });
        const most = fields.length > 4; // many: hints make it long
        if (most) rows.forEach((row) => row.lastElementChild!.remove());
        fill(this.box, el("strong", {}, title), ...rows, el("div", { class: "row" }, ...(fields.length ? [button("Keep", keep)] : []),
            ...buttons.map(([text, done]) => button(text, () => { this.close(); done(); })), button("Close", () => this.close())));
        this.box.setAttribute("aria-label", title);
        this.box.hidden = false;
        const around = beside.getBoundingClientRect();
        const [x, y] = place ?? [around.left, around.bottom + 4];
        this.box.style.left = `${Math.max(8, Math.min(x, innerWidth - this.box.offsetWidth - 8))}px`;
        this.box.style.top = `${Math.max(8, Math.min(y, innerHeight - this.box.offsetHeight - 8))}px`;
        (inputs[0] ?? this.box.querySelector("button"))?.focus({ preventScroll: true });
        inputs[0]?.select();
    }

    close(focus = true): void {
        this.box.hidden = true;
        if (focus) this.back?.focus({ preventScroll: true });
    }
    get isOpen(): boolean { return !this.box.hidden; }
}
