#!/bin/sh
# predict, eval and show: a model in a fresh process gives what train measured.
. "$(dirname "$0")/kit"

# --- two classes; a test set of its own
test_set="builtin:spiral?rows=333&seed=2"
run train builtin:spiral --net "16 tanh, 16 tanh" --lr 0.01 --epochs 40 --test "$test_set" --json -o two
check "a run with a test set" test "$status" = 0
cp "$out" two.json
run eval two "$test_set" --part all --json
check "eval: status 0, one line" test "$status" = 0 -a "$(wc -l <"$out")" = 1
cp "$out" eval.json
for key in loss accuracy macro_f1 auc; do
    check "eval's $key is train's, to the last digit" same "$(value $key <eval.json)" "$(value test_$key <two.json)"
done
check "eval's digest is train's" same "$(value digest <eval.json)" "$(value digest <two.json)"
check "eval's rows" same "$(value rows <eval.json)" 333
if command -v python3 >/dev/null; then
    python3 - 2>"$err" <<'END'
import json
e = json.load(open("eval.json"))
confusion = e["confusion"]
assert sum(map(sum, confusion)) == e["rows"]
assert abs(sum(confusion[i][i] for i in range(2)) / e["rows"] - e["accuracy"]) < 1e-12
assert len(e["classes"]) == 2
END
    check "S161_ confusion in JSON adds up to rows and accuracy" test $? = 0
fi
for threads in 1 2 3; do
    run eval two "$test_set" --part all --json --threads $threads
    check "eval with $threads threads: the same bits" cmp -s eval.json "$out"
done
run eval two "$test_set" --part all
check "S161_ eval in words: accuracy, baseline, confusion, precision, recall, F1" sh -c \
    'for word in accuracy "always .0." confusion precision recall F1; do grep -q "$word" "$1" || exit 1; done' sh "$out"
check "eval spells macro F1 as train does" grep -q '^  macro F1 ' "$out"
check "no line of it ends with a blank" sh -c '! grep -q " $" "$1"' sh "$out"

run predict two "$test_set"
check "predict: a header and exactly one row a row" same "$(wc -l <"$out" | tr -d ' ')" 334
check "the header" same "$(head -n 1 "$out")" "prediction,p_0,p_1"
check "three fields a row" same "$(awk -F, 'NF != 3' "$out" | wc -l | tr -d ' ')" 0
check "probabilities add up, the prediction is the larger one" awk -F, \
    'NR > 1 { sum = $2 + $3; if (sum < 0.99999 || sum > 1.00001 || $1 != ($3 > $2 ? 1 : 0)) exit 1 }' "$out"
cp "$out" two.csv
run predict two "$test_set" -o file.csv --threads 1
check "-o writes the same, and nothing on stdout" sh -c 'test "$1" = 0 && test ! -s "$2" && cmp -s two.csv file.csv' sh "$status" "$out"
check "nothing is left beside it" same "$(find . -name 'file.csv*' | wc -l | tr -d ' ')" 1
ln -s file.csv link.csv
run predict two builtin:xor -o link.csv
check "-o through a link keeps the link" test -L link.csv -a "$(wc -l <file.csv)" = 5
run predict two "$test_set" -o /dev/null
check "-o /dev/null leaves the device" test "$status" = 0 -a -c /dev/null
if [ -e /dev/full ]; then
    run predict two "$test_set" -o /dev/full
    check "-o on a full disk: status 1" test "$status" = 1 -a -s "$err"
fi
status=$("$slope" predict two "builtin:spiral?rows=20000" 2>"$err" | head -n 1 >/dev/null; echo $?)
check "predict into head: no complaint" test ! -s "$err"
run predict two/model.safetensors "$test_set"
check "the model file alone does the same" cmp -s two.csv "$out"
mkdir elsewhere
cp two/model.safetensors elsewhere/moved.safetensors
run predict elsewhere/moved.safetensors "$test_set"
check "and anywhere" cmp -s two.csv "$out"

