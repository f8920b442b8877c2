// configurations.mjs - trainings that must have the same bits everywhere: by name what the command line is told (data first),
// and so many steps. Words with dashes are settings of the page with underscores.
export const configurations = {
    "Playground's start": ["builtin:circle", { net: "4 tanh, 2 tanh", optimizer: "sgd", lr: "0.03", batch: "10" }, 1000],
    "spiral, adamw": ["builtin:spiral?noise=0.1", { net: "16 tanh, 16 tanh", optimizer: "adamw", lr: "0.01", seed: "7" }, 900],
    "three classes of a table": ["flowers.csv", { target: "kind", net: "8 relu", optimizer: "adam", lr: "0.01", batch: "16" }, 300],
    "numbers of a table": ["houses.csv", { target: "price", net: "16 gelu, dropout 0.2, 8 silu", "target-scale": "standard", loss: "huber delta=0.5", optimizer: "rmsprop" }, 400],
    "batch norm, dropout": ["builtin:moons?rows=300&noise=0.2", { net: "12 leaky_relu, batch_norm, dropout 0.3, 6 elu", optimizer: "nadam" }, 500],
    "layer norm, residual": ["builtin:quadrants", { net: "8 mish, layer_norm, residual [8 relu, 8]", optimizer: "momentum", lr: "0.02", "clip-norm": "0.5" }, 500],
    "a plane, lion": ["builtin:plane?noise=0.1", { net: "6 sigmoid, 6 softplus", optimizer: "lion", loss: "mean_absolute", init: "lecun" }, 500],
    "cosine with warm-up": ["builtin:gauss?noise=0.4", { net: "10 hard_swish", optimizer: "nesterov", schedule: "cosine", warmup: "20", l1: "0.001", decay: "0.01" }, 600],
    "all rows at once": ["builtin:circle?rows=120", { net: "5 tanh", optimizer: "lbfgs" }, 25],
    "rprop, own frequencies": ["builtin:spiral?rows=200", { net: "fourier 4, 8 tanh", optimizer: "rprop", batch: "all" }, 120],
    "features, classes that weigh, averages": ["builtin:circle?noise=0.3", { net: "basis x1+x2+x1^2+x2^2+x1*x2+sin(x1)+sin(x2), 6 relu", optimizer: "adagrad", "class-weight": "balanced", average: "0.99" }, 300],
    "hinge, drawn with replacement": ["builtin:moons", { net: "9 selu", loss: "hinge", sampling: "replace", optimizer: "adadelta", validation: "0.2" }, 400],
};

/** The settings of the page for one of them. */
export function settings([data, words, steps]) {
    const all = { data, test: "0.5", validation: "0", patience: "0", seed: "1" };
    for (const [name, text] of Object.entries(words)) all[name.split("-").join("_")] = text;
    if (words.schedule) all.steps = String(steps);
    else all.epochs = "1000000";
    return all;
}

/** What slope train is told. */
export function command([data, words, steps]) {
    const all = { test: "0.5", validation: "0", ...words };
    return ["train", data, ...Object.entries(all).flatMap(([name, text]) => [`--${name}`, text]), "--steps", String(steps)];
}
