#!/bin/sh
# slope linreg: a straight line by descent, against plain loops of this script's own.
. "$(dirname "$0")/kit"

if ! command -v python3 >/dev/null; then
    echo "python3 is not here"
    exit 77
fi
json() { # the expression (of `it`) holds
    python3 -c 'import json, sys, math
it = json.load(sys.stdin)
def column(report, name): return it[report][name]
def roughness(loss):
    change = [b - a for a, b in zip(loss, loss[1:])]
    mean = sum(change) / len(change)
    return math.sqrt(sum((c - mean) ** 2 for c in change) / (len(change) - 1))
def walk(report, lr):
    """every step again: e of its one point, the gradient (2e, 2xe), the update"""
    w1 = w2 = 0.0
    for k in range(1, len(report["step"])):
        i = int(report["point"][k]) - 1
        e = w1 + w2 * it["x"][i] - it["y"][i]
        if abs(report["slope1"][k] - 2 * e) > 1e-12 or abs(report["slope2"][k] - 2 * e * it["x"][i]) > 1e-12:
            return False
        w1, w2 = w1 - lr * 2 * e, w2 - lr * 2 * e * it["x"][i]
        if abs(report["w1"][k] - w1) > 1e-6 or abs(report["w2"][k] - w2) > 1e-6:
            return False
    return True
def distance(w1, w2):
    return math.sqrt(sum((w1 + w2 * x - it["w1"] - it["w2"] * x) ** 2 for x in it["x"]) / len(it["x"]))
def behind(epoch): return max(k for k, e in enumerate(it["epochs"]["epoch"]) if e <= epoch)
sys.exit(0 if eval("(" + sys.argv[1] + ")") else 1)' "$1" <"$out" 2>"$err"
}

run linreg --json
check "it runs" test "$status" = 0 -a ! -s "$err"
check "S105_ the gradient of a point is (2e, 2xe), and the updates follow" json 'walk(it["single"], 0.1) and walk(it["epochs"], 0.02)'
check "S89_ the closed form: no gradient is left" json 'len(it["x"]) == 10 and
    abs(sum(it["w1"] + it["w2"] * x - y for x, y in zip(it["x"], it["y"]))) < 1e-12 and
    abs(sum(x * (it["w1"] + it["w2"] * x - y) for x, y in zip(it["x"], it["y"]))) < 1e-12'
check "S107_ each point once in the epoch" json 'sorted(it["single"]["point"][1:]) == list(range(1, 11))'
check "S108_ behind epochs 1, 3, 5, 7, 9 nearer and nearer" json '(lambda d: d == sorted(d, reverse=True) and len(d) == 5)(
    [distance(it["epochs"]["w1"][behind(e)], it["epochs"]["w2"][behind(e)]) for e in (1, 3, 5, 7, 9)])'
check "S108_ by the distance it says" json 'all(abs(distance(it["epochs"]["w1"][k], it["epochs"]["w2"][k]) - it["epochs"]["distance"][k]) < 1e-7
    for k in range(91))'
check "S109_ roughness: one point, five, all" json '[c["lr"] for c in it["curves"]] == [0.1, 0.05, 0.025] and
    it["curves"][0]["roughness"] > it["curves"][1]["roughness"] > it["curves"][2]["roughness"] and
    all(abs(roughness(c["path"]["loss"]) - c["roughness"]) < 1e-9 for c in it["curves"])'
check "S109_ and with all the loss falls in each step" json 'it["curves"][2]["falls"] and not it["curves"][0]["falls"]'
run linreg
check "S105_ the update equations are printed" grep -qE '^w1 = 0.0000 - 0.1000 \* -?[0-9.]+ = -?[0-9.]+     w2 = 0.0000 - ' "$out"
check "S107_ the deviation of the slope between steps is printed" grep -q 'w2 has a deviation of 0.[0-9]* between steps' "$out"
check "S89_ the closed form is printed" grep -q '^least squares, the closed form: w1 = ' "$out"

run linreg --figure space
check "S106_ data and weights side by side" sh -c 'grep -q "the data, and lines behind epochs" "$1" &&
    grep -q "the weights, on level lines of the loss" "$1"' sh "$out"
for kind in epoch epochs losses; do
    run linreg --figure $kind
    check "S107_S108_S109_ the figure $kind is drawn" test "$status" = 0 -a "$(wc -l <"$out")" -gt 50
done
run linreg --figure epoch
check "S107_ the line that the points were made by is said" grep -q "made by: w1 = 2.0000, w2 = 3.0000, and noise" "$out"
check "S107_ it is drawn beside the ten" grep -q "true line" "$out"
run linreg --figure losses -o picture.gif
check "a picture of another kind is refused" same "$status" 2
if command -v gnuplot >/dev/null; then
    for kind in space epoch epochs losses; do
        run linreg --figure $kind -o "$kind.svg"
        check "$kind as a file" grep -q '<svg' "$kind.svg"
    done
else
    echo "skip  figures as files: gnuplot is not here"
fi

printf 'height,weight\n1,2\n2,4.5\n3,5.5\n4,8\n' >table.csv
run linreg table.csv --target weight --lr 0.01 --json
check "a table" json 'it["x"] == [1, 2, 3, 4] and it["y"] == [2, 4.5, 5.5, 8] and abs(it["w2"] - 1.9) < 1e-12 and abs(it["w1"] - 0.25) < 1e-12'
run linreg table.csv --target weight --figure epoch
check "S107_ of a table no true line is known" sh -c 'grep -q "least squares" "$1" && ! grep -qE "true line|made by" "$1"' sh "$out"
run linreg table.csv
check "a table without --target is refused" sh -c 'test "$1" = 2 && grep -q -- "--target" "$2"' sh "$status" "$err"
run linreg builtin:spiral
check "classes are refused" sh -c 'test "$1" = 2 && grep -q "are classes" "$2"' sh "$status" "$err"
run linreg builtin:plane
check "two inputs are refused" sh -c 'test "$1" = 2 && grep -q "2 inputs" "$2"' sh "$status" "$err"
printf 'x,y\n1,2\n1,3\n1,4\n' >same.csv
run linreg same.csv --target y
check "points with one x are refused" same "$status" 2
printf 'x,y\na,2\nb,3\na,4\n' >words.csv
run linreg words.csv --target y
check "words as x are refused" same "$status" 2
run linreg nowhere.csv
check "a missing file is refused" same "$status" 2
finish
