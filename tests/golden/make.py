#!/usr/bin/python3
"""Writes the golden numbers that the tests compare with, computed by PyTorch.

    /usr/bin/python3 tests/golden/make.py [FOLDER]      (Debian: python3-torch; default: this folder)

One tensor a line: `name dim dim ... : value value ...`; see README.md beside this file.
"""
import os
import sys

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.set_default_dtype(torch.float32)

ACTIVATIONS = {"none": lambda z: z, "relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}

# name: (function, where it has kinks); the inputs keep away from these, where rounding would choose the gradient
CURVES = {
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.01), [0]),
    "elu": (F.elu, []),
    "selu": (F.selu, [0]),
    "gelu": (F.gelu, []),
    "gelu_tanh": (lambda x: F.gelu(x, approximate="tanh"), []),
    "silu": (F.silu, []),
    "softplus": (F.softplus, []),
    "hard_sigmoid": (F.hardsigmoid, [-3, 3]),
    "hard_swish": (F.hardswish, [-3, 3]),
    "mish": (F.mish, []),
    "abs": (torch.abs, [0]),
    "square": (torch.square, []),
    "exp": (torch.exp, []),
}


class Golden:
    """One file; %.9g reads back to the same float32, %.17g to the same float64."""

    def __init__(self, folder, name):
        self.path = os.path.join(folder, name)
        self.lines = [f"# torch {torch.__version__}, tests/golden/make.py"]

    def put(self, name, tensor):
        tensor = torch.as_tensor(tensor).detach()
        form = "%.17g" if tensor.dtype == torch.float64 else "%.9g"
        values = [form % v for v in tensor.reshape(-1).tolist()]
        self.lines.append(" ".join([name, *map(str, tensor.shape), ":", *values]))

    def close(self):
        with open(self.path, "w", newline="\n") as file:
            file.write("\n".join(self.lines) + "\n")


# ---- operators.golden ------------------------------------------------------------------------------------


def operator(out, case, function, constants=None, **inputs):
    """Inputs, upstream r, output y, and the gradients of sum(y * r) with respect to each input."""
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    y = function(**leaves, **(constants or {}))
    upstream = torch.randn(y.shape, dtype=y.dtype)
    (y * upstream).sum().backward()
    for name, value in [*inputs.items(), *(constants or {}).items()]:
        out.put(f"{case}/{name}", value)
    out.put(f"{case}/upstream", upstream)
    out.put(f"{case}/y", y)
    for name, leaf in leaves.items():
        out.put(f"{case}/grad_{name}", leaf.grad)


def away_from_zero(x):
    """relu has a kink at 0, where rounding would choose the gradient."""
    return x + 0.05 * torch.sign(x)


def write_curves(out):
    """The other activations and elementwise operators, near 0 and (those that stay small) far away; at the kinks whose
    derivative is a choice; then what has two inputs or other shapes. A seed of its own: earlier cases stay as they are."""
    torch.manual_seed(11)
    randn = torch.randn
    far = torch.tensor([-1000.0, -100.0, -20.0, -9.0, -1e-3, -1e-30, 1e-30, 1e-3, 9.0, 20.0, 100.0, 1000.0])
    for name, (curve, kinks) in CURVES.items():
        def function(x, curve=curve):
            return curve(x)

        x = 2 * randn(4, 5)
        for kink in kinks:
            x = torch.where((x - kink).abs() < 0.01, x + 0.05, x)
        operator(out, name, function, x=x)
        if name not in ("square", "exp"):
            operator(out, name + "_far", function, x=far)
        if kinks:
            operator(out, name + "_at", function, x=torch.tensor([float(kink) for kink in kinks]))
    operator(out, "log_softmax", lambda x: torch.log_softmax(x, -1), x=randn(4, 5))
    operator(out, "log_softmax_far", lambda x: torch.log_softmax(x, -1), x=100 * randn(3, 37))
    operator(out, "log", lambda x: torch.log(x), x=randn(4, 5).exp())
    operator(out, "sqrt", lambda x: torch.sqrt(x), x=randn(4, 5).exp())
    for name, function in {"sub": torch.sub, "div": torch.div}.items():
        def pair(a, b, function=function):
            return function(a, b)

        operator(out, name, pair, a=randn(4, 3), b=away_from_zero(randn(4, 3)))
        operator(out, name + "_row", pair, a=randn(4, 3), b=away_from_zero(randn(3)))
    operator(out, "transpose", lambda a: a.t().contiguous(), a=randn(3, 5))
    operator(out, "concat", lambda a, b: torch.cat([a, b], -1), a=randn(2, 3, 2), b=randn(2, 3, 4))


