// panel_net.ts - the network: its layers as columns, what each unit gives over the plane, weights as lines; all of it
// can be changed, by hand or by the words of --net.
import type { App } from "./app";
import { button, canvas, el, entry, figure, fill } from "./dom";
import { Item, readNet, writeNet } from "./net";
import { changed, insert, likeIt, remove } from "./net_edit";
import { Editor, Field } from "./net_editor";
import { Drawing, Target, same, weightAt } from "./net_draw";
import { mountHeads } from "./net_heads";
import { Column, layOut, measure, unitTop } from "./net_layout";
import type { Panel } from "./panel";
import { PLANE_MOST } from "./plane";
import type { CallAnswer, Description } from "./protocol";
import { shownUnit } from "./selection";

const INPUT_SIDE = 24;
const MOST = 12; // units of a column that are drawn

function mount(app: App, into: HTMLElement): void {
    let d: Description | null = null, items: Item[] | null = null, drawing: Drawing | null = null;
    let chosen: Target | null = null, cameFrom: "source" | "unit" = "source", waiting = false;

    const net = entry("", (text) => void (async () => {
        const typed = text, before = app.settings.net ?? "";
        const done = await setNet(text || "linear");
        net.setAttribute("aria-invalid", String(!done));
        if (!done && before !== typed) net.value = typed; // to be mended, not typed anew
    })(), "net", { "aria-label": "The net's hidden layers in words" });
    const depth = el("output", { "aria-live": "polite" });
    const less = button("−", () => change((all) => {
        const last = lastLayer()!;
        for (const one of [...last.beside].reverse()) if (one.place) remove(all, one.place);
        remove(all, last.place!);
    }), "One hidden layer less");
    const more = button("+", () => change((all) => {
        const last = lastLayer();
        insert(all, last ? [...last.beside].reverse().find((one) => one.place)?.place ?? last.place : null, true, likeIt(all, last?.place ?? null));
    }), "One hidden layer more");
    const heads = el("div", { class: "heads" }), space = el("div", { class: "space" }), scroll = el("div", { class: "scroll" }, heads, space);
    const picture = canvas(300, 200, "The network");
    const view = picture.element;
    view.tabIndex = 0;
    view.setAttribute("role", "application");
    view.setAttribute("aria-roledescription", "network");
    space.append(view);
    const tip = el("div", { class: "tip", hidden: true }), aloud = el("p", { class: "unseen", "aria-live": "polite" });
    const list = el("ol", { class: "unseen", "aria-label": "Layers of the network" });
    const key = el("p", { class: "faint" }, "Lines are weights: blue unbroken above zero, orange broken below, the wider the larger. The small squares are biases. Point at a unit or a line to read it, click it to change it.");
    into.append(el("div", { class: "row" }, el("span", {}, "Hidden layers"), less, depth, more),
        el("label", { class: "words" }, el("span", {}, "Net"), net), scroll, key, list, aloud, tip);
    const editor = new Editor(into);

    const setNet = (text: string): Promise<boolean> => app.set({
        net: text, ...(app.settings.weights ? { weights: "" } : {}), ...(app.settings.biases ? { biases: "" } : {}),
    });
    const change = (how: (all: Item[]) => void): void => { if (items) void setNet(changed(items, how)); };
    const lastLayer = (): Column | null => // a group counts as one
        [...(drawing?.layout.columns ?? [])].reverse().find((column) => column.place && d!.layers[column.layer].depth === 0) ?? null;
    const drawHeads = mountHeads(app, heads, editor, (text) => void setNet(text));

    /* --- drawing --- */

    const soon = (): void => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
            waiting = false;
            draw();
        });
    };
    const draw = (): void => {
        if (!drawing || !app.frame || app.frame.weights.length !== d!.parameters) return;
        const room = Math.min(scroll.clientWidth, drawing.sizes.width);
        drawing.draw(picture.resize(room, drawing.sizes.height), app.frame, scroll.scrollLeft, room, chosen);
        if (!tip.hidden) tip.textContent = told(chosen);
    };

    let built = "";
    const build = (): void => {
        d = app.description;
        if (!d) return;
        const room = scroll.clientWidth, words = app.settings.net;
        const key = [words, room, d.net, d.inputs.join(), d.classes.join(), d.features, d.axes.join(), app.settings.activation].join("\n");
        if (key === built) return;
        built = key;
        items = readNet(words ?? writeNet((readNet(d.net) ?? []).slice(0, -1)));
        const layout = layOut(d, items, MOST), sizes = measure(layout, room);
        const inputs = drawing?.inputs ?? null; // until others are known
        drawing = new Drawing(d, layout, sizes);
        drawing.inputs = inputs;
        chosen = null;
        tip.hidden = true;
        space.style.width = `${sizes.width}px`;
        const holds = heads.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
        const again = holds?.getAttribute("aria-label") ?? holds?.title;
        drawHeads(layout, items, sizes);
        if (again) // the control that was used stays at hand
            [...heads.querySelectorAll<HTMLElement>("button,select,input")].find((one) => (one.getAttribute("aria-label") ?? one.title) === again)?.focus({ preventScroll: true });
        const dense = layout.columns.filter((column) => column.kind === "dense").length;
        depth.textContent = String(dense);
        less.disabled = !layout.editable || !lastLayer();
        more.disabled = !layout.editable;
        view.setAttribute("aria-label", `The network, ${layout.columns.length} columns. Arrow keys go from unit to unit and along weights, Enter changes what is reached.`);
        fill(list, ...[el("li", {}, `${d.features} inputs${d.inputs.length && d.inputs.length < 40 ? `: ${d.inputs.join(", ")}` : ""}`),
            ...d.layers.map((layer) => el("li", {}, `${layer.name}: ${layer.text}, ${layer.units} unit${layer.units === 1 ? "" : "s"}`))]);
        soon();
    };

    /* --- what is reached --- */

    const unitName = (column: number, unit: number): string => {
        const c = drawing!.layout.columns[column], which = c.drawn[unit];
        if (c.kind === "inputs") return c.names[which] ?? `input ${which + 1}`;
        return `${d!.layers[c.layer].name}, unit ${which + 1}${c.names[which] ? ` (${c.names[which]})` : ""}`;
    };
    const told = (t: Target | null): string => {
        const frame = app.frame;
        if (!t || !frame || !drawing) return "";
        const c = drawing.layout.columns[t.column];
        if (t.source !== null) return `weight ${unitName(c.from, t.source)} to ${unitName(t.column, t.unit)}: ${figure(frame.weights[weightAt(drawing.layout, t)])}`;
        const parts = [unitName(t.column, t.unit)];
        if (c.bias >= 0) parts.push(`bias ${figure(frame.weights[c.bias + c.drawn[t.unit]])}`);
        return parts.join(": ");
    };
    const choose = (t: Target | null, spoken = false): void => {
        if (same(t, chosen)) return;
        chosen = t;
        view.classList.toggle("at", !!t);
        const c = t && drawing!.layout.columns[t.column];
        const behind = c && c.shows >= 0 && c.shows !== c.layer ? `, behind ${d!.layers[c.shows].name}` : "";
        shownUnit.set(t && c && t.source === null && c.shows >= 0 ? { layer: c.shows, unit: c.drawn[t.unit], name: unitName(t.column, t.unit) + behind } : null);
        if (spoken) aloud.textContent = told(t);
        soon();
    };
    const inside = (event: PointerEvent | MouseEvent): [number, number] => {
        const box = view.getBoundingClientRect();
        return [event.clientX - box.left + scroll.scrollLeft, event.clientY - box.top];
    };
    const tell = (x: number, y: number): void => {
        tip.hidden = !chosen;
        if (!chosen) return;
        tip.textContent = told(chosen);
        tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - tip.offsetWidth - 6))}px`;
        tip.style.top = `${y + 16 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 8 : y + 16}px`;
    };
    const placeOf = (t: Target): [number, number] => { // on the screen
        const box = view.getBoundingClientRect(), { layout, sizes } = drawing!, c = layout.columns[t.column];
        const y = unitTop(sizes, c, t.unit) + sizes.unit;
        if (t.source === null) return [box.left + c.x - scroll.scrollLeft, box.top + y];
        const from = layout.columns[c.from];
        return [box.left + (c.x + from.x + sizes.unit) / 2 - scroll.scrollLeft, box.top + (y + unitTop(sizes, from, t.source)) / 2 + 10];
    };

    const edit = (t: Target): void => {
        const c = drawing!.layout.columns[t.column], weights = app.frame!.weights;
        const field = (label: string, index: number, hint: string): Field => ({
            label, text: String(Number(weights[index].toPrecision(7))), hint,
            done: (text) => {
                const value = Number(text.replace("−", "-").replace(",", "."));
                if (text === "" || !Number.isFinite(value)) app.tell("problem", `${label}: ${text || "nothing"} is no number: write one, as in -0.5`);
                else app.setWeight(index, value).then(() => app.tell("problem", null), (why: Error) => app.tell("problem", why.message));
            },
        });
        const fields: Field[] = [];
        if (t.source !== null) fields.push(field("weight", weightAt(drawing!.layout, t), `${unitName(c.from, t.source)} to ${unitName(t.column, t.unit)}`));
        else {
            const which = c.drawn[t.unit], of = [c.layer, ...c.beside.map((one) => one.layer)];
            for (const layer of of.map((n) => d!.layers[n]).filter((one) => one))
                for (const p of layer.params)
                    if (p.shape.length === 1 && p.shape[0] === c.units) fields.push(field(layer === d!.layers[c.layer] ? p.name : `${layer.type} ${p.name}`, p.at + which, `of ${unitName(t.column, t.unit)}`));
        }
        if (!fields.length) return;
        tip.hidden = true;
        editor.open(t.source === null ? unitName(t.column, t.unit) : "A weight", view, fields, [], placeOf(t));
    };

    view.addEventListener("pointermove", (event) => {
        if (editor.isOpen || !drawing) return;
        choose(drawing.hit(...inside(event), event.pointerType === "touch" ? 12 : 6));
        tell(event.clientX, event.clientY);
    });
    view.addEventListener("pointerleave", () => {
        if (editor.isOpen) return;
        tip.hidden = true;
        choose(null);
    });
    view.addEventListener("click", (event) => {
        if (!drawing) return;
        choose(drawing.hit(...inside(event), 10));
        if (chosen) edit(chosen);
    });
    view.addEventListener("blur", () => { if (!editor.isOpen) { tip.hidden = true; choose(null); } });

    const step = (keyName: string): Target | null => {
        const { columns } = drawing!.layout;
        if (!chosen) return { column: 0, unit: 0, source: null };
        const c = columns[chosen.column], wrap = (n: number, count: number): number => (n + count) % count;
        const by = keyName === "ArrowDown" ? 1 : -1;
        if (keyName === "ArrowUp" || keyName === "ArrowDown") {
            if (chosen.source === null) return { ...chosen, unit: wrap(chosen.unit + by, c.drawn.length) };
            return cameFrom === "source" ? { ...chosen, unit: wrap(chosen.unit + by, c.drawn.length) }
                : { ...chosen, source: wrap(chosen.source + by, columns[c.from].drawn.length) };
        }
        if (keyName === "ArrowRight") {
            if (chosen.source !== null) return { ...chosen, source: null };
            const next = columns[chosen.column + 1];
            if (!next) return chosen;
            cameFrom = "source";
            return { column: chosen.column + 1, unit: Math.min(chosen.unit, next.drawn.length - 1), source: next.from === chosen.column ? chosen.unit : null };
        }
        if (chosen.source !== null) return { column: c.from, unit: chosen.source, source: null };
        if (chosen.column === 0) return chosen;
        cameFrom = "unit";
        if (c.from === chosen.column - 1) return { ...chosen, source: Math.min(chosen.unit, columns[c.from].drawn.length - 1) };
        return { column: chosen.column - 1, unit: Math.min(chosen.unit, columns[chosen.column - 1].drawn.length - 1), source: null };
    };
    view.addEventListener("keydown", (event) => {
        if (!drawing || event.ctrlKey || event.metaKey || event.altKey) return;
        if (/^Arrow(Up|Down|Left|Right)$/.test(event.key)) {
            choose(step(event.key), true);
            const c = drawing.layout.columns[chosen!.column], { unit, pitch } = drawing.sizes;
            if (c.x - pitch < scroll.scrollLeft) scroll.scrollLeft = c.x - pitch;
            else if (c.x + unit + pitch > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = c.x + unit + pitch - scroll.clientWidth;
            const [x, y] = placeOf(chosen!);
            tell(x, y - 10);
        } else if (event.key === "Enter" && chosen) edit(chosen);
        else if (event.key === "Escape") { choose(null); tip.hidden = true; }
        else return;
        event.preventDefault();
    });

    scroll.addEventListener("scroll", soon);
    app.on("settings", (settings) => {
        if (document.activeElement !== net || net.getAttribute("aria-invalid") !== "true") net.value = settings.net ?? "";
        net.setAttribute("aria-invalid", "false");
        build();
    });
    app.on("open", build);
    /** What the inputs are over the plane; training does not change it. */
    const see = async (): Promise<void> => {
        const of = drawing;
        if (!of || d!.features > PLANE_MOST) return;
        try {
            const { numbers } = await app.ask<CallAnswer>({ op: "call", name: "slope_inputs", text: "", numbers: [INPUT_SIDE] });
            of.inputs = { side: INPUT_SIDE, values: numbers };
        } catch { of.inputs = null; } // too many, or another training was opened
        soon();
    };
    app.on("points", () => { // the axes may be others
        build();
        void see();
    });
    app.on("frame", soon);
    new ResizeObserver(() => build()).observe(scroll);
}

export const net: Panel = { id: "net", title: "Network", place: "centre", mount };
