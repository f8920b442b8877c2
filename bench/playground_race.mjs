// playground_race.mjs - the peer (playground_peer.mjs) and slope's module taking turns on Playground's default net, in
// Node or in a page: bench/playground.mjs has both. Times are microseconds.
import { Page, circle } from "./playground_peer.mjs";

/** The module's exports, with what bench/wasm_playground.c says as errors. */
export async function load(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes, {});
    const slope = instance.exports;
    slope._initialize();
    const text = (address) => {
        const memory = new Uint8Array(slope.memory.buffer, address);
        return new TextDecoder().decode(memory.slice(0, memory.indexOf(0)));
    };
    const must = (failed) => {
        if (failed) throw new Error(text(slope.play_message()));
    };
    return {
        slope,
        text,
        /** These points, in Playground's own rule; `ordered`: in this order, every epoch. */
        rule(train, test, ordered = false) {
            const all = [...train, ...test], at = slope.play_points(all.length);
            const room = new Float32Array(slope.memory.buffer, at, 3 * all.length);
            all.forEach((point, i) => room.set([point.x, point.y, point.label], 3 * i));
            must(slope.play_rule(train.length, test.length, ordered ? 1 : 0));
        },
        /** builtin:circle with so many rows, half of them to validate, as `slope train` does it. */
        run: (rows) => must(slope.play_run(rows)),
        steps: (count) => must(slope.play_steps(count)),
        epochs: (count) => must(slope.play_epochs(count)),
        loss: (part) => slope.play_loss(part),
        digest: () => BigInt.asUintN(64, slope.play_digest()).toString(16).padStart(16, "0"),
        parameter(index, count) {
            return new Float32Array(slope.memory.buffer, slope.play_parameter(index), count);
        },
    };
}

/** Numbers that depend on the seed alone (Vigna's splitmix64, 32 bits of it). */
export function drawn(seed) {
    let state = BigInt(seed);
    return () => {
        state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
        let z = state;
        z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
        z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
        return Number((z ^ (z >> 31n)) >> 32n) / 2 ** 32;
    };
}

export function median(values) {
    const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function time(work, count) {
    const start = performance.now();
    work(count);
    return ((performance.now() - start) * 1000) / count;
}

/** contenders: { name: { work(count), after()?, count } }; they take turns, and who begins changes. -> name: times. */
export function turns(contenders, rounds) {
    const names = Object.keys(contenders), times = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = -rounds / 10; round < rounds; round++) {
        for (let i = 0; i < names.length; i++) {
            const name = names[(Math.ceil(round + rounds) + i) % names.length], one = contenders[name];
            const each = time(one.work, one.count);
            if (one.after) one.after();
            if (round >= 0) times[name].push(each);
        }
    }
    return times;
}

/** One row: medians, and the median of the ratios within a round: how many times `first` is `second`. */
export function row(what, times, first, second) {
    const ratios = times[first].map((value, i) => value / times[second][i]);
    return { what, [first]: median(times[first]), [second]: median(times[second]), ratio: median(ratios) };
}

/** One round is half a millisecond or more of each: short, so that both meet the same machine. */
export function race(module, rounds) {
    const rows = [], points = circle(500, drawn(1)), train = points.slice(0, 250), test = points.slice(250);
    const page = new Page({ train, test, random: drawn(2) });
    for (let i = 0; i < 300; i++) page.epoch(); // until the engine has compiled what is hot
    const many = circle(3000, drawn(3));
    const begin = {
        rule: { epochs: () => module.rule(train, test), steps: () => module.rule(many.slice(0, 2500), many.slice(2500)) },
        run: { epochs: () => module.run(500), steps: () => module.run(5000) },
    };
    const names = { rule: "Playground's rule", run: "as slope train has it" };
    for (const way of ["rule", "run"]) {
        begin[way].steps();
        module.steps(250 * 10);
        /* Of 250 steps an epoch the last is not timed, which measures the losses. */
        const steps = { work: (count) => module.steps(count), count: 249, after: () => module.steps(1) };
        const peer = { work: (count) => { for (let i = 0; i < count; i += 25) page.pass(); }, count: 75 };
        rows.push(row(`a step, ${names[way]}`, turns({ peer, slope: steps }, rounds), "peer", "slope"));
        begin[way].epochs();
        module.epochs(100);
        const epochs = { work: (count) => module.epochs(count), count: 8 };
        const whole = { work: (count) => { for (let i = 0; i < count; i++) page.epoch(); }, count: 2 };
        rows.push(row(`an epoch and both losses, ${names[way]}`, turns({ peer: whole, slope: epochs }, rounds), "peer", "slope"));
    }
    return rows;
}

/** Both from the same weights over the same points in the same order: the largest difference of weights and losses. */
export function compare(module, epochs) {
    const points = circle(60, drawn(4)), train = points.slice(0, 30), test = points.slice(30);
    const page = new Page({ train, test, random: drawn(5) });
    module.rule(train, test, true);
    const weights = [], biases = [];
    page.layers.slice(1).forEach((layer, l) => {
        weights[l] = module.parameter(2 * l, layer.length * layer[0].linksIn.length);
        biases[l] = module.parameter(2 * l + 1, layer.length);
        layer.forEach((neuron, i) => {
            biases[l][i] = neuron.bias;
            neuron.linksIn.forEach((link, j) => (weights[l][i * neuron.linksIn.length + j] = link.weight));
        });
    });
    const all = () => page.layers.slice(1).flatMap((layer) => layer.flatMap((neuron) => neuron.linksIn.map((link) => link.weight)));
    const before = all();
    let most = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
        page.epoch();
        module.epochs(1);
        page.layers.slice(1).forEach((layer, l) => {
            const w = module.parameter(2 * l, layer.length * layer[0].linksIn.length), b = module.parameter(2 * l + 1, layer.length);
            layer.forEach((neuron, i) => {
                most = Math.max(most, Math.abs(b[i] - neuron.bias));
                neuron.linksIn.forEach((link, j) => (most = Math.max(most, Math.abs(w[i * neuron.linksIn.length + j] - link.weight))));
            });
        });
        most = Math.max(most, Math.abs(module.loss(0) / 2 - page.lossTrain), Math.abs(module.loss(1) / 2 - page.lossTest));
    }
    return { most, moved: Math.max(...all().map((weight, i) => Math.abs(weight - before[i]))) };
}