def write_operators(folder):
    torch.manual_seed(1)
    out = Golden(folder, "operators.golden")
    randn = torch.randn

    for name, activation in ACTIVATIONS.items():
        x, w, b = randn(5, 7), randn(3, 7) / 2, randn(3)
        assert F.linear(x, w, b).abs().min() > 1e-3
        operator(out, f"linear_{name}", lambda x, w, b: activation(F.linear(x, w, b)), x=x, w=w, b=b)
    operator(out, "linear_one", lambda x, w, b: F.linear(x, w, b), x=randn(1, 1), w=randn(1, 1), b=randn(1))

    for name, (m, k, n) in {"matmul": (4, 6, 5), "matmul_outer": (3, 1, 4), "matmul_dot": (1, 9, 1)}.items():
        operator(out, name, lambda a, b: a @ b, a=randn(m, k), b=randn(k, n))

    operator(out, "add", lambda a, b: a + b, a=randn(4, 3), b=randn(4, 3))
    operator(out, "add_row", lambda a, b: a + b, a=randn(4, 3), b=randn(3))
    operator(out, "mul", lambda a, b: a * b, a=randn(4, 3), b=randn(4, 3))
    operator(out, "sum", lambda x: x.sum(), x=randn(4, 5))
    operator(out, "sum_long", lambda x: x.sum(), x=randn(37))  # more than two rounds of 16 lanes
    operator(out, "mean", lambda x: x.mean(), x=randn(4, 5))
    operator(out, "mean_long", lambda x: x.mean(), x=randn(37))

    operator(out, "relu", torch.relu, x=away_from_zero(randn(4, 5)))
    far = torch.tensor([-100.0, -20.0, -9.0, -5.0, -1e-3, 0.0, 1e-3, 0.6, 5.0, 9.0, 20.0, 100.0])
    for name in "tanh", "sigmoid":
        operator(out, name, ACTIVATIONS[name], x=randn(4, 5))
        operator(out, name + "_far", ACTIVATIONS[name], x=far)

    def softmax(x):
        return torch.softmax(x, -1)

    def cross_entropy(x, labels):
        return F.cross_entropy(x, labels)

    def binary(x, target):
        return F.binary_cross_entropy_with_logits(x, target)

    operator(out, "softmax", softmax, x=randn(4, 5))
    operator(out, "softmax_far", softmax, x=100 * randn(3, 4))
    operator(out, "softmax_one", softmax, x=randn(3, 1))

    labels = torch.tensor([0, 3, 4, 1, 1, 2])
    operator(out, "cross_entropy", cross_entropy, {"labels": labels}, x=randn(6, 5))
    operator(out, "cross_entropy_far", cross_entropy, {"labels": labels}, x=300 * randn(6, 5))

    zero_one = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    operator(out, "binary_cross_entropy", binary, {"target": zero_one}, x=randn(4, 2))
    operator(out, "binary_cross_entropy_far", binary, {"target": zero_one}, x=300 * randn(4, 2))
    operator(out, "binary_cross_entropy_soft", binary, {"target": torch.rand(4, 2)}, x=randn(4, 2))

    operator(out, "mean_squared", lambda x, target: F.mse_loss(x, target), x=randn(5, 3), target=randn(5, 3))
    write_curves(out)
    out.close()


# ---- net.golden ------------------------------------------------------------------------------------------

# name: (class, learning rate, weight decay on the weights alone, further options)
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, 0.1, 0, {}),
    "momentum": (torch.optim.SGD, 0.05, 0, {"momentum": 0.9}),
    "adam": (torch.optim.Adam, 0.01, 0, {"betas": (0.9, 0.999), "eps": 1e-8}),
    "adamw": (torch.optim.AdamW, 0.01, 0.1, {"betas": (0.9, 0.999), "eps": 1e-8}),
    "sgd_decay": (torch.optim.SGD, 0.1, 0.01, {}),  # the decay adds 0.01 w to the gradient of w
}


