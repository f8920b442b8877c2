// panel_output.ts - what the net answers over a plane of two inputs, or along one, with the rows it learns from.
import type { App } from "./app";
import { canvas, choice, el, figure, fill, tick } from "./dom";
import { blended, dark } from "./palette";
import type { Panel } from "./panel";
import { Near, PLANE_MOST, Square, clipped, classMark, drawRow, mark } from "./plane";
import type { CallAnswer, Description, Frame } from "./protocol";
import { mountRows } from "./rows_view";
import { chosenRow, shownUnit } from "./selection";
import { Plate, finer, range, shade, shadeClasses } from "./shade";
import { unitsBefore } from "./net_layout";

const PARTS = ["train", "validation", "test"] as const;

/** How fine pictures are asked for; while it trains the worker takes what there is time for. */
function sides(d: Description): { picture: number; units: number } {
    if (d.features > PLANE_MOST) return { picture: 2, units: 0 };
    const units = d.layers.reduce((sum, layer) => sum + layer.units, 0) || 1;
    const row = d.flops + 60 * units + 20 * d.features;
    const within = (work: number, low: number, high: number): number => Math.round(Math.max(low, Math.min(high, Math.sqrt(work / row))));
    return { picture: within(2e8, 24, 240), units: Math.min(within(2e7, 10, 32), Math.max(10, Math.floor(Math.sqrt(6e5 / units)))) };
}

