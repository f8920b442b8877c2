"""The workloads in scikit-learn, for bench/peers: reads lines `WORKLOAD WAY SECONDS`, answers each with a line.

MLPClassifier or MLPRegressor with solver adam; fit is called once for many epochs with warm_start, so that what it does
once a call (checking the data) weighs little."""
import statistics
import sys
import time
import warnings

import numpy
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

BATCHES = 32
NETS = {
    "playground": ([2, 8, 8, 1], "tanh", 0, 10),
    "housing": ([8, 64, 64, 1], "relu", 0, 64),
    "reviews": ([300, 128, 1], "relu", 2, 64),
    "digits32": ([784, 128, 10], "relu", 10, 32),
    "digits64": ([784, 128, 10], "relu", 10, 64),
    "digits128": ([784, 128, 10], "relu", 10, 128),
    "wide128": ([784, 1024, 1024, 10], "relu", 10, 128),
    "wide256": ([784, 1024, 1024, 10], "relu", 10, 256),
}
models = {}


def prepare(name):
    sizes, activation, classes, batch = NETS[name]
    draw = numpy.random.default_rng(1)
    rows = batch * BATCHES
    x = (draw.random((rows, sizes[0]), dtype=numpy.float32) * 2 - 1).astype(numpy.float32)
    y = numpy.arange(rows) % classes if classes else draw.random(rows, dtype=numpy.float32)
    kind = MLPClassifier if classes else MLPRegressor
    model = kind(hidden_layer_sizes=sizes[1:-1], activation=activation, solver="adam", alpha=0, batch_size=batch,
                 learning_rate_init=1e-3, shuffle=False, tol=0, n_iter_no_change=10**9, warm_start=True, max_iter=1,
                 random_state=1)
    model.fit(x, y)
    return model, x, y


def fit(job, epochs):
    """Seconds a step."""
    model, x, y = job
    model.max_iter = epochs
    start = time.perf_counter()
    model.fit(x, y)
    return (time.perf_counter() - start) / epochs / BATCHES


def main():
    warnings.simplefilter("ignore")  # that it has not converged is no news
    print(f"contender=scikit-learn version={sklearn.__version__} ways=fit", flush=True)
    for line in sys.stdin:
        name, way, seconds = line.split()
        if name in NETS:
            if name not in models:
                models[name] = prepare(name)
            about = fit(models[name], 1) * BATCHES
            epochs = max(1, int(float(seconds) / 3 / about))
            answer = f"us_per_step={statistics.median(fit(models[name], epochs) for _ in range(3)) * 1e6:.6g}"
        else:
            answer = "absent=yes"
        print(f"workload={name} contender=scikit-learn-{way} {answer}", flush=True)


main()