# --- a number
run train builtin:plane --net "8 tanh" --epochs 5 --json -o number --test "builtin:plane?seed=3"
check "regression: a run" same "$(value task <"$out")" regression
cp "$out" number.json
run eval number "builtin:plane?seed=3" --json
for key in loss rmse mae r2; do
    check "eval's $key is train's, to the last digit" same "$(value $key <"$out")" "$(value test_$key <number.json)"
done
run eval number "builtin:plane?seed=3"
check "the mean stands beside it" grep -q 'always the mean' "$out"
run predict number "builtin:plane?seed=3"
check "regression: one column" same "$(head -n 1 "$out") $(awk -F, 'NF != 1' "$out" | wc -l | tr -d ' ')" "prediction 0"

# --- many classes: IDX made here, 40 classes, names are numbers
mkdir forty
{
    printf '\0\0\10\3\0\0\0\240\0\0\0\2\0\0\0\2'
    head -c 640 /dev/zero
} >forty/train-images-idx3-ubyte
{
    printf '\0\0\10\1\0\0\0\240'
    for octal in 0 1 2 3 4; do
        for digit in 0 1 2 3 4 5 6 7; do
            printf "\\$octal$digit\\$octal$digit\\$octal$digit\\$octal$digit"
        done
    done
} >forty/train-labels-idx1-ubyte
run train forty --steps 5 --json -o run40
check "40 classes: a run" test "$status" = 0
run eval run40 forty
check "eval of 40 classes: the matrix is left out, and it says so" grep -q 'too wide' "$out"
check "no line is wider than 80" sh -c '! grep -q "^.\{81,\}" "$1"' sh "$out"
check "every class has its row" same "$(sed -n '/precision/,$p' "$out" | grep -c '^  [0-9]')" 40
run predict run40 forty
check "41 columns" same "$(head -n 1 "$out" | tr -cd , | wc -c | tr -d ' ')" 40

# --- show and plot
run show two
check "show: layers, shapes, parameters, digest" sh -c \
    'for word in "16 tanh" parameters FLOPs "$2" binary_cross_entropy; do grep -q "$word" "$1" || exit 1; done' \
    sh "$out" "$(value digest <two.json)"
run show two --json
check "show --json: one line" test "$status" = 0 -a "$(wc -l <"$out")" = 1
check "show: 2 x 16 + 16, 16 x 16 + 16, 16 + 1 parameters" grep -q '"parameters":337,' "$out"
if command -v python3 >/dev/null; then
    python3 -c 'import json, sys; json.load(sys.stdin)' <"$out" 2>"$err"
    check "show --json can be read" test $? = 0
fi
run train builtin:plane --net "4, 3" --epochs 2 -o flat -q
run predict flat builtin:plane
cp "$out" flat.csv
run show flat --collapse -o collapsed.safetensors
check "show --collapse tells the loss" grep -q '^loss  *mean_squared$' "$out"
run predict collapsed.safetensors builtin:plane
check "a collapsed model predicts the same, but for rounding" sh -c 'paste -d, flat.csv "$1" |
    awk -F, "NF != 2 || (NR > 1 && (\$1 - \$2 > 1e-5 || \$2 - \$1 > 1e-5)) { bad = 1 } END { exit bad || NR < 100 }"' sh "$out"
printf '4 2 2\n0 0\n0.1 0.7\n0 1\n0.3 0.9\n1 0\n0.2 0.4\n1 1\n0.25 0.5\n' >pairs.train
run train pairs.train --net linear --epochs 1 -o pairs
run predict pairs pairs.train
check "several targets: a column each, with a name" sh -c \
    'head -1 "$1" | grep -qx prediction_0,prediction_1 && awk -F, "NF != 2 { bad = 1 } END { exit bad || NR != 5 }" "$1"' sh "$out"
LC_ALL=C
export LC_ALL
run plot two
check "plot: a curve, ASCII in the C locale" sh -c \
    'test "$1" = 0 && test -s "$2" && ! grep -q "$(printf "[\200-\377]")" "$2"' sh "$status" "$out"
LC_ALL=C.UTF-8
run plot two curves
check "plot: Unicode where the locale is UTF-8" sh -c 'LC_ALL=C grep -q "$(printf "\342")" "$1"' sh "$out"

finish
