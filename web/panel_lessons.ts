// panel_lessons.ts - small nets of the lectures: each is set up by a button, asks a question, and the engine answers it.
import type { App } from "./app";
import { button, choice, el, figure, fill } from "./dom";
import type { Panel } from "./panel";
import { markup } from "./panel_explain";
import type { CallAnswer, Settings } from "./protocol";
import { Second } from "./second";
import { START } from "./settings";

/** What a lesson's answers are computed with. */
interface Desk { app: App; second: Second; out: HTMLElement; say: (sentence: string) => void; isOff: () => boolean }
interface Answer { label: string; give: (desk: Desk) => Promise<void> }
interface Lesson { id: string; title: string; text: string[]; settings: Settings; play: boolean; question: string; answers: Answer[] }

function table(head: string[], rows: (string | number)[][], caption: string): HTMLTableElement {
    const body = el("tbody");
    for (const row of rows) body.append(el("tr", {}, el("th", { scope: "row" }, String(row[0])), ...row.slice(1).map((cell) => el("td", {}, String(cell)))));
    return el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...head.map((h) => el("th", { scope: "col" }, h)))), body);
}
function wide(...inside: Node[]): HTMLElement { return el("div", { class: "wide" }, ...inside); }

const ask = (app: App, rows: string, collapsed = 0): Promise<CallAnswer> => app.ask({ op: "call", name: "slope_ask", text: rows, numbers: [collapsed] });

const XOR: Settings = { data: "builtin:xor", validation: "0", patience: "0", seed: "1", batch: "4" };
const FOUR = "0,0;0,1;1,0;1,1";
const MIDDLE = "0.5,0.5";

/** Every stage of the hidden layer for the four rows. */
async function xorTable({ app, out }: Desk): Promise<void> {
    const answer = await app.ask<CallAnswer>({ op: "call", name: "slope_explain", text: "train forward json", numbers: [0, 4, 3, 7] });
    const step = (JSON.parse(answer.answer) as { steps: Record<string, Record<string, number>>[] }).steps[0];
    const b = app.description!.layers[0].params[1].at, biases = app.frame!.weights.subarray(b, b + 2);
    const both = (name: string, row: number, less = [0, 0]): string => `${[0, 1].map((unit) => figure(step.forward[`${name}[${row},${unit}]`] - less[unit])).join(", ")}`;
    const rows = [0, 1, 2, 3].map((row) => [
        `${step.inputs[`x[${row},0]`]}, ${step.inputs[`x[${row},1]`]}`, both("z1", row, [...biases]), both("z1", row), both("a1", row),
        figure(step.forward[`y_hat[${row},0]`]), step.inputs[`y[${row},0]`],
    ]);
    out.append(wide(table(["x", "x W'", "+ b", "relu", "answer", "true"], rows, "The four rows through the net, by its weights as they are now")));
}

async function xorMiddle({ app, out }: Desk): Promise<void> {
    const said = (await ask(app, MIDDLE)).numbers;
    out.append(el("p", {}, `At (0.5, 0.5) it says ${said[said.length - 1]}${said[said.length - 1] === 1 ? " exactly" : ""}. No training row is near: each of the four is ${figure(Math.SQRT1_2)} away. Nothing in the data says so; the weights do.`));
}

async function xorTen({ second, out, say, isOff }: Desk): Promise<void> {
    const rows: (string | number)[][] = [];
    let low = 1, high = 0, learned = 0;
    await second.begin();
    for (let seed = 1; seed <= 10; seed++) {
        say(`Training net ${seed} of 10`);
        await second.open({ ...XOR, net: "8 relu", optimizer: "adam", lr: "0.03", seed: String(seed) });
        await second.steps(500);
        const p = (await second.call("slope_ask", `${FOUR};${MIDDLE}`, [0])).numbers;
        if (isOff()) return;
        const one = [0, 1, 2, 3, 4].map((row) => p[2 * row + 1]);
        learned += one.slice(0, 4).every((value, row) => value > 0.5 === (row === 1 || row === 2)) ? 1 : 0;
        low = Math.min(low, one[4]);
        high = Math.max(high, one[4]);
        rows.push([seed, ...one.map((value, place) => value.toFixed(place === 4 ? 4 : 3))]);
    }
    out.append(wide(table(["seed", "(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)", "(0.5, 0.5)"], rows, "p of class 1, after 500 steps of adam; 8 relu units")));
    out.append(el("p", {}, `${learned === 10 ? "All ten" : `${learned} of ten`} learned the four rows. In the middle they say from ${figure(low)} to ${figure(high)}: where there are no rows, the start decides.`));
}

