// worker.ts - trains beside the page: answers requests, and while it plays sends frames.
import { Engine, Refused } from "./engine";
import type { Changed, Description, Frame, FromWorker, Kept, Request, Settings, ToWorker } from "./protocol";

interface Port {
    onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
    postMessage(message: FromWorker, transfer?: Transferable[]): void;
}
const port = self as unknown as Port;

const FRAME = 16; // ms between frames while it plays
const SLICE = 10; // ms of a frame that steps may take
let engine: Engine;
let open = 0; // how many trainings were
let playing = false;
let stepsPerFrame = 0;
let belowLoss: number | null = null; // training pauses there
let sides = { picture: 100, units: 24 };
let sent = 0; // epochs whose history the page has
let lossColumn = -1;
let pace = { steps: 0, ms: 0 };
let piece = 1; // steps that take about a millisecond
let fineness = 1; // of pictures while it trains: what there is time for
let drawing = 0;  // ms that pictures take, lately
const DRAWING = [2, 6]; // ms: below, they may become finer, above, they become coarser
const PICTURE = 4e8; // FLOPs of one, at most: some tenths of a second; of large nets they are coarse
let rowCost = 1; // FLOPs of a row forward

/** What may be refused (the memory is full) while all else goes on: nothing is drawn of it. */
function orNone(look: () => Float32Array): Float32Array {
    try {
        return look();
    } catch (error) {
        if (error instanceof Refused) return new Float32Array();
        throw error;
    }
}

/** Pictures: as fine as asked while it rests; training comes first while it does not. */
function pictures(): { side: number; picture: Float32Array; unitSide: number; units: Float32Array } {
    const share = playing ? fineness : 1;
    const most = Math.max(2, Math.floor(Math.sqrt(PICTURE / rowCost)));
    const side = Math.min(most, Math.max(Math.min(20, sides.picture), Math.round(sides.picture * share)));
    const unitSide = Math.min(most, Math.max(Math.min(10, sides.units), Math.round(sides.units * share)));
    const begin = performance.now();
    const picture = orNone(() => engine.picture(side));
    const units = unitSide > 1 ? orNone(() => engine.units(unitSide)) : new Float32Array();
    if (playing) {
        drawing = drawing ? 0.8 * drawing + 0.2 * (performance.now() - begin) : performance.now() - begin;
        if ((drawing > DRAWING[1] && side > 20) || (drawing < DRAWING[0] && fineness < 1)) {
            fineness = Math.min(1, fineness * Math.max(0.3, Math.min(1.5, Math.sqrt(4 / drawing))));
            drawing = 4;
        }
    }
    return { side, picture, unitSide, units };
}

function frame(): void {
    const state = engine.state();
    const history = engine.history(sent);
    const value: Frame = {
        run: open, state, from: sent, history, ...pictures(), weights: orNone(() => engine.weights()), alive: orNone(() => engine.alive()), playing,
        stepsPerSecond: pace.ms > 0 ? (pace.steps / pace.ms) * 1000 : 0,
    };
    sent = state.epochs;
    port.postMessage({ frame: value }, [value.history.buffer, value.picture.buffer, value.units.buffer, value.weights.buffer, value.alive.buffer]);
}

/** At most so many steps, in pieces, until the time is over. true: training is over. */
function train(most: number, ms: number): boolean {
    const begin = performance.now();
    let done = 0;
    let over = false;
    let now = begin;
    while (!over && done < most && now - begin < ms) {
        const before = now;
        const count = Math.min(piece, most - done);
        const state = engine.steps(count);
        now = performance.now();
        done += count;
        over = state.over || (belowLoss !== null && reached(state.epochs));
        const took = now - before;
        if (took < 0.5 && piece < 1 << 16) piece *= 2;
        else if (took > 2 && piece > 1) piece = Math.max(1, piece >> 1);
    }
    pace = { steps: pace.steps * 0.9 + done, ms: pace.ms * 0.9 + (now - begin) };
    return over;
}

function reached(epochs: number): boolean {
    if (!epochs || lossColumn < 0) return false;
    return engine.history(epochs - 1)[lossColumn] < belowLoss!;
}

