#!/bin/sh
# explain_more: slope explain --equation, --collapse and --cost: a trained net pasted elsewhere answers as slope predict.
. "$(dirname "$0")/kit"
data=${SLOPE_SOURCE_ROOT:?}/../shared/data

cat >compare.py <<'PY'
import csv, datetime, importlib.util, inspect, re, sys
spec = importlib.util.spec_from_file_location("net", sys.argv[1])
net = importlib.util.module_from_spec(spec)
spec.loader.exec_module(net)
names = list(inspect.signature(net.predict).parameters)
def value(text, column):
    if column in sys.argv[5:]:
        return text
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.datetime.strptime(text, "%Y-%m-%d")
    return None if text == "" else float(text)
worst = count = 0
for row, said in zip(csv.DictReader(open(sys.argv[2])), csv.DictReader(open(sys.argv[3]))):
    answer = net.predict(*[value(row[name], name) for name in names])
    for name, own in (answer.items() if isinstance(answer, dict) else [(None, answer)]):
        wanted = float(said["prediction" if name is None else "p_" + name])
        worst = max(worst, abs(own - wanted) / max(abs(wanted), 1e-2))
        count += 1
    if count >= 300:
        break
print("%d answers, off by %.2g" % (count, worst))
sys.exit(not (count >= 100 and worst < float(sys.argv[4])))
PY

# --- the lecture's XOR by hand ---
run explain --net "2 relu" --weights 1,1,1,1,1,-2 --biases 0,-1,0 --x "0,1;0,0;1,0;1,1" --equation
check "S16_ XOR is one line" grep -qx 'y = max(0, x0 + x1) - 2\*max(0, x0 + x1 - 1)' "$out"
check "S16_ which is computed for its rows" grep -q "the 4 rows given give what the net says" "$out"
run explain --net "2 relu" --weights 1,1,1,1,1,-2 --biases 0,-1,0 --x "0,1;0,0;1,0;1,1" --equation --json
check "as JSON the answers of the first row" grep -q '"y": 1}, "check"' "$out"

# --- trained nets in other people's programs ---
cat >made.py <<'PY'
import random
random.seed(5)
with open("towns.csv", "w") as f:
    f.write("city,age,smoker,since,price\n")
    for i in range(400):
        city = random.choice(["Rome", "Oslo", "Lima \"L\"", "St. Gallen"])
        age = random.choice(["", "%.1f" % random.uniform(1, 90)]) if i % 7 == 0 else "%.1f" % random.uniform(1, 90)
        smoker = random.choice(["yes", "no"])
        price = 3 * len(city) + (float(age) if age else 40) / 9 + (5 if smoker == "yes" else 0)
        since = "" if i % 31 == 0 else "20%02d-%02d-%02d" % (i % 20, i % 12 + 1, i % 28 + 1)
        f.write('"%s",%s,%s,%s,%.3f\n' % (city.replace('"', '""'), age, smoker, since, price))
PY
if command -v python3 >/dev/null; then
    python3 made.py
    run train towns.csv --target price --net "5 tanh, 3 relu" --target-scale standard --epochs 20 -q -o towns
    check "a table with words, holes and two of a kind trains" same "$status" 0
    run explain towns --equation --syntax python
    cp "$out" towns.py
    run predict towns towns.csv
    cp "$out" towns.out
    check "S16_ as Python it answers as predict does" python3 compare.py towns.py towns.csv towns.out 2e-5 city smoker
    run train towns.csv --target price --net "batch_norm, 5 tanh, residual [4 relu, 5]" --column city=category \
        --column "age=quantile bins=4 keep=yes" --column "since=fourier 3" --epochs 20 -q -o slots
    check "and so does one with learned columns" same "$status" 0
    run explain slots --equation --syntax python
    cp "$out" slots.py
    run predict slots towns.csv
    cp "$out" slots.out
    check "S16_ learned columns answer as predict does" python3 compare.py slots.py towns.csv slots.out 2e-5 city smoker
    if [ -e "$data/tabular/iris.csv" ]; then
        run train "$data/tabular/iris.csv" --target species --net "4 tanh" --epochs 20 -q -o iris
        run explain iris --equation --syntax python
        cp "$out" iris.py
        run predict iris "$data/tabular/iris.csv"
        cp "$out" iris.out
        check "S16_ iris as Python answers as predict does" \
            python3 compare.py iris.py "$data/tabular/iris.csv" iris.out 2e-5
        run explain iris --equation
        check "S16_ the classes share a denominator" grep -q "^p_Iris_setosa = exp(z1)/sum_e" "$out"
    else
        echo "skip  S16 iris: ../shared/data is not here"
    fi
else
    echo "skip  S16 as Python: python3 is not installed"
fi
awk 'BEGIN { print "east,north,height"; for (i = 0; i < 200; i++) { x = i * 37 % 101 / 10; y = i * 53 % 89 / 10
    printf "%.1f,%.1f,%.2f\n", x, y, 2 * x - y + 1 } }' >hill.csv
