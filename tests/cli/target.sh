#!/bin/sh
# --target-scale and --interval: what is said, recorded, predicted and measured again in a fresh process.
. "$(dirname "$0")/kit"

run train "builtin:plane?rows=600" --net "8 tanh" --target-scale standard --epochs 3 -o scaled --json
cp "$out" scaled.json
check "a run with a standardised target" same "$status" 0
check "the log says mean, deviation and the units" grep -q \
    "^target      standardised inside: mean [-0-9.]*, deviation 0.[0-9]*; loss is in deviations squared, rmse and mae in the target's units" "$err"
check "it is recorded" grep -q '"target_scale": "standard"' scaled/run.json
run eval scaled "builtin:plane?rows=600&seed=3" --json
cp "$out" eval.json
run eval scaled "builtin:plane?rows=600&seed=3"
deviation=$("$slope" show scaled --json | sed 's/.*"deviation":\([^}]*\).*/\1/')
baseline=$(awk '/^  rmse /{ print $NF }' "$out")
check "the baseline of the loss is in deviations too" awk -v r="$baseline" -v d="$deviation" \
    -v l="$(awk '/^  loss /{ print $NF }' "$out")" 'BEGIN { w = r * r / d / d; exit !(l > w - 0.002 && l < w + 0.002) }'
check "r2, loss and the targets' variance belong together" awk -v l="$(sed 's/.*"loss":\([^,]*\).*/\1/' eval.json)" \
    -v r="$(sed 's/.*"rmse":\([^,]*\).*/\1/' eval.json)" -v d="$deviation" 'BEGIN { w = r * r / d / d; exit !(l > 0.999999 * w && l < 1.000001 * w) }'
run show scaled
check "show says what the loss sees" grep -q "^target       (y - .*) / 0.[0-9]* in the loss" "$out"
run train --resume scaled --json
check "a finished run prints the same result" cmp -s scaled.json "$out"
run train "builtin:plane?rows=600" --target-scale log -q
check "log of numbers below 0 is refused" same "$status" 2
check "with the row" grep -q "the target of row 1 is -0.06.*: its logarithm is learned" "$err"
run train builtin:spiral --target-scale standard -q
check "classes are not standardised" grep -q "wants probabilities as they are" "$err"
run train builtin:plane --target-scale none --net "4 tanh" --steps 20 -o none --json
same_as=$(value digest_last <"$out")
run train builtin:plane --net "4 tanh" --steps 20 -o usual --json
check "none is the default" same "$(value digest_last <"$out")" "$same_as"

# --- intervals
run train "builtin:plane?rows=800&noise=0.2" --test "builtin:plane?rows=500&noise=0.2&seed=9" --net "16 tanh" --interval 80 \
    --target-scale standard --lr 0.01 --epochs 15 -o bounds
check "a run with bounds" same "$status" 0
check "the coverage asked is recorded" grep -q '"interval": 80' bounds/run.json
check "the log says the loss" grep -q "^loss        interval coverage=80: mean over rows" "$err"
check "the log says the correction" grep -q "^interval    80 % asked: by 80 validation rows both bounds are moved [io]" "$err"
check "the result says what the bounds hold" grep -q \
    "^interval   80 % asked: [0-9.]* % of 500 test rows lie inside, mean width [0-9.]* (before correction [0-9.]* %)" "$out"
run train --resume bounds --json
cp "$out" bounds.json
check "the JSON has the coverage asked" same "$(value interval <bounds.json)" 80
run eval bounds "builtin:plane?rows=500&noise=0.2&seed=9" --json
for key in coverage coverage_uncorrected width rmse loss; do
    check "eval's $key is train's" same "$(sed 's/.*"'$key'":\([^,]*\).*/\1/' "$out")" "$(value test_$key <bounds.json)"
done
run eval bounds "builtin:plane?rows=500&noise=0.2&seed=9"
check "eval shows the coverage" grep -q "^  targets between the bounds  *[0-9.]* %" "$out"
run predict bounds "builtin:plane?rows=500&noise=0.2&seed=9"
check "predict names the columns" same "$(head -n 1 "$out")" prediction,low,high
check "and has one row a row" same "$(wc -l <"$out" | tr -d ' ')" 501
check "of three fields, low never above high" awk -F, 'NR > 1 && (NF != 3 || $2 > $3) { exit 1 }' "$out"
check "its mean width is the reported one" awk -F, -v w="$(value test_width <bounds.json)" \
    'NR > 1 { s += $3 - $2 } END { d = s / (NR - 1) - w; exit !(d < 1e-5 && d > -1e-5) }' "$out"
run show bounds
check "show says the correction" grep -q "^interval     80 %: bounds moved out by .*, by 80 validation rows" "$out"

run train "builtin:plane?rows=300&noise=0.2" --validation "builtin:plane?rows=200&noise=0.2&seed=5" --net "8 tanh" --interval 80 \
    --epochs 4 -o apart --json
inside=$(value validation_coverage <"$out")
run eval apart "builtin:plane?rows=200&noise=0.2&seed=5" --json
check "the share of the validation rows is that of the corrected bounds" same "$(sed 's/.*"coverage":\([^,]*\).*/\1/' "$out")" "$inside"
run train builtin:plane --interval 80 --validation 0 --epochs 2 -o raw
check "without validation rows nothing is corrected, and it is said" grep -q "so the bounds stay as they were learned" "$err"
check "and in the result: fitted rows are named so" grep -q "of fitted rows lie inside, mean width .*; not corrected" "$out"
run train builtin:plane --interval 99.9 --epochs 2 -o most
check "99.9 is in the range, and 50 rows are too few for it" grep -q "so few validation rows promise no 99.9 %: wants 999 or more" "$err"
# refused WORDS ARGUMENT ...: a wrong use, and the sentence has these words
refused() {
    kit_words=$1
    shift
    run train "$@" -q
    check "refused: $kit_words" sh -c 'test "$1" = 2 && grep -q -- "$2" "$3"' sh "$status" "$kit_words" "$err"
}
refused "the target is a class, and bounds are for numbers" builtin:digits --interval 90
refused "brings its own loss: leave out --loss mse" builtin:plane --interval 90 --loss mse
refused "at most 99.9" builtin:plane --interval 49
finish
