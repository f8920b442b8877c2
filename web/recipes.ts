// recipes.ts - settings that show one thing each, with what is to be seen: figures are those of seed 1.
import type { Settings } from "./protocol";
import { START } from "./settings";

export interface Recipe { name: string; line: string; settings: Settings }

function recipe(name: string, line: string, settings: Settings): Recipe {
    const all = { ...START, ...settings };
    for (const key of Object.keys(all)) if (all[key] === "") delete all[key];
    return { name, line, settings: all };
}
const whole: Settings = { lr: "", batch: "all" };
const few: Settings = { data: "builtin:gauss?rows=60&noise=0.5", net: "64 relu, 64 relu", optimizer: "adam", lr: "0.01" };

export const recipes: Recipe[] = [
    recipe("Playground's start", "6 tanh units in two layers bend around the disc: test loss 0.06 after 100 epochs, 0.01 after 300.", {}),
    recipe("Spiral with x and y alone", "No sines, no squares: 2 x 32 tanh with adam learn it. Test loss 0.08 after 100 epochs; by 300 it is 0.14 again, while the training loss goes on falling.",
        { data: "builtin:spiral", net: "32 tanh, 32 tanh", optimizer: "adam", lr: "0.01" }),
    recipe("A net that cannot: linear on the circle", "One straight line cannot go around a disc: the loss stays at 0.69, that of guessing (ln 2), for ever.", { net: "linear" }),
    recipe("Layers without activation", "Two layers of 8, 105 weights, and still a straight line: linear layers in a row are one linear layer.", { net: "8 linear, 8 linear" }),
    recipe("Circle by squares alone", "No hidden layer, 3 weights: in x² and y² the circle is a straight line. All test rows right after 20 epochs.", { net: "basis x1^2+x2^2" }),
    recipe("Learning rate far too high", "Steps overshoot: within an epoch nearly all units sit at -1 or 1, and the loss jumps about, up to 23. Try 0.03 as it runs.", { lr: "30" }),
    recipe("Learning rate beyond 2/λmax", "On a parabola each step then lands further up the other side: infinite after 15 steps.", { data: "builtin:plane", net: "linear", lr: "1" }),
    recipe("Vanishing gradients: 8 x 8 sigmoid", "A sigmoid's slope is at most 1/4, so each layer passes on a fraction of its gradient: behind 8 of them nothing is left, the loss stays at 0.693.", { net: "8 x 8 sigmoid" }),
    recipe("... the same depth with tanh", "Slope 1 at 0: the gradient gets through. Test loss 0.03 after 20 epochs.", { net: "8 x 8 tanh" }),
    recipe("... and with batch_norm", "Sigmoids again, 6 layers, each fed with mean 0 and variance 1: they learn (test loss 0.13 after 100 epochs).", { net: "6 x [8, batch_norm, sigmoid]" }),
    recipe("Dead relus", "A few steps of this size push the second layer below 0 for every row: by epoch 5 all its units give 0, and no gradient ever comes back.", { net: "8 relu, 8 relu", lr: "3" }),
    recipe("All weights equal", "Units that begin alike get the same gradients and stay alike: 4 units do the work of one.", { init: "constant" }),
    recipe("Overfitting", "30 training rows, 4,417 weights: the training loss goes to 0, the test loss climbs to 4.", few),
    recipe("... with weight decay", "The same net, decay 0.1: the test loss stays near 0.34.", { ...few, decay: "0.1" }),
    recipe("L-BFGS on moons", "All rows at once, curvature from its own steps, no learning rate: over after 35 steps. SGD is stuck near 0.23 (training) for 300 epochs.",
        { data: "builtin:moons", net: "8 tanh, 8 tanh", optimizer: "lbfgs", ...whole }),
    recipe("Exclusive or", "Four rows, two hidden units: a plateau at ln 2 for some 300 steps, then it falls (0.03 after 1,000). Other seeds take other ways.",
        { data: "builtin:xor", test: "", net: "2 tanh", lr: "0.3", batch: "4" }),
    recipe("The perceptron", "Rosenblatt's rule, one row at a time: it moves only at mistakes, and on clouds this far apart it ends without any.",
        { data: "builtin:gauss", net: "linear", optimizer: "perceptron", lr: "", batch: "1" }),
];
