"""The workloads in PyTorch, for bench/peers: reads lines `WORKLOAD WAY SECONDS`, answers each with a line.

Ways to write one step of training:
  eager    nn.Linear layers, torch.optim.Adam
  foreach  the same with Adam(foreach=True): one call for all parameters
  traced   the same, forward traced by torch.jit
  fused    the same with Adam(fused=True), where this version has it for the CPU
  flat     all parameters and gradients are views of two flat tensors; Adam by hand, seven operations on them
  sparse   bagtext alone: an embedding with sparse gradients and SparseAdam, the rest as flat
For inference: eager, and traced (frozen)."""
import math
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCHES = 8
NETS = {
    "playground": ([2, 8, 8, 1], nn.Tanh, "mse", 10),
    "housing": ([8, 64, 64, 1], nn.ReLU, "mse", 64),
    "reviews": ([300, 128, 1], nn.ReLU, "bce", 64),
    "digits32": ([784, 128, 10], nn.ReLU, "ce", 32),
    "digits64": ([784, 128, 10], nn.ReLU, "ce", 64),
    "digits128": ([784, 128, 10], nn.ReLU, "ce", 128),
    "wide128": ([784, 1024, 1024, 10], nn.ReLU, "ce", 128),
    "wide256": ([784, 1024, 1024, 10], nn.ReLU, "ce", 256),
    "bagtext": ([100, 128, 2], nn.ReLU, "ce", 64),
    "digits_infer1": ([784, 128, 10], nn.ReLU, None, 1),
    "digits_infer64": ([784, 128, 10], nn.ReLU, None, 64),
    "wide_infer1": ([784, 1024, 1024, 10], nn.ReLU, None, 1),
    "wide_infer64": ([784, 1024, 1024, 10], nn.ReLU, None, 64),
}
WORDS, TOKENS = 20000, 250
WAYS = ["eager", "foreach", "traced", "fused", "flat", "sparse"]
LOSSES = {"mse": F.mse_loss, "bce": F.binary_cross_entropy_with_logits, "ce": F.cross_entropy}


class Bag(nn.Module):
    """The mean of a text's word vectors, then the dense layers."""

    def __init__(self, dense, sparse):
        super().__init__()
        self.words = nn.EmbeddingBag(WORDS, 100, mode="mean", sparse=sparse)
        self.dense = dense

    def forward(self, ids, offsets):
        return self.dense(self.words(ids, offsets))


def layers(sizes, activation):
    row = []
    for i in range(len(sizes) - 1):
        row.append(nn.Linear(sizes[i], sizes[i + 1]))
        if i + 2 < len(sizes):
            row.append(activation())
    return nn.Sequential(*row)


def batches(name, sizes, loss, batch):
    """[(inputs, targets)], the inputs a tuple."""
    out = []
    chances = 1 / torch.arange(1, WORDS + 1, dtype=torch.float64)  # Zipf's law
    for _ in range(BATCHES):
        if name == "bagtext":
            ids = torch.multinomial(chances, batch * TOKENS, replacement=True)
            x = (ids, torch.arange(0, batch * TOKENS, TOKENS))
        else:
            x = (torch.rand(batch, sizes[0]) * 2 - 1,)
        if loss == "ce":
            y = torch.randint(sizes[-1], (batch,))
        elif loss == "bce":
            y = torch.randint(2, (batch, 1)).float()
        else:
            y = torch.rand(batch, 1) * 2 - 1
        out.append((x, y))
    return out