let timer: ReturnType<typeof setTimeout> | undefined;
function tick(): void {
    timer = undefined;
    if (!playing) return;
    const begin = performance.now();
    try {
        if (train(stepsPerFrame || Infinity, SLICE)) playing = false;
        frame();
    } catch (error) {
        playing = false;
        port.postMessage({ failed: error instanceof Error ? error.message : String(error) });
        return;
    }
    if (playing) timer = setTimeout(tick, Math.max(0, FRAME - (performance.now() - begin)));
}

function files(folder: string, into: Kept): void {
    for (const name of engine.list(folder)) into.files.push({ path: `${folder}/${name}`, bytes: engine.read(`${folder}/${name}`) });
}

function opened<T extends { history: string[]; flops: number }>(description: T): T {
    rowCost = Math.max(1, description.flops);
    const test = description.history.indexOf("test_loss");
    const validation = description.history.indexOf("validation_loss");
    const rows = (description as unknown as { rows: { test: number; validation: number } }).rows;
    lossColumn = rows.validation ? validation : rows.test ? test : description.history.indexOf("train_loss");
    return description;
}

/** Some changes are only possible between two epochs: then the one in progress is ended first. */
function change(settings: Settings): Description {
    try {
        return engine.change(settings);
    } catch (error) {
        if (!(error instanceof Refused) || !/amid an epoch/.test(error.message)) throw error;
        engine.steps(engine.describe().stepsAnEpoch - engine.state().stepInEpoch);
        return engine.change(settings);
    }
}

function handle(request: Request): unknown {
    switch (request.op) {
        case "catalogue": return engine.catalogue();
        case "open": {
            const description = opened(engine.open(request.settings));
            playing = false; // of a refused one nothing changes
            open++;
            sent = 0;
            pace = { steps: 0, ms: 0 };
            frame();
            return description;
        }
        case "change": {
            const description = opened(change(request.settings));
            const changed: Changed = { description, step: engine.state().step };
            sent = 0; // the history may have other columns now, which the page knows by the answer: frames come behind it
            if (!playing) setTimeout(() => { if (!playing) frame(); }, 0);
            return changed;
        }
        case "play":
            if (!open) throw new Refused("nothing is open");
            playing = true;
            frame(); // who awaits the answer knows that it plays
            if (timer === undefined) timer = setTimeout(tick, 0);
            return null;
        case "pause":
            playing = false;
            if (open) frame();
            return null;
        case "steps":
            playing = false;
            engine.steps(request.count);
            frame();
            return null;
        case "speed": stepsPerFrame = request.stepsPerFrame; return null;
        case "stop": belowLoss = request.belowLoss; return null;
        case "axes": {
            const description = engine.axes(request.across, request.up, request.window ?? [0, 0, 0, 0]);
            frame();
            return description;
        }
        case "sides":
            sides = { picture: request.picture, units: request.units };
            if (open && !playing) frame();
            return null;
        case "points": return engine.points();
        case "figures": return engine.figures(request.part);
        case "weight": {
            engine.setWeight(request.index, request.value);
            if (!playing) frame();
            return null;
        }
        case "keep": {
            const kept: Kept = { files: [] };
            const text = engine.keep(request.what);
            if (request.what === "json") kept.files.push({ path: "slope-net.json", bytes: new TextEncoder().encode(text) });
            else if (request.what === "model") kept.files.push({ path: "model.safetensors", bytes: engine.read("model.safetensors") });
            else files("slope-run", kept);
            return kept;
        }
        case "file":
            if (request.bytes) engine.write(request.path, request.bytes);
            else engine.remove(request.path);
            return null;
        case "call": return engine.call(request.name, request.text, request.numbers);
    }
}

port.onmessage = async (event) => {
    const message = event.data;
    if ("engine" in message) {
        try {
            engine = await Engine.start(message.engine);
            port.postMessage({ ready: true });
        } catch (error) {
            port.postMessage({ failed: error instanceof Error ? error.message : String(error) });
        }
        return;
    }
    try {
        port.postMessage({ id: message.id, ok: true, value: handle(message.request) });
    } catch (error) {
        port.postMessage({ id: message.id, ok: false, error: error instanceof Error ? error.message : String(error) });
    }
};