function mount(app: App, into: HTMLElement): void {
    const square = new Square(), plate = new Plate(), rows = document.createElement("canvas");
    const picture = canvas(320, 320, "The net's answer");
    const view = picture.element;
    view.tabIndex = 0;
    view.setAttribute("role", "application");
    const title = el("p", { class: "shown" }), said = el("div", { class: "said" }), legend = el("div", { class: "legend" });
    const axes = el("div", { class: "axes" }), note = el("p", { class: "faint" }), ticksRow = el("div", { class: "row" });
    const plane = el("div", { class: "plane" }, view), other = el("div", {});
    into.append(title, plane, other, said, legend, ticksRow, axes, note);
    const many = mountRows(app, other);

    let d: Description | null = null, frame: Frame | null = null, near: Near | null = null;
    let place: [number, number] | null = null, answer: number[] | null = null;
    let inDark = dark(), rowsDrawn = "", waiting = false, asking = false, asked = 0;
    let scale = { low: -1, high: 1, middle: 0, half: 1 };
    const curve = (): boolean => d!.features === 1;
    const names = (): [string, string] => curve()
        ? [d!.inputs[0], d!.task === "classification" ? "probability" : "answer"]
        : [d!.inputs[d!.axes[0]] ?? "", d!.inputs[d!.axes[1]] ?? ""];

    const words = (a: 0 | 1): string[] => d!.columns.find((column) => column.name === d!.inputs[d!.axes[a]])?.words ?? [];
    const valued = (a: 0 | 1, value: number): string => words(a)[Math.round(value)] ?? figure(value);

    /* --- drawing --- */

    const soon = (): void => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => {
            waiting = false;
            draw();
        });
    };

    const colourOf = (target: number): { shape: number; colour: string } =>
        d!.task === "classification" ? classMark(target) : { shape: 0, colour: blended((target - scale.middle) / scale.half) };

    const height = (i: number): number => { // of a point i of app.points
        if (!curve()) return app.points[i + 1];
        const target = app.points[i + 2];
        return d!.task === "regression" ? target : d!.classes.length === 2 ? target : 0;
    };

    const drawRows = (width: number, tall: number): void => {
        const sharp = view.width / width, all = app.ui.show_test === "1";
        const key = [width, tall, sharp, all, square.window, scale.middle, scale.half, app.points.length, app.points === seen, blended(0)].join();
        if (key === rowsDrawn) return;
        rowsDrawn = key;
        rows.width = view.width;
        rows.height = view.height;
        const context = rows.getContext("2d")!;
        context.scale(sharp, sharp);
        context.beginPath();
        context.rect(square.left, square.top, square.size, square.size);
        context.clip();
        const count = app.points.length / 5, r = count > 2000 ? 2 : count > 600 ? 2.8 : 3.6;
        for (let i = 0; i < app.points.length; i += 5) {
            const trained = app.points[i + 3] === 0;
            if (!trained && !all) continue;
            const { shape, colour } = colourOf(app.points[i + 2]);
            drawRow(context, shape, colour, trained, square.x(app.points[i]), square.y(height(i)), r, d!.task === "regression" ? "#444" : "#fff");
        }
    };
    let seen: Float32Array | null = null;

    const drawPicture = (context: CanvasRenderingContext2D): void => {
        const f = frame!, unit = shownUnit.value, layer = unit && d!.layers[unit.layer];
        let side = f.side, values = f.picture, at = 0;
        if (layer && layer.pictures && f.unitSide > 1) {
            side = f.unitSide;
            const before = unitsBefore(d!)[unit.layer];
            const cells = side * side;
            const { scale: by, middle } = range(layer.activation, f.units, before * cells, (before + layer.units) * cells);
            at = (before + unit.unit) * cells;
            if (at + cells > f.units.length) return;
            shade(plate.size(side, side), side, 0, 0, f.units, at, side, by, middle);
        } else {
            const discrete = app.ui.discretise === "1", layers = values.length / (side * side);
            if (discrete && layers <= 10) {
                const times = Math.max(1, Math.ceil(square.size / side));
                values = finer(values, layers, side, times);
                side *= times;
            }
            const pixels = plate.size(side, side), cells = side * side;
            if (d!.task === "regression") {
                if (layers === 2) values = values.slice(0, cells).map((v, i) => (v + values[cells + i]) / 2); // an interval
                if (discrete) values = values.map((v) => scale.low + (Math.floor((v - scale.low) / (scale.high - scale.low) * 8) + 0.5) * (scale.high - scale.low) / 8);
                shade(pixels, side, 0, 0, values, at, side, 1 / scale.half, scale.middle);
            } else if (layers === 1) {
                if (discrete) values = values.map((v) => v === v ? v > 0.5 ? 0.95 : 0.05 : v);
                shade(pixels, side, 0, 0, values, at, side, 1.5, 0.5);
            } else shadeClasses(pixels, values, layers, side, discrete);
        }
        plate.done();
        context.imageSmoothingEnabled = side < square.size;
        context.imageSmoothingQuality = "high";
        context.drawImage(plate.canvas, square.left, square.top, square.size, square.size);
    };

    /** One input: the answer along it. */
    const drawCurve = (context: CanvasRenderingContext2D, ink: string): void => {
        const f = frame!, side = f.side, lines = f.picture.length / (side * side);
        context.save();
        context.beginPath();
        context.rect(square.left, square.top, square.size, square.size);
        context.clip();
        context.lineWidth = 2.5;
        for (let k = 0; k < lines; k++) {
            context.strokeStyle = d!.task === "classification" ? classMark(lines === 1 ? 1 : k).colour : ink;
            context.beginPath();
            for (let i = 0; i < side; i++) {
                const x = square.window[0] + (i + 0.5) / side * (square.window[1] - square.window[0]);
                context.lineTo(square.x(x), square.y(f.picture[k * side * side + i]));
            }
            context.stroke();
        }
        context.restore();
    };

    const draw = (): void => {
        if (!d || !frame || !frame.picture.length || d.features > PLANE_MOST) return;
        if (inDark !== dark()) {
            inDark = dark();
            drawLegend();
        }
        const width = Math.min(plane.clientWidth || 300, 460), tall = square.resize(width);
        const context = picture.resize(width, tall);
        const style = getComputedStyle(document.documentElement);
        const ink = style.getPropertyValue("--ink"), faint = style.getPropertyValue("--faint");
        context.clearRect(0, 0, width, tall);
        if (curve()) {
            context.fillStyle = style.getPropertyValue("--paper");
            context.fillRect(square.left, square.top, square.size, square.size);
        } else drawPicture(context);
        drawRows(width, tall);
        context.drawImage(rows, 0, 0, width, tall);
        if (curve()) drawCurve(context, ink);
        const [across, up] = names();
        square.axes(context, across, up, [words(0), curve() ? [] : words(1)], faint, faint);
        const chosen = chosenRow.value;
        if (chosen)
            for (let i = 0; i < app.points.length; i += 5)
                if (PARTS[app.points[i + 3]] === chosen.part && app.points[i + 4] === chosen.row) {
                    context.strokeStyle = ink;
                    context.lineWidth = 2.5;
                    mark(context, 0, square.x(app.points[i]), square.y(height(i)), 9);
                    context.stroke();
                }
        if (place) {
            context.strokeStyle = ink;
            context.lineWidth = 1;
            context.setLineDash([4, 3]);
            context.beginPath();
            const x = square.x(place[0]), y = square.y(place[1]);
            context.moveTo(x, square.top);
            context.lineTo(x, square.top + square.size);
            if (!curve()) {
                context.moveTo(square.left, y);
                context.lineTo(square.left + square.size, y);
            }
            context.stroke();
            context.setLineDash([]);
        }
    };

    /* --- words --- */

    const answered = (): string => {
        if (!answer) return "…";
        if (d!.task === "regression") return answer.map(figure).join(" to ");
        const best = answer.reduce((most, p, k) => (p > answer![most] ? k : most), 0);
        return `${clipped(d!.classes[best])}, probability ${answer[best] > 0.9995 && answer[best] < 1 ? answer[best].toFixed(6) : figure(answer[best])}`;
    };
    const say = (): void => {
        if (!d || d.features > PLANE_MOST) { fill(said); return; }
        if (!place) {
            const chosen = chosenRow.value;
            fill(said, el("span", { class: "faint" }, chosen ? `Row ${chosen.row + 1} of the ${chosen.part} part is chosen. ` : "Point at the picture to read an answer; click a row to choose it."));
            return;
        }
        const [across, up] = names();
        const where = `${across} ${valued(0, place[0])}` + (curve() ? "" : `, ${up} ${valued(1, place[1])}`);
        const guess = near && !near.near(place[0], curve() ? 0 : place[1]);
        fill(said, `${where}: ${answered()}`, ...(guess ? [el("br"), el("strong", {}, "No training rows near here: the answer is a guess.")] : []));
    };
    const ask = async (): Promise<void> => {
        if (asking || !place || !d) return;
        asking = true;
        asked = performance.now();
        const at = place;
        try {
            const { numbers } = await app.ask<CallAnswer>({ op: "call", name: "slope_at", text: "", numbers: [at[0], at[1]] });
            answer = Array.from(numbers);
        } catch { answer = null; }
        asking = false;
        if (!place) return;
        say();
        if (place !== at) void ask();
    };
    const point = (at: [number, number] | null, aloud = false): void => {
        place = at;
        said.setAttribute("aria-live", aloud ? "polite" : "off");
        if (!at) answer = null;
        say();
        void ask();
        soon();
    };
    const choose = (x: number, y: number, reach: number): void => {
        let best = reach, found = -1;
        for (let i = 0; i < app.points.length; i += 5) {
            if (app.points[i + 3] !== 0 && app.ui.show_test !== "1") continue;
            const away = Math.hypot(square.x(app.points[i]) - x, square.y(height(i)) - y);
            if (away < best) { best = away; found = i; }
        }
        chosenRow.set(found < 0 ? null : { part: PARTS[app.points[found + 3]], row: app.points[found + 4] });
    };

    const inside = (event: MouseEvent): [number, number] => {
        const box = view.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
    };
    view.addEventListener("pointermove", (event) => point(square.place(...inside(event))));
    view.addEventListener("pointerdown", (event) => point(square.place(...inside(event))));
    view.addEventListener("pointerleave", () => point(null));
    view.addEventListener("click", (event) => choose(...inside(event), 14));
    view.addEventListener("keydown", (event) => {
        const moves: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
        const w = square.window, far = event.shiftKey ? 0.1 : 0.02;
        if (moves[event.key]) {
            const from = place ?? [(w[0] + w[1]) / 2, (w[2] + w[3]) / 2], move = place ? moves[event.key] : [0, 0];
            point([Math.max(w[0], Math.min(w[1], from[0] + move[0] * far * (w[1] - w[0]))), Math.max(w[2], Math.min(w[3], from[1] + move[1] * far * (w[3] - w[2])))], true);
        } else if (event.key === "Enter" && place) choose(square.x(place[0]), square.y(place[1]), Infinity);
        else if (event.key === "Escape") { point(null); chosenRow.set(null); }
        else return;
        event.preventDefault();
    });
    view.addEventListener("blur", () => point(null));

    const name = (): void => {
        const unit = shownUnit.value, layer = unit && d?.layers[unit.layer];
        if (layer) title.textContent = `${unit!.name}: what it gives`;
        else if (d && d.features <= PLANE_MOST)
            title.textContent = d.task === "regression" ? "The net's answer" : d.classes.length === 2 ? `Probability of ${clipped(d.classes[1])}` : "The likeliest class";
        else title.textContent = "";
    };

    const sample = (shape: number, colour: string, trained = true): HTMLCanvasElement => {
        const small = canvas(16, 16, "");
        small.element.setAttribute("aria-hidden", "true");
        drawRow(small.resize(16, 16), shape, colour, trained, 8, 8, 4.5);
        return small.element;
    };
    const drawLegend = (): void => {
        if (!d) return;
        const bar = (low: string, high: string): HTMLElement[] => [
            el("span", {}, low),
            el("span", { "aria-hidden": "true", style: `width:7em;height:.9em;border:1px solid var(--line);background:linear-gradient(90deg,${[-1, -0.5, 0, 0.5, 1].map((t) => blended(t * (d!.task === "regression" ? 1 : 0.75))).join()})` }),
            el("span", {}, high)];
        const items: HTMLElement[] = [];
        if (d.task === "classification") {
            d.classes.slice(0, 24).forEach((text, k) => items.push(el("span", {}, sample(classMark(k).shape, classMark(k).colour), clipped(text, 20))));
            if (d.classes.length > 24) items.push(el("span", {}, `and ${d.classes.length - 24} more`));
            if (d.classes.length === 2 && !curve()) items.push(el("span", {}, ...bar("0", "1")));
        } else if (!curve()) items.push(el("span", {}, ...bar(figure(scale.middle - scale.half), figure(scale.middle + scale.half))));
        if (app.ui.show_test === "1") items.push(el("span", {}, sample(0, "#777777", false), "rows not trained on"));
        fill(legend, ...items);
    };

    const drawTicks = (): void => {
        const others = d!.rows.test + d!.rows.validation;
        const set = (key: string) => (value: boolean): void => {
            app.ui[key] = value ? "1" : "";
            app.tell("ui");
            drawLegend();
            soon();
        };
        fill(ticksRow, ...(curve() ? [] : [tick("discretise", app.ui.discretise === "1", set("discretise"), "discretise")]),
            ...(others ? [tick(d!.rows.test ? d!.rows.validation ? "show test and validation rows" : "show test rows" : "show validation rows", app.ui.show_test === "1", set("show_test"), "show_test")] : []));
    };

    const setAxes = async (across: number, up: number): Promise<void> => {
        try {
            const description = await app.ask<Description>({ op: "axes", across, up, window: null });
            app.description = description;
            take(description);
            app.points = await app.ask<Float32Array>({ op: "points" });
            app.tell("points", app.points);
        } catch (error) { app.tell("problem", (error as Error).message); }
    };
    const drawAxes = (): void => {
        const inputs = d!.inputs;
        const pick = (a: 0 | 1, text: string): HTMLElement => el("label", {}, el("span", { class: "faint" }, text),
            choice(inputs.map((word, i): [string, string] => [String(i), clipped(word)]), String(d!.axes[a]), (value) => {
                const to: [number, number] = [...d!.axes];
                if (Number(value) === to[1 - a]) to[1 - a] = to[a];
                to[a] = Number(value);
                [app.ui.across, app.ui.up] = to[0] === 0 && to[1] === 1 ? ["", ""] : [String(to[0]), String(to[1])];
                app.tell("ui");
                void setAxes(...to);
            }, a ? "up" : "across"));
        const shown = inputs.length > 2 && d!.features <= PLANE_MOST;
        fill(axes, ...(shown ? [pick(0, "across"), pick(1, "up")] : []));
        note.textContent = shown ? `The other ${inputs.length === 3 ? "input stays" : `${inputs.length - 2} inputs stay`} in the middle of the training rows: numbers at their means, words as in the row in the middle.` : "";
    };

    /** Of regression: the targets' range, around 0 where they lie on both sides of it. */
    const measure = (): void => {
        let low = Infinity, high = -Infinity, x0 = Infinity;
        for (let i = 0; i < app.points.length; i += 5) {
            low = Math.min(low, app.points[i + 2]);
            high = Math.max(high, app.points[i + 2]);
            x0 = Math.min(x0, app.points[i]);
        }
        if (!(high > low)) { low = (low < Infinity ? low : 0) - 1; high = low + 2; }
        const around = low < 0 && high > 0;
        const half = around ? Math.max(-low, high) : (high - low) / 2, middle = around ? 0 : (low + high) / 2;
        scale = { low, high, middle, half };
        square.window = [...d!.window];
        if (curve()) [square.window[2], square.window[3]] = d!.task === "regression" ? [low - (high - low) * 0.1, high + (high - low) * 0.1] : [-0.08, 1.08];
    };

    const take = (description: Description): void => {
        d = description;
        const planar = d.features <= PLANE_MOST;
        plane.hidden = legend.hidden = ticksRow.hidden = !planar;
        if (planar) drawTicks();
        drawAxes();
        name();
        const [across, up] = names();
        view.setAttribute("aria-label", `${title.textContent} over ${across}${curve() ? "" : ` and ${up}`}. Arrow keys move a crosshair, Enter chooses the nearest row.`);
        square.window = [...d.window];
    };
    let before = { picture: 100, units: 24 };
    app.on("open", (description) => {
        take(description);
        const want = sides(description);
        if (want.picture !== before.picture || want.units !== before.units) void app.ask({ op: "sides", ...(before = want) });
        const across = Number(app.ui.across || 0), up = Number(app.ui.up || 1), inputs = description.inputs.length;
        if ((app.ui.across || app.ui.up) && across < inputs && up < inputs && across !== up && Number.isInteger(across + up) && across >= 0 && up >= 0) void setAxes(across, up);
        const row = chosenRow.value;
        if (row && row.row >= description.rows[row.part]) chosenRow.set(null);
        shownUnit.set(null);
    });
    app.on("points", (points) => {
        seen = points;
        rowsDrawn = "";
        near = d!.features <= PLANE_MOST ? new Near(points, curve()) : null;
        measure();
        drawLegend();
        say();
        soon();
    });
    app.on("frame", (next) => {
        frame = next;
        if (place && !asking && performance.now() - asked > 150) void ask();
        many.frame(next);
        soon();
    });
    chosenRow.on(() => { say(); soon(); });
    shownUnit.on(() => { name(); soon(); });
    new ResizeObserver(soon).observe(plane);
}

export const output: Panel = { id: "output", title: "Output", place: "right", mount };