class FlatAdam:
    """Adam on one flat tensor that the parameters are views of."""

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        parameters = list(parameters)
        count = sum(p.numel() for p in parameters)
        self.p, self.g, self.m, self.v, self.t = (torch.zeros(count) for _ in range(5))
        self.lr, self.betas, self.eps, self.step_count = lr, betas, eps, 0
        at = 0
        for p in parameters:
            self.p[at:at + p.numel()] = p.data.flatten()
            p.data = self.p[at:at + p.numel()].view_as(p)
            p.grad = self.g[at:at + p.numel()].view_as(p)
            at += p.numel()

    @torch.no_grad()
    def step(self):
        self.step_count += 1
        b1, b2 = self.betas
        root = math.sqrt(1 - b2**self.step_count)
        self.m.lerp_(self.g, 1 - b1)
        self.v.mul_(b2).addcmul_(self.g, self.g, value=1 - b2)
        torch.sqrt(self.v, out=self.t)
        self.t.add_(self.eps * root)
        self.p.addcdiv_(self.m, self.t, value=-self.lr * root / (1 - b1**self.step_count))
        self.g.zero_()

    def zero_grad(self, set_to_none=True):
        pass  # step has done it


def inference(model, data, way):
    if way == "traced":
        model = torch.jit.freeze(torch.jit.trace(model.eval(), data[0][0]))
    elif way != "eager":
        return None

    def call(i):
        with torch.inference_mode():
            model(*data[i % BATCHES][0])

    return call


def training(name, model, data, way, loss):
    if (way == "sparse") != (getattr(getattr(model, "words", None), "sparse", False)):
        return None
    if way == "sparse":
        optimizers = [torch.optim.SparseAdam(list(model.words.parameters()), lr=1e-3), FlatAdam(model.dense.parameters())]
    elif way == "flat":
        optimizers = [FlatAdam(model.parameters())]
    else:
        extra = {"foreach": {"foreach": True}, "traced": {"foreach": True}, "fused": {"fused": True}}.get(way, {})
        try:
            optimizers = [torch.optim.Adam(model.parameters(), lr=1e-3, **extra)]
        except (RuntimeError, TypeError):
            return None  # not in this version
    forward = torch.jit.trace(model, data[0][0]) if way == "traced" else model
    criterion = LOSSES[loss]

    def call(i):
        x, y = data[i % BATCHES]
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        criterion(forward(*x), y).backward()
        for optimizer in optimizers:
            optimizer.step()

    return call


def prepare(name, way):
    sizes, activation, loss, batch = NETS[name]
    if way == "sparse" and name != "bagtext":
        return None
    torch.manual_seed(1)
    model = layers(sizes, activation)
    if name == "bagtext":
        model = Bag(model, way == "sparse")
    data = batches(name, sizes, loss, batch)
    return training(name, model, data, way, loss) if loss else inference(model, data, way)


def measure(call, seconds, windows=5):
    """Microseconds of a call: the median of the windows."""
    for i in range(3):
        call(i)
    start, calls = time.perf_counter(), 0
    while calls < 200 and time.perf_counter() - start < seconds / 4:
        call(calls)
        calls += 1
    about = (time.perf_counter() - start) / calls
    calls = max(1, int(seconds / windows / about))
    found = []
    for _ in range(windows):
        start = time.perf_counter()
        for i in range(calls):
            call(i)
        found.append((time.perf_counter() - start) / calls)
    return statistics.median(found) * 1e6


def products():
    """Which library multiplies: a distribution's PyTorch uses the BLAS that the system is set to."""
    torch.mm(torch.rand(64, 64), torch.rand(64, 64))
    with open("/proc/self/maps", encoding="utf-8") as maps:
        files = sorted({line.split("/", 1)[1].strip() for line in maps if "/" in line})
    for file in files:
        folder, name = file.rsplit("/", 1)
        if name.startswith(("libopenblas", "libmkl_core", "libblis")):
            return name.split(".")[0]
        if name.startswith("libblas"):  # Debian: its folder says whose
            return folder.rsplit("/", 1)[1]
    return "built-in"


def main():
    torch.set_num_threads(int(sys.argv[1]))
    print(f"contender=PyTorch version={torch.__version__}/{products()} ways={','.join(WAYS)}", flush=True)
    for line in sys.stdin:
        name, way, seconds = line.split()
        call = prepare(name, way)
        answer = f"us_per_step={measure(call, float(seconds)):.6g}" if call else "absent=yes"
        print(f"workload={name} contender=PyTorch-{way} {answer}", flush=True)


main()