async function collapse({ app, out }: Desk): Promise<void> {
    const places = "0,0;1,2;-3,1;4,-4;-2,-5", playing = app.frame?.playing ?? false;
    if (playing) await app.pause(); // both are to be of the same weights
    const all = (await ask(app, places)).numbers, one = (await ask(app, places, 1)).numbers, width = app.description!.answers;
    const rows = places.split(";").map((place, row) => [`(${place})`, all[row * width + width - 1].toFixed(6), one[row * width + width - 1].toFixed(6)]);
    const told = await app.ask<CallAnswer>({ op: "call", name: "slope_collapse", text: "", numbers: [2, 5] });
    if (playing) await app.play();
    out.append(wide(table(["place", "this net", "as one layer"], rows, "Answers of both nets, as they are now")), el("div", { class: "told" }, ...markup(told.answer)));
}

/** Epochs of the perceptron until one without a mistake. */
async function perceptron({ second, out, say, isOff }: Desk): Promise<void> {
    const rows: (string | number)[][] = [], most = 200;
    await second.begin();
    for (const [data, words] of [["builtin:gauss", "gauss: two clouds apart"], ["builtin:gauss?noise=0.5", "gauss, noise 0.5"], ["builtin:circle", "circle"], ["builtin:xor", "xor: four rows"]]) {
        say(`Training on ${words}`);
        const d = await second.open({ ...PERCEPTRON, data, test: data === "builtin:xor" ? "" : "0.5" });
        await second.steps(most * d.stepsAnEpoch);
        const history = (await second.call("slope_history", "", [0])).numbers;
        if (isOff()) return;
        const columns = d.history.length, right = d.history.indexOf("train_accuracy"), epochs = history.length / columns;
        let first = -1;
        for (let epoch = 0; epoch < epochs && first < 0; epoch++) if (history[epoch * columns + right] === 1) first = epoch + 1;
        const last = history[(epochs - 1) * columns + right];
        rows.push([words, first > 0 ? `${first}` : `not in ${most}`, `${Math.round((1 - last) * d.rows.train)} of ${d.rows.train}`]);
    }
    out.append(wide(table(["data", "first epoch behind which all rows are right", "wrong at the end"], rows, `${most} epochs, a row a step, step size 1`)));
    out.append(el("p", {}, "Where a line separates the classes the perceptron finds one and stands still. Where none does it never ends: each row that it puts right makes another one wrong."));
}

async function spiral({ second, out, say, isOff }: Desk): Promise<void> {
    const rows: (string | number)[][] = [];
    await second.begin();
    for (const units of [1, 2, 4, 8, 16, 32]) {
        say(`Training ${units} unit${units === 1 ? "" : "s"}`);
        const d = await second.open({ ...SPIRAL, net: `${units} tanh` });
        await second.steps(400 * d.stepsAnEpoch);
        const history = (await second.call("slope_history", "", [0])).numbers, columns = d.history.length;
        if (isOff()) return;
        const at = history.length - columns;
        rows.push([units, d.parameters, figure(history[at + d.history.indexOf("train_loss")]), `${Math.round(history[at + d.history.indexOf("train_accuracy")] * 100)} %`, `${Math.round(history[at + columns - 1] * 100)} %`]);
    }
    out.append(wide(table(["units", "parameters", "train loss", "train rows right", "test rows right"], rows, "One hidden layer of tanh units, x and y as they are, 400 epochs of adam")));
}

async function rates({ app, second, out, say, isOff }: Desk): Promise<void> {
    const rows: (string | number)[][] = [];
    await second.begin();
    for (const lr of ["0.000001", "0.0001", "0.03", "0.3", "3", "100"]) {
        say(`Training with ${lr}`);
        const d = await second.open({ ...RATES, lr });
        await second.steps(100 * d.stepsAnEpoch);
        const state = await second.json<{ step: number; diverged: boolean }>("slope_state", "", []);
        const history = (await second.call("slope_history", "", [0])).numbers, columns = d.history.length, at = history.length - columns;
        if (isOff()) return;
        const last = (name: string): number => (at < 0 ? NaN : history[at + d.history.indexOf(name)]);
        rows.push([lr, figure(last("train_loss")), figure(last("test_loss")), state.diverged ? `broke behind step ${state.step}` : `${Math.round(last("test_accuracy") * 100)} % of test rows right`]);
    }
    out.append(wide(table(["learning rate", "train loss", "test loss", ""], rows, "100 epochs from the same start")));
    out.append(el("div", { class: "row" }, ...["0.000001", "0.03", "100"].map((lr) => button(`Set up ${lr}`, () => void app.open({ ...RATES, lr }).then((fine) => fine && app.play())))));
}

const PERCEPTRON: Settings = { data: "builtin:gauss", test: "0.5", validation: "0", net: "linear", loss: "perceptron", optimizer: "perceptron", batch: "1", patience: "0", seed: "1" };
const SPIRAL: Settings = { ...START, data: "builtin:spiral", net: "16 tanh", optimizer: "adam", lr: "0.03" };
const RATES: Settings = { ...START, net: "8 relu", data: "builtin:circle" };

