// rows_view.ts - data with so many inputs that a plane of two tells nothing: some rows and what is answered. Rows of
// a square number of inputs are drawn as pictures.
import type { App } from "./app";
import { canvas, el, figure, fill } from "./dom";
import { PLANE_MOST, clipped } from "./plane";
import type { CallAnswer, Description, Frame } from "./protocol";
import { Row, chosenRow } from "./selection";

const SHOWN = 16;

export function mountRows(app: App, into: HTMLElement): { frame: (frame: Frame) => void } {
    let d: Description | null = null, asking = false, last = 0, step = -1;
    const words = el("p", { class: "faint" }), grid = el("div", { class: "digits" });
    into.append(words, grid);
    into.hidden = true;
    let cells: { row: Row; text: HTMLElement; picture: HTMLCanvasElement; button: HTMLElement }[] = [];

    const draw = (picture: HTMLCanvasElement, numbers: Float32Array, side: number): void => {
        let low = Infinity, high = -Infinity;
        for (let i = 0; i < side * side; i++) { low = Math.min(low, numbers[i]); high = Math.max(high, numbers[i]); }
        picture.width = picture.height = side;
        const image = new ImageData(side, side);
        for (let i = 0; i < side * side; i++) {
            const grey = high > low ? 255 - 255 * (numbers[i] - low) / (high - low) : 255;
            image.data.set([grey, grey, grey, 255], 4 * i);
        }
        picture.getContext("2d")!.putImageData(image, 0, 0);
    };
    const refresh = async (): Promise<void> => {
        if (asking || !d) return;
        asking = true;
        const of = d, side = Math.sqrt(of.features);
        for (const cell of cells) {
            try {
                const part = ["train", "validation", "test"].indexOf(cell.row.part);
                const { numbers } = await app.ask<CallAnswer>({ op: "call", name: "slope_row", text: "", numbers: [part, cell.row.row] });
                if (of !== d) break;
                const target = numbers[of.features], answers = Array.from(numbers.subarray(of.features + 1));
                if (Number.isInteger(side)) draw(cell.picture, numbers, side);
                if (of.task === "classification") {
                    const best = answers.reduce((most, p, k) => (p > answers[most] ? k : most), 0);
                    const right = best === target;
                    cell.text.textContent = right ? clipped(of.classes[best], 12) : `${clipped(of.classes[best], 8)}, not ${clipped(of.classes[target], 8)}`;
                    cell.text.style.color = right ? "var(--good)" : "var(--bad)";
                } else cell.text.textContent = `${figure(answers[0])} for ${figure(target)}`;
                cell.button.setAttribute("aria-label", `Row ${cell.row.row + 1} of the ${cell.row.part} part: the net says ${cell.text.textContent}`);
            } catch { break; } // a new training was opened
        }
        asking = false;
    };
    app.on("open", (description) => {
        d = description;
        into.hidden = d.features <= PLANE_MOST;
        if (into.hidden) { d = null; return; }
        const part = d.rows.test ? "test" : d.rows.validation ? "validation" : "train";
        words.textContent = `A row has ${d.features} inputs, too many for a plane of two. Below: rows of the ${part} part and what the net says of them.`;
        cells = [];
        for (let i = 0; i < Math.min(SHOWN, d.rows[part]); i++) {
            const row: Row = { part, row: i }, text = el("span", {}, "…"), picture = canvas(28, 28, "").element;
            picture.setAttribute("aria-hidden", "true");
            picture.removeAttribute("style");
            picture.hidden = !Number.isInteger(Math.sqrt(d.features));
            cells.push({ row, text, picture, button: el("button", { type: "button", onclick: () => chosenRow.set(row) }, picture, text) });
        }
        fill(grid, ...cells.map((cell) => cell.button));
        step = -1;
    });
    chosenRow.on((row) => {
        for (const cell of cells) cell.button.classList.toggle("chosen", !!row && row.part === cell.row.part && row.row === cell.row.row);
    });
    return {
        frame: (frame) => {
            if (!d || asking || (frame.playing && performance.now() - last < 700) || frame.state.step === step) return;
            last = performance.now();
            step = frame.state.step;
            void refresh();
        },
    };
}