def net_case(out, case, sizes, activation, loss_function, target_name, target, optimizers, last=()):
    """A net of two linear layers: start, first loss and gradients; for each optimizer the losses before each of
    ten steps, and the weights named in `last` after them."""
    inputs, hidden, outputs = sizes
    x = torch.randn(len(target), inputs)
    start = {
        "w1": torch.randn(hidden, inputs) / inputs**0.5,
        "b1": torch.randn(hidden) / 10,
        "w2": torch.randn(outputs, hidden) / hidden**0.5,
        "b2": torch.randn(outputs) / 10,
    }

    def loss_of(p):
        z = F.linear(x, p["w1"], p["b1"])
        assert activation != "relu" or z.abs().min() > 1e-5  # rounding must not choose the gradient
        return loss_function(F.linear(ACTIVATIONS[activation](z), p["w2"], p["b2"]), target)

    def fresh():
        return {name: value.clone().requires_grad_() for name, value in start.items()}

    p = fresh()
    loss = loss_of(p)
    loss.backward()
    for name, value in [*start.items(), ("x", x), (target_name, target), ("loss", loss)]:
        out.put(f"{case}/{name}", value)
    for name in start:
        out.put(f"{case}/grad_{name}", p[name].grad)

    for optimizer_name in optimizers:
        kind, lr, decay, options = OPTIMIZERS[optimizer_name]
        p = fresh()
        groups = [
            {"params": [p["w1"], p["w2"]], "weight_decay": decay},
            {"params": [p["b1"], p["b2"]], "weight_decay": 0},
        ]
        optimizer = kind(groups, lr=lr, **options)
        losses = []
        for _ in range(10):
            optimizer.zero_grad()
            loss = loss_of(p)
            losses.append(loss.item())
            loss.backward()
            optimizer.step()
        out.put(f"{case}/{optimizer_name}/losses", losses)
        for name in last:
            out.put(f"{case}/{optimizer_name}/{name}", p[name])


def write_nets(folder):
    torch.manual_seed(2)
    out = Golden(folder, "net.golden")
    labels = torch.tensor([0, 1, 2, 3, 4, 2, 0, 4])
    zero_one = torch.tensor([1.0, 0, 0, 1, 1, 1, 0, 1]).reshape(8, 1)
    binary = F.binary_cross_entropy_with_logits
    every = ("w1", "b1", "w2", "b2")
    for activation, last in ("tanh", every), ("relu", ("w2", "b2")):  # one full set keeps the file small
        case = f"cross_entropy_{activation}"
        net_case(out, case, (20, 16, 5), activation, F.cross_entropy, "labels", labels, OPTIMIZERS, last)
    net_case(out, "binary_cross_entropy", (20, 16, 1), "tanh", binary, "target", zero_one, ["sgd"])
    net_case(out, "mean_squared", (20, 16, 3), "tanh", F.mse_loss, "target", torch.randn(8, 3), ["sgd"])
    # Sequential(Linear(10, 5), ReLU(), Linear(5, 1))
    net_case(out, "example", (10, 5, 1), "relu", F.mse_loss, "target", torch.randn(4, 1), ["sgd"], every)
    out.close()


# ---- functions.golden ------------------------------------------------------------------------------------


