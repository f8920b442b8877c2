"""models.py FOLDER: the nets of the inference workloads as ONNX models, with random weights; for bench/peers."""
import os
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

NETS = {"digits": [784, 128, 10], "wide": [784, 1024, 1024, 10]}


def model(sizes, batch):
    draw = numpy.random.default_rng(1)
    nodes, weights, before = [], [], "x"
    for i in range(len(sizes) - 1):
        last = i + 2 == len(sizes)
        bound = (6 / sizes[i]) ** 0.5
        w = draw.uniform(-bound, bound, (sizes[i + 1], sizes[i])).astype(numpy.float32)
        weights += [numpy_helper.from_array(w, f"w{i}"),
                    numpy_helper.from_array(numpy.zeros(sizes[i + 1], numpy.float32), f"b{i}")]
        after = "y" if last else f"z{i}"
        nodes.append(helper.make_node("Gemm", [before, f"w{i}", f"b{i}"], [after], transB=1))
        if not last:
            nodes.append(helper.make_node("Relu", [after], [f"h{i}"]))
            before = f"h{i}"
    graph = helper.make_graph(nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, sizes[0]])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [batch, sizes[-1]])], weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 8
    onnx.checker.check_model(made, full_check=True)
    return made


os.makedirs(sys.argv[1], exist_ok=True)
for name, sizes in NETS.items():
    for batch in (1, 64):
        onnx.save(model(sizes, batch), os.path.join(sys.argv[1], f"{name}_infer{batch}.onnx"))
