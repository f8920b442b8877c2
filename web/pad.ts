// pad.ts - points drawn by hand, by mouse, finger or keyboard: a table of x, y and a class or a number.
import { button, canvas, choice, el, entry, fill, labelled } from "./dom";
import { blended, classColour, dark } from "./palette";

interface Point { x: number; y: number; kind: number; value: number }
const SIDE = 232, REACH = 6, STEP = 0.25, WAIT = 500;
const LETTERS = ["A", "B", "C", "D"];

/** drawn: the table so far, after a moment's rest; null: not enough for one, and why. */
export class Pad {
    readonly element: HTMLElement;
    private points: Point[] = [];
    private kind = 0;
    private numbers = false;
    private value = 1;
    private at = { x: 0, y: 0 };
    private keyed = false; // the cursor is shown
    private timer: ReturnType<typeof setTimeout> | undefined;
    private readonly sheet = canvas(SIDE, SIDE, "Drawing pad");
    private readonly kinds = el("div", { class: "row", role: "group", "aria-label": "Class of the next points" });
    private readonly status = el("p", { class: "faint", "aria-live": "polite" });

    constructor(private readonly drawn: (csv: string | null) => void) {
        const pad = this.sheet.element;
        pad.tabIndex = 0;
        pad.id = "pad";
        pad.setAttribute("role", "application");
        pad.setAttribute("aria-label", "Drawing pad, -6 to 6 both ways. Arrow keys move the cursor, with shift further; space puts a point, 1 to 4 choose its class, Backspace takes the last one back");
        pad.className = "pad";
        let last: { x: number; y: number } | null = null;
        const place = (event: PointerEvent): { x: number; y: number } => {
            const box = pad.getBoundingClientRect();
            return { x: ((event.clientX - box.left) / box.width * 2 - 1) * REACH, y: (1 - (event.clientY - box.top) / box.height * 2) * REACH };
        };
        pad.addEventListener("pointerdown", (event) => {
            if (event.button !== 0) return;
            pad.setPointerCapture(event.pointerId);
            this.keyed = false;
            last = place(event);
            this.put(last.x, last.y);
        });
        pad.addEventListener("pointermove", (event) => { // a line of points, not too dense
            if (!last) return;
            const here = place(event);
            if (Math.hypot(here.x - last.x, here.y - last.y) < 0.35) return;
            last = here;
            this.put(here.x, here.y);
        });
        for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { last = null; });
        pad.addEventListener("keydown", (event) => this.key(event));
        pad.addEventListener("blur", () => {
            this.keyed = false;
            this.draw();
        });
        const task = choice([["class", "classes"], ["number", "a number"]], "class", (word) => {
            this.numbers = word === "number";
            this.points = this.points.filter((p) => this.numbers === (p.kind < 0));
            this.showKinds();
            this.changed();
        }, "pad.task");
        this.element = el("div", {}, labelled("Points have", task, "What is to be learned"), this.kinds, pad,
            el("div", { class: "row" }, button("Undo", () => this.undo(), "Takes the last point back"), button("Clear", () => {
                this.points = [];
                this.changed();
            }, "Takes all points away")), this.status);
        this.showKinds();
        this.changed(false);
    }

    private showKinds(): void {
        if (this.numbers) {
            const field = entry(String(this.value), (text) => {
                if (text !== "" && Number.isFinite(Number(text))) this.value = Number(text);
                field.value = String(this.value);
            }, "pad.value", { inputmode: "decimal", size: "6" });
            fill(this.kinds, labelled("Value of the next points", field));
            return;
        }
        fill(this.kinds, ...LETTERS.map((letter, kind) => {
            const b = button(letter, () => {
                this.kind = kind;
                this.showKinds();
            }, `Class ${letter}`);
            b.setAttribute("aria-pressed", String(kind === this.kind));
            b.prepend(el("span", { class: "dot", style: `background: ${classColour(kind)}` }));
            return b;
        }));
    }

    private key(event: KeyboardEvent): void {
        const by = event.shiftKey ? 4 * STEP : STEP;
        const moves: Record<string, [number, number]> = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] };
        const move = moves[event.key];
        if (move) {
            this.at.x = Math.max(-REACH, Math.min(REACH, this.at.x + move[0]));
            this.at.y = Math.max(-REACH, Math.min(REACH, this.at.y + move[1]));
            this.status.textContent = `Cursor at x ${this.at.x}, y ${this.at.y}`;
        } else if (event.key === " ") this.put(this.at.x, this.at.y);
        else if (event.key === "Backspace") this.undo();
        else if (/^[1-4]$/.test(event.key) && !this.numbers) {
            this.kind = Number(event.key) - 1;
            this.showKinds();
        } else return;
        event.preventDefault();
        event.stopPropagation();
        this.keyed = true;
        this.draw();
    }

    private put(x: number, y: number): void {
        const round = (v: number): number => Math.round(Math.max(-REACH, Math.min(REACH, v)) * 100) / 100;
        this.points.push({ x: round(x), y: round(y), kind: this.numbers ? -1 : this.kind, value: this.value });
        this.changed();
    }
    private undo(): void {
        this.points.pop();
        this.changed();
    }

    private changed(tell = true): void {
        this.draw();
        const counts = LETTERS.map((_, kind) => this.points.filter((p) => p.kind === kind).length);
        const classes = counts.filter((n) => n > 0).length;
        const ready = this.numbers ? new Set(this.points.map((p) => p.value)).size > 1 : classes > 1;
        const what = this.numbers ? `${this.points.length} points` : LETTERS.map((letter, k) => (counts[k] ? `${letter} ${counts[k]}` : "")).filter(Boolean).join(", ");
        const wants = ready ? "" : this.numbers ? "Wants points of at least two values." : "Wants points of at least two classes.";
        this.status.textContent = `${what || "No points yet"}. ${wants}`;
        clearTimeout(this.timer);
        if (tell) this.timer = setTimeout(() => this.drawn(ready ? this.csv() : null), WAIT);
    }

    csv(): string {
        const lines = this.points.map((p) => `${p.x},${p.y},${this.numbers ? p.value : LETTERS[p.kind]}`);
        return `x,y,${this.numbers ? "value" : "class"}\n${lines.join("\n")}\n`;
    }
    /** Points that were drawn before, as a link brings them; what is no such point is left out. */
    take(rows: string[][]): void {
        this.numbers = rows[0]?.[2] === "value";
        this.points = [];
        for (const [x, y, word] of rows.slice(1, 5001)) {
            const p = { x: Number(x), y: Number(y), kind: this.numbers ? -1 : LETTERS.indexOf(word), value: this.numbers ? Number(word) : 1 };
            if (Number.isFinite(p.x) && Number.isFinite(p.y) && Number.isFinite(p.value) && (this.numbers || p.kind >= 0)) this.points.push(p);
        }
        this.element.querySelector<HTMLSelectElement>("[name='pad.task']")!.value = this.numbers ? "number" : "class";
        this.showKinds();
        this.changed(false);
    }

    draw(): void {
        const g = this.sheet.resize(SIDE, SIDE);
        const at = (v: number): number => (v / REACH + 1) * SIDE / 2;
        const ink = dark() ? "#ececec" : "#1c1c1c";
        g.clearRect(0, 0, SIDE, SIDE);
        g.strokeStyle = dark() ? "#3a3d43" : "#d6d6d2";
        g.strokeRect(0.5, 0.5, SIDE - 1, SIDE - 1);
        g.beginPath();
        g.moveTo(SIDE / 2, 0);
        g.lineTo(SIDE / 2, SIDE);
        g.moveTo(0, SIDE / 2);
        g.lineTo(SIDE, SIDE / 2);
        g.stroke();
        const most = Math.max(1e-9, ...this.points.map((p) => Math.abs(p.value)));
        g.strokeStyle = ink;
        for (const p of this.points) {
            const x = at(p.x), y = SIDE - at(p.y);
            g.fillStyle = p.kind < 0 ? blended(p.value / most) : classColour(p.kind);
            g.beginPath();
            if (p.kind === 1) g.rect(x - 3, y - 3, 6, 6); // a shape each: colour alone says nothing
            else if (p.kind === 2) {
                g.moveTo(x, y - 4.5);
                g.lineTo(x + 4, y + 3);
                g.lineTo(x - 4, y + 3);
                g.closePath();
            } else if (p.kind === 3) {
                g.moveTo(x, y - 4.5);
                g.lineTo(x + 4.5, y);
                g.lineTo(x, y + 4.5);
                g.lineTo(x - 4.5, y);
                g.closePath();
            } else g.arc(x, y, 3.4, 0, 7);
            g.fill();
            g.lineWidth = 0.6;
            g.stroke();
        }
        if (!this.keyed) return;
        const x = at(this.at.x), y = SIDE - at(this.at.y);
        g.lineWidth = 1.5;
        g.beginPath();
        g.moveTo(x - 8, y);
        g.lineTo(x + 8, y);
        g.moveTo(x, y - 8);
        g.lineTo(x, y + 8);
        g.stroke();
    }
}