def write_functions(folder):
    """The lecture's softmax and cross-entropy numbers, in double."""
    out = Golden(folder, "functions.golden")

    def double(*values):
        return torch.tensor(values, dtype=torch.float64)

    scores = {"softmax": (2, 1, 0.1), "softmax_high": (1000, 999, 998), "softmax_low": (2, 1, 0)}
    for case, values in scores.items():
        x = double(*values)
        out.put(f"{case}/x", x)
        out.put(f"{case}/y", torch.softmax(x, -1))

    for label in range(3):
        x = double(2, 1, 0.1).requires_grad_()
        loss = F.cross_entropy(x.reshape(1, 3), torch.tensor([label]))
        loss.backward()
        for what, value in ("x", x), ("labels", [label]), ("loss", loss), ("grad_x", x.grad):
            out.put(f"cross_entropy_{label}/{what}", value)

    # one output of 0.87 for target 1 and 0, from the probability; then a mean of four from logits
    for target in 0, 1:
        p = double(0.87)
        x = torch.log(p / (1 - p)).requires_grad_()
        F.binary_cross_entropy_with_logits(x, double(target)).backward()
        out.put(f"binary_{target}/p", p)
        out.put(f"binary_{target}/x", x)
        out.put(f"binary_{target}/target", double(target))
        out.put(f"binary_{target}/loss", F.binary_cross_entropy(p, double(target)))
        out.put(f"binary_{target}/grad_x", x.grad)
    for case, values in {"binary_mean": (2, -1, 0.1, 3), "binary_far": (1000, -1000, 1000, -1000)}.items():
        x, target = double(*values).requires_grad_(), double(1, 0, 0, 1)
        loss = F.binary_cross_entropy_with_logits(x, target)
        loss.backward()
        for what, value in ("x", x), ("target", target), ("loss", loss), ("grad_x", x.grad):
            out.put(f"{case}/{what}", value)
    out.close()


# ---- loss.golden -----------------------------------------------------------------------------------------


def write_losses(folder):
    """Every loss in double: mean, sum, and the mean of row weight times loss over all rows, with the gradient of the
    prediction. `function` is PyTorch's with its `reduction`; where it has none of the kind, the formula written down."""
    torch.manual_seed(4)
    out = Golden(folder, "loss.golden")
    rows, width = 7, 4
    double = torch.float64

    def randn(*shape):
        return torch.randn(*shape, dtype=double)

    def reduced(losses, reduction):
        return {"none": losses, "mean": losses.mean(), "sum": losses.sum()}[reduction]

    def quantile(x, t, reduction, q):
        return reduced(torch.max(q * (t - x), (q - 1) * (t - x)), reduction)

    def hinge(x, label, reduction):
        return reduced(torch.clamp(1 - (2 * label - 1) * x[:, 0], min=0), reduction)

    def perceptron(x, t, reduction):
        return reduced(((x >= 0).to(double) - t) * x, reduction)

    def half_squared(x, t, reduction):
        return 0.5 * F.mse_loss(x, 2 * t - 1, reduction=reduction)

    def smooth_binary(x, t, reduction, s):
        return F.binary_cross_entropy_with_logits(x, t * (1 - s) + s / 2, reduction=reduction)

    def divergence(x, t, reduction):
        losses = F.kl_div(F.log_softmax(x, -1), t, reduction="none").sum(-1)
        if reduction == "mean":
            return F.kl_div(F.log_softmax(x, -1), t, reduction="batchmean")
        return reduced(losses, reduction)

    def poisson(x, t, reduction):
        return F.poisson_nll_loss(x, t, log_input=True, full=False, reduction=reduction)

    def interval(x, t, reduction, coverage):
        losses = F.mse_loss(x[:, 0::3], t, reduction="none")
        for i, q in enumerate([(1 - coverage) / 2, (1 + coverage) / 2]):
            losses = losses + quantile(x[:, i + 1 :: 3], t, "none", q)
        return reduced(losses.mean(1), reduction)

    numbers = {"x": 1.5 * randn(rows, width), "target": randn(rows, width)}
    labels = torch.randint(width, (rows,))
    zero_one = torch.randint(2, (rows, width)).to(double)
    logits, one = 2 * randn(rows, width), 1.5 * randn(rows, 1)
    shares = torch.softmax(randn(rows, width), -1)
    shares[2] = torch.tensor([0, 1, 0, 0], dtype=double)
    classes = {"x": logits, "target": labels}
    cases = {
        "mean_squared": (F.mse_loss, numbers, {}),
        "mean_absolute": (F.l1_loss, numbers, {}),
        "huber": (F.huber_loss, numbers, {}),
        "huber_narrow": (F.huber_loss, numbers, {"delta": 0.3}),
        "quantile": (quantile, numbers, {"q": 0.5}),
        "quantile_high": (quantile, numbers, {"q": 0.9}),
        "binary": (F.binary_cross_entropy_with_logits, {"x": logits, "target": zero_one}, {}),
        "binary_smooth": (smooth_binary, {"x": logits, "target": zero_one}, {"s": 0.2}),
        "binary_p": (F.binary_cross_entropy, {"x": torch.sigmoid(logits), "target": zero_one}, {}),
        "classes": (F.cross_entropy, classes, {}),
        "classes_smooth": (F.cross_entropy, classes, {"label_smoothing": 0.1}),
        "classes_p": (lambda p, t, **o: F.nll_loss(torch.log(p), t, **o), {"x": torch.softmax(logits, -1), "target": labels}, {}),
        "likelihood": (F.nll_loss, {"x": torch.log_softmax(logits, -1), "target": labels}, {}),
        "kl": (divergence, {"x": logits, "target": shares}, {}),
        "hinge": (F.multi_margin_loss, classes, {}),
        "hinge_one": (hinge, {"x": one, "target": labels % 2}, {}),
        "poisson": (poisson, {"x": randn(rows, width), "target": torch.randint(5, (rows, width)).to(double)}, {}),
        "perceptron": (perceptron, {"x": one, "target": zero_one[:, :1]}, {}),
    }
    triples = {"x": torch.cat([numbers["x"], logits[:, :2]], 1), "target": numbers["target"][:, :2]}
    cases["interval"] = (interval, triples, {"coverage": 0.9})
    cases["interval_narrow"] = (interval, triples, {"coverage": 0.5})
    cases["half_squared"] = (half_squared, {"x": torch.tanh(one), "target": zero_one[:, :1]}, {})
    weights = torch.rand(rows, dtype=double) * 2
    weights[3] = 0
    out.put("weights", weights)

    def weighted(function, x, target, options):
        losses = function(x, target, reduction="none", **options)
        return (losses.reshape(rows, -1) * weights.reshape(rows, 1)).mean()

    for case, (function, inputs, options) in cases.items():
        for name, value in inputs.items():
            out.put(f"{case}/{name}", value)
        for way in "mean", "sum", "weighted":
            x = inputs["x"].clone().requires_grad_()
            if way == "weighted":
                loss = weighted(function, x, inputs["target"], options)
            else:
                loss = function(x, inputs["target"], reduction=way, **options)
            loss.backward()
            out.put(f"{case}/{way}", loss)
            out.put(f"{case}/grad_{way}", x.grad)
    out.close()


