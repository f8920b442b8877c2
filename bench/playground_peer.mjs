// playground_peer.mjs - the algorithm of TensorFlow Playground (Smilkov, Carter 2016), written anew and plainly: an
// object for each neuron and each link, one example after the other, Math.tanh once for an output and once more for
// its slope, as there. What it computes is checked by tests/cli/playground_speed.sh; bench/playground.mjs times it.

export const tanh = { output: (x) => Math.tanh(x), slope: (x) => { const y = tanh.output(x); return 1 - y * y; } };
export const linear = { output: (x) => x, slope: () => 1 };
/** Half the squared error, and its slope by the output. */
export const square = { error: (output, target) => 0.5 * Math.pow(output - target, 2), slope: (output, target) => output - target };

class Neuron {
    constructor(activation) {
        this.linksIn = [];
        this.linksOut = [];
        this.bias = 0.1;
        this.activation = activation;
        this.total = 0;
        this.output = 0;
        this.slopeOfOutput = 0;
        this.slopeOfTotal = 0;
        this.slopeSum = 0;
        this.slopeCount = 0;
    }
    compute() {
        this.total = this.bias;
        for (let i = 0; i < this.linksIn.length; i++) {
            const link = this.linksIn[i];
            this.total += link.weight * link.from.output;
        }
        this.output = this.activation.output(this.total);
        return this.output;
    }
}

class Link {
    constructor(from, to, random) {
        this.from = from;
        this.to = to;
        this.weight = random() - 0.5;
        this.dead = false;
        this.slope = 0;
        this.slopeSum = 0;
        this.slopeCount = 0;
        this.penalty = null; // { slope(weight) }; the page begins without
    }
}

/** sizes [2, 4, 2, 1] -> a list of layers, each a list of neurons. */
export function build(sizes, activation, last, random) {
    const layers = [];
    for (let l = 0; l < sizes.length; l++) {
        const layer = [];
        layers.push(layer);
        for (let i = 0; i < sizes[l]; i++) {
            const neuron = new Neuron(l === sizes.length - 1 ? last : activation);
            layer.push(neuron);
            if (l === 0) continue;
            for (const from of layers[l - 1]) {
                const link = new Link(from, neuron, random);
                from.linksOut.push(link);
                neuron.linksIn.push(link);
            }
        }
    }
    return layers;
}

export function forward(layers, inputs) {
    const first = layers[0];
    if (inputs.length !== first.length) throw new Error(`${inputs.length} inputs: the net wants ${first.length}`);
    for (let i = 0; i < first.length; i++) first[i].output = inputs[i];
    for (let l = 1; l < layers.length; l++) {
        const layer = layers[l];
        for (let i = 0; i < layer.length; i++) layer[i].compute();
    }
    return layers[layers.length - 1][0].output;
}

export function backward(layers, target, loss) {
    const last = layers[layers.length - 1][0];
    last.slopeOfOutput = loss.slope(last.output, target);
    for (let l = layers.length - 1; l >= 1; l--) {
        const layer = layers[l];
        for (let i = 0; i < layer.length; i++) {
            const neuron = layer[i];
            neuron.slopeOfTotal = neuron.slopeOfOutput * neuron.activation.slope(neuron.total);
            neuron.slopeSum += neuron.slopeOfTotal;
            neuron.slopeCount++;
        }
        for (let i = 0; i < layer.length; i++) {
            const neuron = layer[i];
            for (let j = 0; j < neuron.linksIn.length; j++) {
                const link = neuron.linksIn[j];
                if (link.dead) continue;
                link.slope = neuron.slopeOfTotal * link.from.output;
                link.slopeSum += link.slope;
                link.slopeCount++;
            }
        }
        if (l === 1) continue;
        const before = layers[l - 1];
        for (let i = 0; i < before.length; i++) {
            const neuron = before[i];
            neuron.slopeOfOutput = 0;
            for (let j = 0; j < neuron.linksOut.length; j++) {
                const link = neuron.linksOut[j];
                neuron.slopeOfOutput += link.weight * link.to.slopeOfTotal;
            }
        }
    }
}

export function update(layers, rate, penaltyRate) {
    for (let l = 1; l < layers.length; l++) {
        const layer = layers[l];
        for (let i = 0; i < layer.length; i++) {
            const neuron = layer[i];
            if (neuron.slopeCount > 0) {
                neuron.bias -= (rate * neuron.slopeSum) / neuron.slopeCount;
                neuron.slopeSum = 0;
                neuron.slopeCount = 0;
            }
            for (let j = 0; j < neuron.linksIn.length; j++) {
                const link = neuron.linksIn[j];
                if (link.dead) continue;
                const penalty = link.penalty ? link.penalty.slope(link.weight) : 0;
                if (link.slopeCount > 0) {
                    link.weight -= (rate / link.slopeCount) * link.slopeSum;
                    link.weight -= rate * penaltyRate * penalty;
                    link.slopeSum = 0;
                    link.slopeCount = 0;
                }
            }
        }
    }
}

/** What may be fed in; `chosen` says which are, as the page's check boxes do. */
const features = {
    x: { value: (x, y) => x },
    y: { value: (x, y) => y },
    xSquared: { value: (x, y) => x * x },
    ySquared: { value: (x, y) => y * y },
    xTimesY: { value: (x, y) => x * y },
    sinX: { value: (x, y) => Math.sin(x) },
    sinY: { value: (x, y) => Math.sin(y) },
};

export class Page {
    constructor({ sizes = [2, 4, 2, 1], activation = tanh, last = tanh, rate = 0.03, batch = 10, train, test, random = Math.random }) {
        this.chosen = { x: true, y: true, xSquared: false, ySquared: false, xTimesY: false, sinX: false, sinY: false };
        this.layers = build(sizes, activation, last, random);
        this.rate = rate;
        this.batch = batch;
        this.train = train;
        this.test = test;
        this.lossTrain = this.lossTest = NaN;
    }
    inputs(x, y) {
        const values = [];
        for (const name in features) if (this.chosen[name]) values.push(features[name].value(x, y));
        return values;
    }
    /** One pass over the training points, an update after every `batch` of them. */
    pass() {
        this.train.forEach((point, i) => {
            forward(this.layers, this.inputs(point.x, point.y));
            backward(this.layers, point.label, square);
            if ((i + 1) % this.batch === 0) update(this.layers, this.rate, 0);
        });
    }
    loss(points) {
        let sum = 0;
        for (let i = 0; i < points.length; i++) {
            const point = points[i];
            sum += square.error(forward(this.layers, this.inputs(point.x, point.y)), point.label);
        }
        return sum / points.length;
    }
    /** What the page does for one tick of its counter: a pass, then both losses. */
    epoch() {
        this.pass();
        this.lossTrain = this.loss(this.train);
        this.lossTest = this.loss(this.test);
    }
}

/** The two rings: half of the points within half the radius (label 1), half between 0.7 of it and all of it (-1). */
export function circle(count, random) {
    const radius = 5, points = [];
    for (let i = 0; i < count; i++) {
        const inside = i < count / 2;
        const r = radius * (inside ? 0.5 * random() : 0.7 + 0.3 * random()), angle = 2 * Math.PI * random();
        points.push({ x: r * Math.sin(angle), y: r * Math.cos(angle), label: inside ? 1 : -1 });
    }
    for (let i = count - 1; i > 0; i--) {
        const j = Math.floor(random() * (i + 1));
        [points[i], points[j]] = [points[j], points[i]];
    }
    return points;
}