run train hill.csv --target height --net "3 tanh" --epochs 5 -q -o plane
run explain plane --equation --syntax c
{
    cat "$out"
    cat <<'C'

#include <stdio.h>
int main(void)
{
    double x, y, height;
    while (scanf("%lf,%lf,%lf", &x, &y, &height) == 3)
        printf("%.4f\n", predict(x, y));
    return 0;
}
C
} >plane.c
if ! command -v "${CC:-cc}" >/dev/null; then
    echo "skip  S16 as C: no compiler is installed"
elif ${CC:-cc} -o plane_c plane.c -lm 2>"$err"; then
    run predict plane hill.csv
    tail -n +2 "$out" | cut -d, -f1 >wanted
    tail -n +2 hill.csv | ./plane_c | paste -d, - wanted >both
    check "S16_ as C it answers as predict does" \
        awk -F, '{ d = $1 - $2; if (d > 2e-4 || d < -2e-4) bad = 1 } END { exit bad || NR != 200 }' both
else
    fail "S16_ as C it compiles"
    cat "$err"
fi
run explain plane --equation --syntax spreadsheet
check "S16_ a sheet has its formulas in cells" grep -q "^u1	=(B1 - [0-9.]*)/[0-9.]*$" "$out"
run explain --net "128 relu" --inputs 784 --outputs 10 --loss ce --equation
check "a net of 101,770 numbers has no equation" same "$status" 2
check "and the sentence says how many are too many" grep -q "at most 5,000" "$err"

# --- into files: the ending says the syntax ---
run explain plane --equation -o plane.py
check "S16_ -o FILE.py is the Python function alone" sh -c 'head -1 plane.py | grep -Eq "^(import|from|def|#)" && grep -q "^def predict" plane.py'
run explain plane --equation --syntax python
check "S16_ the same that --syntax python prints" cmp -s "$out" plane.py
! command -v python3 >/dev/null || check "S16_ which Python reads" python3 -m py_compile plane.py
run explain plane --equation -o plane_alone.c
! command -v "${CC:-cc}" >/dev/null || check "S16_ -o FILE.c compiles" ${CC:-cc} -c -o plane_alone.o plane_alone.c
run explain plane --equation -o plane.tex
check "S16_ -o FILE.tex is a document with the equation" sh -c 'head -1 plane.tex | grep -q "^.documentclass" && grep -q "^.begin{align\*}" plane.tex'
! command -v pdflatex >/dev/null || check "S16_ -o FILE.tex compiles" sh -c 'pdflatex -interaction=nonstopmode -halt-on-error plane.tex >said'
run explain plane --equation -o plane.py --format text
check "--format beside it is refused" same "$status" 2
run explain plane --equation -o plane.py --syntax c
check "and so is another syntax" same "$status" 2
run explain plane --collapse -o plane.py
check "only --equation has such files" same "$status" 2

# --- linear layers ---
run explain --net "9 x 8" --inputs 6 --outputs 3 --collapse
check "S10_ ten linear layers are one" grep -q "Equivalent to one layer of 21 parameters instead of 10 layers of 659" "$out"
check "S10_ on 1000 rows both say the same" grep -q "differ by at most [0-9.]*e-1[0-9]" "$out"
run explain --net "4 tanh, 4, 2" --inputs 3 --collapse --depth 1
check "S10_ tanh keeps two layers apart" grep -q "dense_1 and dense_2: tanh stands between them" "$out"
run train builtin:plane --net "4 x 8 relu" --activation linear --steps 5 -o linear
check "S11_ train says that it is one layer" grep -q "equivalent to one layer of 3 parameters" "$err"

# --- cost ---
run explain --net "128 relu" --inputs 784 --outputs 10 --loss ce --optimizer sgd --cost --flops 1e9 --watts 50 \
    --train-rows 64 --epochs 2 --memory 2M
check "S201_ operations are products" grep -Eq "dense_1 linear += 2\*32\*784\*128 += 6422528" "$out"
check "S201_ energy is watts times seconds, as assumed" grep -q "the machine draws 50 W" "$out"
check "S205_ what fits into the memory is said" grep -q "largest batch = \|no step fits" "$out"
run train builtin:digits --net "16 relu" --steps 20 -q -o digits
bytes=$("$slope" show digits --batch 32 --threads 1 --json | value step_bytes)
run explain digits --cost --threads 1 --batch 32 --json
check "S205_ bytes are those of a training, to the byte" same "$(value bytes <"$out")" "$bytes"
check "S200_ measured: products' share and GFLOP/s" grep -q '"share of products": 0' "$out"

# --- wrong ---
run explain --net "2" --x 1,2 --y 1 --watts 3
check "watts beside a step are refused" same "$status" 2
run explain --net "2" --inputs 2 --equation --collapse
check "two questions at once are refused" same "$status" 2
run explain --net "2" --equation
check "a net without inputs is refused" grep -q "inputs" "$err"
run explain --net "2" --inputs 2
check "inputs beside a step are refused" grep -q "inputs goes with --equation, --collapse or --cost" "$err"
run explain --net "2" --inputs 2 --cost --memory lots
check "a memory that is no size is refused" grep -q "wants bytes" "$err"
finish