# ---- bags.golden -----------------------------------------------------------------------------------------


def write_bags(folder):
    """EmbeddingBag with ragged bags, one of them empty: output and gradient; then three steps of SparseAdam, each with
    other bags, on sum(y * upstream)."""
    torch.manual_seed(3)
    out = Golden(folder, "bags.golden")
    rows, width = 12, 5
    table = torch.randn(rows, width)
    batches = [
        ([3, 0, 3, 11, 1, 11, 11, 2, 5, 4, 0], [0, 3, 3, 4]),
        ([7, 7, 3, 1], [0, 1, 4, 4]),
        ([0, 6, 3, 3, 2, 2, 2, 10], [0, 2, 5, 6]),
    ]
    upstream = torch.randn(4, width)
    out.put("table", table)
    out.put("upstream", upstream)
    for number, (ids, offsets) in enumerate(batches):
        out.put(f"ids_{number}", ids)
        out.put(f"offsets_{number}", [*offsets, len(ids)])

    def loss_of(weight, batch, mode, sparse):
        ids, offsets = (torch.tensor(part) for part in batch)
        y = F.embedding_bag(ids, weight, offsets, mode=mode, sparse=sparse)
        return y, (y * upstream).sum()

    for mode in "mean", "sum":
        weight = table.clone().requires_grad_()
        y, loss = loss_of(weight, batches[0], mode, False)
        loss.backward()
        out.put(f"{mode}/y", y)
        out.put(f"{mode}/grad_table", weight.grad)
        weight = table.clone().requires_grad_()
        optimizer = torch.optim.SparseAdam([weight], lr=0.05, betas=(0.9, 0.999), eps=1e-8)
        for number, batch in enumerate(batches):
            optimizer.zero_grad()
            loss_of(weight, batch, mode, True)[1].backward()
            optimizer.step()
            out.put(f"{mode}/sparse_adam_{number}", weight)
    write_pooled(out, table, upstream, batches[0])
    out.close()


