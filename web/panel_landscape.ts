// panel_landscape.ts - the loss around the weights as they are, over a plane of the path walked or of two random directions.
import type { App } from "./app";
import { button, canvas, choice, el, figure } from "./dom";
import type { Panel } from "./panel";
import type { CallAnswer } from "./protocol";
import { bands, BANDS, between, colour, lines, share, surface, Surface, valueAt } from "./surface";

const SIDE = 41, PIECE = 12; // places a side; ms that the training waits for a piece of them
const LEFT = 54, TOP = 8, RIGHT = 78, BOTTOM = 44;

interface Plane { low: [number, number]; high: [number, number]; share: [number | null, number | null]; loss: number | null; rows: number; step: number }

export const panelLandscape: Panel = {
    id: "landscape",
    title: "The loss around the weights",
    place: "below",
    mount(app: App, into) {
        let kind = "0", scale: "auto" | "log" | "linear" = "auto", seed = 1, turn = 0, drawing = false, asking = false, told = 0;
        let plane: Plane | null = null, values = new Float32Array(), path = new Float32Array(), surf: Surface | null = null;
        let cross: [number, number] | null = null; // in places of the grid
        const picture = document.createElement("canvas"); // the bands and lines alone
        picture.width = picture.height = 328;
        const { element, resize } = canvas(460, 420, "The loss around the weights");
        element.tabIndex = 0;
        const said = el("p", { id: "landscape-said", role: "status" }), where = el("output", { id: "landscape-at", class: "faint", "aria-live": "polite" });
        const about = el("p", { id: "landscape-about", class: "faint" });
        const progress = el("progress", { max: SIDE * SIDE, value: 0, hidden: true, "aria-label": "Places of the plane that are computed" });
        const go = button("Draw around the current weights", () => void draw(), "The plane is laid through the weights as they are now");
        go.id = "landscape-draw";
        const others = button("Other directions", () => { seed++; void draw(); }, "Two other random directions");
        others.hidden = true;
        const planes = choice([["0", "the path's two main directions"], ["1", "two random directions"]], kind, (word) => {
            kind = word;
            others.hidden = kind !== "1";
        }, "landscape-kind");
        const scales = choice([["auto", "as they fit"], ["log", "logarithmic"], ["linear", "linear"]], scale, (word) => {
            scale = word as typeof scale;
            paintSurface();
            paint();
        }, "landscape-scale");
        into.append(
            el("div", { class: "row" }, go, el("label", { class: "row" }, "Plane", planes), others, el("label", { class: "row" }, "Colours", scales), progress),
            said, element, where, about);
        const panel = into.parentElement as HTMLDetailsElement;

        const ask = (name: string, numbers: number[]): Promise<CallAnswer> => app.ask<CallAnswer>({ op: "call", name, text: "", numbers });

        const draw = async (): Promise<void> => {
            const mine = ++turn;
            said.textContent = "";
            drawing = true;
            try {
                plane = JSON.parse((await ask("slope_landscape", [Number(kind), seed, SIDE])).answer) as Plane;
                values = new Float32Array(SIDE * SIDE).fill(NaN);
                progress.hidden = false;
                cross = null;
                let count = 8, shown = performance.now();
                for (let from = 0; from < SIDE * SIDE;) {
                    const some = Math.min(count, SIDE * SIDE - from), begin = performance.now();
                    const { numbers } = await ask("slope_landscape_some", [from, some]);
                    if (mine !== turn) return;
                    values.set(numbers, from);
                    from += some;
                    const now = performance.now();
                    count = Math.max(1, Math.min(SIDE * 4, Math.round((count * PIECE) / Math.max(1, now - begin)), 2 * count));
                    progress.value = from;
                    if (now - shown > 150) {
                        shown = now;
                        paintSurface();
                        paint();
                    }
                }
                paintSurface();
                await walk();
                tell();
            } catch (error) {
                if (mine === turn) said.textContent = (error as Error).message;
            } finally {
                if (mine === turn) {
                    drawing = false;
                    progress.hidden = true;
                }
            }
        };
        const walk = async (): Promise<void> => {
            if (!plane || asking) return;
            asking = true;
            told = performance.now();
            const mine = turn;
            try {
                const { numbers } = await ask("slope_landscape_path", []);
                if (mine === turn) path = numbers;
                const [a, b] = [path[path.length - 3], path[path.length - 2]], p = plane;
                if (a < p.low[0] || a > p.high[0] || b < p.low[1] || b > p.high[1]) said.textContent = "The weights have left the picture: draw again.";
            } catch { // another training was opened in the meantime: its event clears the picture
                return;
            } finally {
                asking = false;
            }
            paint();
        };
        const percent = (part: number): string => `${figure(100 * part)} %`;
        const axis = (side: 0 | 1): string => {
            const part = plane!.share[side];
            return part === null ? `random direction ${side + 1} (1: as long as the weights)` : `main direction ${side + 1}: ${percent(part)} of the path's variance`;
        };
        const tell = (): void => {
            if (!plane || !surf) return;
            let off = 0;
            for (let i = 3; i < path.length; i += 4) off = Math.max(off, path[i]);
            const holes = values.reduce((sum, v) => sum + (Number.isFinite(v) ? 0 : 1), 0);
            about.textContent = `${app.description?.loss ?? "Loss"}, the mean of ${plane.rows} training rows, without dropout and penalties: ${figure(plane.loss)} in the weights of step ` +
                `${plane.step.toLocaleString("en")}, from ${figure(surf.low)} to ${figure(surf.high)} in the picture. The path is seen from above: a point of it lies up to ${figure(off)} off the plane, ` +
                `and its own loss is not the colour under it.${holes ? ` At ${holes} places (grey) the loss is no number.` : ""}`;
            element.setAttribute("aria-label", `The loss over a plane of the weights. Across ${axis(0)}, up ${axis(1)}. ${about.textContent}`);
        };

        const paintSurface = (): void => {
            if (!plane) return;
            surf = surface(values, SIDE, scale);
            const context = picture.getContext("2d")!, size = picture.width, s = surf;
            context.putImageData(bands(s, size), 0, 0);
            if (!(s.high > s.low)) return;
            context.strokeStyle = "rgb(255 255 255 / .45)";
            context.lineWidth = 1;
            context.beginPath();
            const to = (place: number): number => (place / (SIDE - 1)) * size;
            lines(s, (x0, y0, x1, y1) => {
                context.moveTo(to(x0), size - to(y0));
                context.lineTo(to(x1), size - to(y1));
            });
            context.stroke();
        };
        const size = (): number => Math.max(140, Math.min(440, into.clientWidth - LEFT - RIGHT - 4));
        const paint = (): void => {
            if (!panel.open) return;
            element.hidden = !plane; // nothing is drawn yet
            const plot = size(), context = resize(LEFT + plot + RIGHT, TOP + plot + BOTTOM), style = getComputedStyle(into);
            context.clearRect(0, 0, LEFT + plot + RIGHT, TOP + plot + BOTTOM);
            if (!plane || !surf) return;
            const s = surf, p = plane, ink = style.color;
            context.drawImage(picture, LEFT, TOP, plot, plot);
            context.strokeStyle = context.fillStyle = ink;
            context.lineWidth = 1;
            context.font = "12px system-ui, sans-serif";
            context.strokeRect(LEFT + 0.5, TOP + 0.5, plot - 1, plot - 1);
            const x = (a: number): number => LEFT + ((a - p.low[0]) / (p.high[0] - p.low[0])) * plot;
            const y = (b: number): number => TOP + plot - ((b - p.low[1]) / (p.high[1] - p.low[1])) * plot;
            for (let k = 0; k <= 4; k++) {
                const a = p.low[0] + (k / 4) * (p.high[0] - p.low[0]), b = p.low[1] + (k / 4) * (p.high[1] - p.low[1]);
                context.textAlign = k === 0 ? "left" : k === 4 ? "right" : "center";
                if (plot > 260 || k % 2 === 0) context.fillText(String(Number(a.toPrecision(2))), x(a), TOP + plot + 15);
                context.textAlign = "right";
                context.fillText(String(Number(b.toPrecision(2))), LEFT - 5, Math.max(TOP + 10, y(b) + (k ? 4 : 0)));
            }
            context.textAlign = "center";
            context.fillText(axis(0), LEFT + plot / 2, TOP + plot + 33, plot + RIGHT);
            context.save();
            context.translate(12, TOP + plot / 2);
            context.rotate(-Math.PI / 2);
            context.fillText(axis(1), 0, 0, plot);
            context.restore();
            context.textAlign = "left";
            if (s.high > s.low)
                for (let k = 0; k < BANDS; k++) { // the colour bar
                    const [r, g, b] = colour((k + 0.5) / BANDS), high = plot / BANDS, at = TOP + plot - (k + 1) * high;
                    context.fillStyle = `rgb(${r} ${g} ${b})`;
                    context.fillRect(LEFT + plot + 10, at, 14, high + 0.5);
                    context.fillStyle = ink;
                    if (k % 2 === 0) context.fillText(figure(Number(valueAt(s, k / BANDS).toPrecision(3))), LEFT + plot + 28, at + high + (k ? 4 : 0));
                    if (k === BANDS - 1) context.fillText(figure(Number(s.high.toPrecision(3))), LEFT + plot + 28, TOP + 9);
                }
            context.save();
            context.beginPath();
            context.rect(LEFT, TOP, plot, plot);
            context.clip();
            for (const [width, stroke] of [[4, "#000"], [2, "#fff"]] as const) {
                context.strokeStyle = stroke;
                context.lineWidth = width;
                context.beginPath();
                for (let i = 0; i < path.length; i += 4) context.lineTo(x(path[i + 1]), y(path[i + 2]));
                context.stroke();
            }
            const dot = (a: number, b: number, radius: number, fill: string): void => {
                context.beginPath();
                context.arc(x(a), y(b), radius, 0, 2 * Math.PI);
                context.fillStyle = fill;
                context.strokeStyle = "#000";
                context.lineWidth = 1;
                context.fill();
                context.stroke();
            };
            const each = Math.max(1, Math.round(path.length / 4 / 40));
            for (let i = 0; i + 4 < path.length; i += 4 * each) dot(path[i + 1], path[i + 2], 2.5, "#fff");
            if (path.length > 4) { // a square where it began
                context.fillStyle = "#fff";
                context.fillRect(x(path[1]) - 4.5, y(path[2]) - 4.5, 9, 9);
                context.strokeRect(x(path[1]) - 4.5, y(path[2]) - 4.5, 9, 9);
            }
            if (path.length) dot(path[path.length - 3], path[path.length - 2], 6, "#e69f00");
            if (cross) {
                const at = [LEFT + (cross[0] / (SIDE - 1)) * plot, TOP + plot - (cross[1] / (SIDE - 1)) * plot];
                context.strokeStyle = "#fff";
                context.setLineDash([4, 3]);
                context.beginPath();
                context.moveTo(at[0], TOP);
                context.lineTo(at[0], TOP + plot);
                context.moveTo(LEFT, at[1]);
                context.lineTo(LEFT + plot, at[1]);
                context.stroke();
            }
            context.restore();
        };
        const point = (at: [number, number] | null): void => {
            cross = at;
            if (at && plane && surf) {
                const a = plane.low[0] + (at[0] / (SIDE - 1)) * (plane.high[0] - plane.low[0]), b = plane.low[1] + (at[1] / (SIDE - 1)) * (plane.high[1] - plane.low[1]);
                const value = between(surf, at[0], at[1]);
                where.textContent = `Across ${figure(a)}, up ${figure(b)}: loss ${figure(value)}${Number.isFinite(value) ? `, ${percent(share(surf, value))} of the ${surf.log ? "logarithmic " : ""}way from the lowest to the highest` : ""}`;
            } else where.textContent = "";
            paint();
        };
        const pointed = (event: PointerEvent): void => {
            if (!plane) return;
            const box = element.getBoundingClientRect(), plot = size();
            const i = ((event.clientX - box.left - LEFT) / plot) * (SIDE - 1), j = ((TOP + plot - event.clientY + box.top) / plot) * (SIDE - 1);
            point(i < 0 || j < 0 || i > SIDE - 1 || j > SIDE - 1 ? null : [i, j]);
        };
        element.addEventListener("pointermove", pointed);
        element.addEventListener("pointerdown", pointed);
        element.addEventListener("pointerleave", () => point(null));
        element.addEventListener("keydown", (event) => {
            const move: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
            const by = move[event.key];
            if (event.key === "Escape") point(null);
            if (!by || !plane) return;
            event.preventDefault();
            const from = cross ?? [(SIDE - 1) / 2, (SIDE - 1) / 2], most = SIDE - 1;
            point([Math.min(most, Math.max(0, Math.round(from[0]) + by[0])), Math.min(most, Math.max(0, Math.round(from[1]) + by[1]))]);
        });

        app.on("frame", (frame) => {
            if (panel.open && plane && !drawing && (!frame.playing || performance.now() - told > 150)) void walk();
        });
        app.on("changed", (change) => {
            if (plane && /^(loss|net|class_weight)$/.test(change.name)) said.textContent = `${change.name} was changed behind step ${change.step.toLocaleString("en")}: the colours are those of before. Draw again.`;
        });
        app.on("open", () => {
            turn++;
            drawing = false;
            progress.hidden = true;
            plane = surf = null;
            path = new Float32Array();
            about.textContent = where.textContent = "";
            said.textContent = "Nothing is drawn yet: train a little, then draw.";
            paint();
        });
        panel.addEventListener("toggle", paint);
        new ResizeObserver(() => paint()).observe(into);
    },
};