const LESSONS: Lesson[] = [
    { id: "xor", title: "XOR by hand", play: false,
      text: ["One line cannot separate XOR. Two relu units bend the plane so that one can. These weights are set, not learned: all ones into the hidden layer, biases 0 and -1, then 1 and -2.",
          "The net then answers all four rows exactly."],
      settings: { ...XOR, task: "regression", target_scale: "none", net: "2 relu", weights: "1,1,1,1,1,-2", biases: "0,-1,0", optimizer: "sgd", lr: "0.1" },
      question: "What does it say at (0.5, 0.5), in the middle of the four rows? And would other nets that learned XOR say the same?",
      answers: [{ label: "The four rows", give: xorTable }, { label: "What it says at (0.5, 0.5)", give: xorMiddle }, { label: "Train ten others", give: xorTen }] },
    { id: "linear", title: "Layers without activation", play: true,
      text: ["Two layers, 4 and 2 units, without an activation between them. W2 (W1 x + b1) + b2 is again one matrix and one bias: the net is no more than one layer, so the circle stays out of reach.",
          "Give one layer a tanh and it learns."],
      settings: { ...START, net: "4, 2", lr: "0.1" },
      question: "Which single matrix answers the same as all of these layers?", answers: [{ label: "Show it", give: collapse }] },
    { id: "perceptron", title: "The perceptron", play: true,
      text: ["The oldest rule: no hidden layer, a row a step, and only rows on the wrong side move the weights, by themselves. It draws a line."],
      settings: PERCEPTRON, question: "Does it come to rest? Does it on a circle?", answers: [{ label: "Try four data sets", give: perceptron }] },
    { id: "spiral", title: "One hidden layer for the spiral", play: true,
      text: ["With x and y alone and one hidden layer, each unit is a soft line across the plane, and the output adds them up. A spiral takes many of them."],
      settings: SPIRAL, question: "How many units does one hidden layer need?", answers: [{ label: "Train six nets", give: spiral }] },
    { id: "rate", title: "Very small and very large steps", play: true,
      text: ["The learning rate says how far each step goes. Too small, and nothing seems to happen; too large, and steps leap over the valley, and up the other side."],
      settings: { ...RATES, lr: "0.000001" }, question: "From the same start: which rate learns, which stands still, which breaks?", answers: [{ label: "Train six rates", give: rates }] },
];

export const lessonsPanel: Panel = {
    id: "lessons-panel", title: "Small nets to think about", place: "below",
    mount(app, into) {
        const second = new Second(app), body = el("div"), said = el("output", { class: "faint", id: "lesson-said", "aria-live": "polite" });
        let turn = 0;
        const show = (lesson: Lesson): void => {
            const mine = ++turn, out = el("div", { id: "lesson-out" });
            second.end();
            said.textContent = "";
            let ready = false; // its own net is open
            const open = async (): Promise<boolean> => {
                const settings = Object.fromEntries(Object.entries(lesson.settings).filter(([, text]) => text !== ""));
                ready = await app.open(settings);
                if (ready && lesson.play) await app.play();
                return ready;
            };
            const give = (answer: Answer, control: HTMLButtonElement): void => void (async () => {
                for (const other of body.querySelectorAll("button")) other.disabled = true;
                const part = el("div");
                out.append(part);
                try {
                    const alone = answer.give === xorTable || answer.give === xorMiddle || answer.give === collapse;
                    if (alone && !(ready && stands(app, lesson))) await open(); // these look at the net that is open
                    await answer.give({ app, second, out: part, say: (sentence) => { if (turn === mine) said.textContent = sentence; }, isOff: () => turn !== mine });
                    said.textContent = "";
                } catch (error) {
                    if (turn === mine) said.textContent = (error as Error).message;
                }
                if (turn !== mine) return;
                second.end();
                for (const other of body.querySelectorAll("button")) other.disabled = false;
                control.focus();
            })();
            const answers = el("div", { class: "row" });
            for (const answer of lesson.answers) {
                const control: HTMLButtonElement = button(answer.label, () => { fill(out); give(answer, control); });
                answers.append(control);
            }
            const setUp = button("Set it up", () => void open());
            setUp.id = "lesson-set-up";
            fill(body, ...lesson.text.map((text) => el("p", {}, text)), el("div", { class: "row" }, setUp), el("p", {}, el("strong", {}, lesson.question)), answers, said, out);
        };
        const which = choice(LESSONS.map((lesson): [string, string] => [lesson.id, lesson.title]), LESSONS[0].id, (id) => show(LESSONS.find((lesson) => lesson.id === id)!), "lesson");
        which.setAttribute("aria-label", "Lesson");
        into.append(el("div", { class: "row" }, which), body);
        show(LESSONS[0]);
    },
};

/** Is the lesson's net still the one that is open? */
function stands(app: App, lesson: Lesson): boolean {
    return Object.entries(lesson.settings).every(([name, text]) => name === "lr" || (app.settings[name] ?? "") === text);
}