def write_pooled(out, table, upstream, batch):
    """The same bags with a value for each id, their maxima, and their means weighted by a softmax."""
    ids, offsets = (torch.tensor(part) for part in batch)
    ends = [*batch[1][1:], len(batch[0])]
    values = torch.randn(len(ids))
    query = torch.randn(table.shape[1])
    out.put("values", values)
    out.put("query", query)

    def attended(weight, q):
        rows = [weight[ids[begin:end]] for begin, end in zip(batch[1], ends)]
        return torch.stack([torch.softmax(x @ q, 0) @ x for x in rows])

    for name, function in (
        ("valued", lambda w, q: F.embedding_bag(ids, w, offsets, mode="sum", per_sample_weights=values)),
        ("max", lambda w, q: F.embedding_bag(ids, w, offsets, mode="max")),
        ("attention", attended),
    ):
        weight, q = table.clone().requires_grad_(), query.clone().requires_grad_()
        y = function(weight, q)
        (y * upstream).sum().backward()
        out.put(f"{name}/y", y)
        out.put(f"{name}/grad_table", weight.grad)
        if q.grad is not None:
            out.put(f"{name}/grad_query", q.grad)


# ---- schedule.golden -------------------------------------------------------------------------------------


def step_sizes(schedulers, steps, boundary=None):
    """The step size of each of `steps` updates from lr 0.008; the second scheduler begins behind `boundary`."""
    sizes = []
    for make, count in zip(schedulers, [steps] if boundary is None else [boundary, steps - boundary]):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.008)
        scheduler = make(optimizer)
        for _ in range(count):
            sizes.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
    return torch.tensor(sizes, dtype=torch.float64)


def write_plateau(out, schedule):
    """What ReduceLROnPlateau makes of losses that fall, stay, fall too little, rise."""
    generator = torch.Generator().manual_seed(4)
    noise = torch.rand(60, generator=generator, dtype=torch.float64)
    losses = [round(max(2 - 0.2 * i, 0.7 - 0.0001 * i) + 0.02 * float(noise[i]), 6) for i in range(60)]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.008)
    scheduler = schedule.ReduceLROnPlateau(optimizer, factor=0.5, patience=3, threshold=0.003, min_lr=0.0008)
    sizes = []
    for loss in losses:
        scheduler.step(loss)
        sizes.append(optimizer.param_groups[0]["lr"])
    out.put("plateau/loss", torch.tensor(losses, dtype=torch.float64))
    out.put("plateau/lr", torch.tensor(sizes, dtype=torch.float64))


def write_schedules(folder):
    out = Golden(folder, "schedule.golden")
    schedule = torch.optim.lr_scheduler
    out.put("cosine/lr", step_sizes([lambda o: schedule.CosineAnnealingLR(o, T_max=20)], 20))
    warm = [lambda o: schedule.LambdaLR(o, lambda done: (done + 1) / 5), lambda o: schedule.CosineAnnealingLR(o, 15)]
    out.put("warm_cosine/lr", step_sizes(warm, 20, 5))
    others = {
        "step": lambda o: schedule.StepLR(o, step_size=6, gamma=0.5),
        "exponential": lambda o: schedule.ExponentialLR(o, gamma=0.9),
        "cosine_end": lambda o: schedule.CosineAnnealingLR(o, T_max=20, eta_min=0.0008),
        "cosine_restarts": lambda o: schedule.CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2, eta_min=0.0004),
        "one_cycle": lambda o: schedule.OneCycleLR(o, max_lr=0.008, total_steps=20, final_div_factor=400,
                                                   cycle_momentum=False),
        "one_cycle_up": lambda o: schedule.OneCycleLR(o, max_lr=0.008, total_steps=20, pct_start=0.47, div_factor=5,
                                                      final_div_factor=10, cycle_momentum=False),
        "polynomial": lambda o: schedule.PolynomialLR(o, total_iters=20, power=1),
        "polynomial_power": lambda o: schedule.PolynomialLR(o, total_iters=20, power=2.5),
    }
    for name, make in others.items():
        out.put(name + "/lr", step_sizes([make], 20))
    write_plateau(out, schedule)
    out.close()


