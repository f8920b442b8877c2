#!/usr/bin/python3
"""What the models of tables in this folder answer, computed by numpy from nothing but their files and
docs/tables.md: table.py MODEL CSV. Prints the first rows' probabilities, or prediction, low, high."""
import csv
import datetime
import json
import struct
import sys

import numpy as np


def circle(seconds, period):
    turn = 2 * np.pi * seconds / period
    return [np.sin(turn), np.cos(turn)]


def encode(how, numbers, columns, cells, medians):
    cell = cells[0]
    if how[0] in ("standard", "log", "quantile", "fourier", "date"):
        values = [m if c is None else c for c, m in zip(cells, medians)]
    if how[0] == "standard":
        return [(values[0] - numbers[0]) / numbers[1]]
    if how[0] == "log":
        inside = max(values[0], numbers[1])
        return [((np.log1p(inside) if numbers[0] else np.log(inside)) - numbers[2]) / numbers[3]]
    if how[0] == "fourier":
        return [(v - numbers[2 * i]) / numbers[2 * i + 1] for i, v in enumerate(values)]
    if how[0] == "quantile":  # piecewise linear: bins that are passed are 1, the own one is the share of the way
        knots = numbers[2:]
        return [min(1, max(0, (values[0] - a) / (b - a))) for a, b in zip(knots, knots[1:])]
    if how[0] == "date":
        day = np.floor(values[0] / 86400) * 86400
        return [(values[0] - numbers[0]) / numbers[1]] + circle(values[0], 365.2425 * 86400) + \
            circle(day + 3 * 86400, 7 * 86400)
    if how[0] == "missing":
        return [float(cell is None)]
    if how[0] == "boolean":
        return [0 if cell is None else 1 if cell == 1 else -1]
    missing, other, slots = (int(n) for n in numbers[:3])
    slot = missing if cell is None else other if cell < 0 else int(numbers[5 + int(cell)])
    if how[0] == "category":
        return [slot]
    return [float(slot == i) for i in range(slots)]


def main(path, table):
    blob = open(path, "rb").read()
    length = struct.unpack("<Q", blob[:8])[0]
    header = json.loads(blob[8:8 + length])
    model = json.loads(header.pop("__metadata__")["slope"])
    kinds = {"F32": "<f4", "U8": "u1", "I64": "<i8"}
    tensor = {name: np.frombuffer(blob[8 + length + e["data_offsets"][0]:8 + length + e["data_offsets"][1]],
                                  kinds[e["dtype"]]).reshape(e["shape"]) for name, e in header.items()}
    columns = model["input"]["columns"]
    words = {}
    for i in range(len(columns["column"])):
        if f"columns.{i}.text" in tensor:
            text, at = tensor[f"columns.{i}.text"].tobytes(), tensor[f"columns.{i}.offsets"]
            words[i] = [text[a:b].decode() for a, b in zip(at, at[1:])]
    for row in list(csv.DictReader(open(table)))[:6]:
        def cell(i):
            column, text = columns["column"][i], row[columns["column"][i]["name"]]
            if not text:
                return None
            if column["type"] == "date":
                return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days * 86400.0
            return (words[i].index(text) if text in words[i] else -1) if i in words else float(text)
        x = []
        for e in columns["encoded"]:
            x += encode(e["how"].split(), e["numbers"], e["columns"], [cell(i) for i in e["columns"]],
                        [columns["column"][i]["median"] for i in e["columns"]])
        x = np.array(x, float)
        for layer in model["layers"]:
            get = lambda name: tensor[f"{layer['name']}.{name}"].astype(float)
            if layer["type"] == "category":
                x = np.concatenate([x[1:], get("table")[int(x[0])]])
            elif layer["type"] == "fourier":
                turn = 2 * np.pi * get("frequency") @ x[:layer["columns"]]
                x = np.concatenate([x[layer["columns"]:], x[:layer["columns"]], np.sin(turn), np.cos(turn)])
            else:
                x = get("weight") @ x + get("bias")
                x = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}.get(layer.get("activation"), lambda z: z)(x)
        if "target" in model:
            move, scale = model["interval"]["correction"], model["target"]
            low, high = min(x[1], x[2]) - move, max(x[1], x[2]) + move
            x = np.array([x[0], min(low, high), max(low, high)]) * scale["deviation"] + scale["shift"]
        else:
            x = np.exp(x - x.max())
            x /= x.sum()
        print("{ " + ", ".join(f"{v:.7g}" for v in x) + " },")


main(*sys.argv[1:])