# ---- optimizer.golden ------------------------------------------------------------------------------------


class NAdam(torch.optim.Optimizer):
    """As PyTorch documents it and computes it from 2.0 on; 1.13 multiplies mu_t into mu_1 .. mu_t+1 twice."""

    def __init__(self, params, **options):
        super().__init__(params, {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "psi": 4e-3, **options})

    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(t=0, product=1.0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                s["t"] += 1
                mu, following = (beta1 * (1 - 0.5 * 0.96 ** (t * group["psi"])) for t in (s["t"], s["t"] + 1))
                s["product"] *= mu
                grad = p.grad + group["weight_decay"] * p.data
                s["m"].mul_(beta1).add_(grad, alpha=1 - beta1)
                s["v"].mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
                size = (s["v"] / (1 - beta2 ** s["t"])).sqrt() + group["eps"]
                p.data -= group["lr"] * (1 - mu) / (1 - s["product"]) * grad / size
                p.data -= group["lr"] * following / (1 - s["product"] * following) * s["m"] / size


def write_optimizers(folder):
    """Every rule, without and with decay, for 12 steps on a loss that is not a parabola: sum(c (p - a)^2 + d sin p).
    In double; the weights after each step, [12, 6]."""
    torch.manual_seed(5)
    out = Golden(folder, "optimizer.golden")

    def rand():
        return torch.randn(6, dtype=torch.float64)

    start, a, c, d = rand(), rand(), rand().abs() + 0.2, rand()
    for name, value in ("start", start), ("a", a), ("c", c), ("d", d):
        out.put(name, value)
    optim = torch.optim
    rules = {
        "sgd": (optim.SGD, 0.1, {}),
        "momentum": (optim.SGD, 0.05, {"momentum": 0.9}),
        "nesterov": (optim.SGD, 0.05, {"momentum": 0.9, "nesterov": True}),
        "adagrad": (optim.Adagrad, 0.3, {"eps": 1e-10}),
        "rmsprop": (optim.RMSprop, 0.02, {"alpha": 0.99, "eps": 1e-8}),
        "adadelta": (optim.Adadelta, 1, {"rho": 0.9, "eps": 1e-6}),
        "adam": (optim.Adam, 0.1, {}),
        "amsgrad": (optim.Adam, 0.1, {"amsgrad": True}),
        "adamw": (optim.AdamW, 0.1, {}),
        "nadam": (NAdam, 0.1, {}),
        "rprop": (optim.Rprop, 0.05, {}),
    }
    for name, (kind, lr, options) in rules.items():
        for decay in (0, 0.1) if name != "rprop" else (0,):  # PyTorch's rprop has none
            p = start.clone().requires_grad_()
            optimizer = kind([p], lr=lr, **options, **({"weight_decay": decay} if name != "rprop" else {}))
            after = []
            for _ in range(12):
                optimizer.zero_grad()
                (c * (p - a) ** 2 + d * torch.sin(p)).sum().backward()
                optimizer.step()
                after.append(p.detach().clone())
            out.put(f"{name}{'_decay' if decay else ''}/after", torch.stack(after))
    out.close()


# ---- norms.golden ----------------------------------------------------------------------------------------


def write_norms(folder):
    """Batch norm over two batches, then in inference and frozen; layer norm with and without scale. In double."""
    torch.manual_seed(5)
    out = Golden(folder, "norms.golden")
    randn = lambda *shape: torch.randn(*shape, dtype=torch.float64)  # noqa: E731
    scale, shift, mean, variance = randn(19), randn(19), randn(19), torch.rand(19, dtype=torch.float64) + 0.5
    out.put("batch/running_mean", mean)
    out.put("batch/running_variance", variance)

    def batch(**training):
        return lambda x, scale, shift: F.batch_norm(x, mean, variance, scale, shift, eps=1e-5, **training)

    for step in 0, 1:
        case = f"batch_{step}"
        operator(out, case, batch(training=True, momentum=0.1), x=randn(6, 19) * 3 + 1, scale=scale, shift=shift)
        out.put(f"{case}/running_mean", mean)
        out.put(f"{case}/running_variance", variance)
    operator(out, "batch_frozen", batch(training=False), x=randn(4, 19), scale=scale, shift=shift)

    def layer(x, scale=None, shift=None):
        return F.layer_norm(x, x.shape[-1:], scale, shift, eps=1e-5)

    operator(out, "layer", layer, x=randn(4, 7) * 3 + 1, scale=randn(7), shift=randn(7))
    operator(out, "layer_wide", layer, x=randn(2, 3, 37) * 3 + 1, scale=randn(37), shift=randn(37))
    operator(out, "layer_bare", layer, x=randn(3, 16))
    out.close()


# ---- learned_columns.golden ------------------------------------------------------------------------------


def write_learned_columns(folder):
    """In float64: sine, cosine and a lookup as operators; then layers that turn the columns of a table into vectors
    and waves, as nets: parameters p0, p1, ... in the model's order, what comes out, the gradients of sum(y * upstream).
    """
    torch.manual_seed(17)
    out = Golden(folder, "learned_columns.golden")

    def randn(*shape):  # floats, so that both builds begin with the same numbers
        return torch.randn(*shape).double()

    far = torch.tensor([1e4, -1e4, 123456.0, 4194303.75, 4194304.0, -16777216.0, 1e10, 1e-30, 0.0]).double()
    for name, function in {"sin": torch.sin, "cos": torch.cos}.items():
        def curve(x, function=function):
            return function(x)

        operator(out, name, curve, x=(3 * randn(4, 9)).float().double())
        operator(out, name + "_far", curve, x=far)
    rows = torch.tensor([[2, 9], [0, 9], [4, 9], [2, 9], [2, 9], [1, 9], [4, 9]]).double()
    operator(out, "embedding", lambda table, x: F.embedding(x[:, 0].long(), table), {"x": rows}, table=randn(5, 3))

    def category(x, table):
        return torch.cat([x[:, 1:], F.embedding(x[:, 0].long(), table)], 1)

    def fourier(x, frequency, keep=True):
        columns = frequency.shape[1]
        front, angle = x[:, :columns], 2 * torch.pi * x[:, :columns] @ frequency.t()
        return torch.cat([x[:, columns:], *([front] if keep else []), torch.sin(angle), torch.cos(angle)], 1)

    def net(case, function, x, *params):
        leaves = [p.clone().requires_grad_() for p in params]
        y = function(x, *leaves)
        upstream = randn(*y.shape)
        (y * upstream).sum().backward()
        out.put(f"{case}/x", x)
        out.put(f"{case}/upstream", upstream)
        out.put(f"{case}/y", y)
        for i, leaf in enumerate(leaves):
            out.put(f"{case}/p{i}", leaf)
            out.put(f"{case}/grad_p{i}", leaf.grad)

    x = randn(8, 7)
    x[:, 0] = torch.tensor([0, 2, 1, 1, 0, 0, 2, 0])
    x[:, 1] = torch.tensor([9, 3, 3, 0, 7, 1, 9, 9])
    net("table", lambda x, a, b, w, l, c: F.linear(fourier(category(category(x, a), b), w), l, c), x,
        randn(3, 4), randn(10, 8), randn(5, 2), randn(3, 27), randn(3))
    net("waves", lambda x, w, l: F.linear(fourier(x, w, False), l), randn(5, 3), randn(4, 3), randn(2, 8))
    net("only", category, torch.tensor([[1.0], [0.0], [1.0]]).double(), randn(2, 3))
    out.close()


if __name__ == "__main__":
    target_folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    os.makedirs(target_folder, exist_ok=True)
    write_operators(target_folder)
    write_nets(target_folder)
    write_functions(target_folder)
    write_bags(target_folder)
    write_schedules(target_folder)
    write_optimizers(target_folder)
    write_norms(target_folder)
    write_losses(target_folder)
    write_learned_columns(target_folder)
