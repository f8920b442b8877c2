#!/bin/sh
# Parts and folds: what train --test SHARE and --folds K measure, what eval draws again, what is refused.
. "$(dirname "$0")/kit"

key() { # key FILE NAME: the first value of a key in a line of JSON
    sed -n "s/.*[{ ,]\"$2\": *\"\{0,1\}\([^\",}]*\).*/\1/p" "$1" | head -n 1
}

# --- a test part cut off, and the same rows again
run train builtin:spiral --net "8 tanh" --epochs 5 --test 0.2 -o cut --json
check "a test part is cut off" test "$status" = 0
check "and said with numbers" grep -q "^parts  *350 train, 50 validation, 100 test: drawn by seed 1, in each class alike" "$err"
cp "$out" cut.json
for part in test validation train; do
    run eval cut --part $part --json
    check "eval draws the $part part again" same "$(key "$out" loss)" "$(key cut.json ${part}_loss)"
    check "and says which part it is" same "$(key "$out" part)" $part
done
run eval cut --json
check "eval takes the test part by itself" same "$(key "$out" loss) $(key "$out" rows)" "$(key cut.json test_loss) 100"
run eval cut builtin:spiral --part test --json
check "also where the data is named" same "$(key "$out" loss)" "$(key cut.json test_loss)"
run eval cut builtin:moons --part test
check "other data have no such part: refused" sh -c 'test "$1" = 2 && grep -q "is not the data that the run in cut began with" "$2"' sh "$status" "$err"
run eval cut builtin:moons --part all
check "all of other data is no such matter" test "$status" = 0

run train builtin:spiral --net "8 tanh" --epochs 5 -o plain --json
cp "$out" plain.json
run eval plain --part validation --json
check "the validation part of a run without others" same "$(key "$out" loss)" "$(key plain.json validation_loss)"
run train builtin:spiral --net "8 tanh" --epochs 2 --validation 0 -o bare -q
run eval bare --part validation
check "a run that had none" sh -c 'test "$1" = 2 && grep -q "the run had no validation part" "$2"' sh "$status" "$err"
run train builtin:spiral --net "8 tanh" --epochs 5 --test 0.3 -o other --json
validation=$(grep -o '"validation_rows": *[0-9]*' other/run.json)
check "the share of test changes no validation rows" same "$validation" "$(grep -o '"validation_rows": *[0-9]*' cut/run.json)"
run train "builtin:digits?rows=200&test_rows=50" --epochs 1 --test 0.2 -o digits --json
check "DATA's own test part is then not looked at, and that is said" grep -q "^test  *the test part of .* is not looked at" "$err"
check "the part is cut off its train part" grep -q "^parts  *140 train, 20 validation, 40 test" "$err"

# --- folds
run train builtin:moons --net "16 tanh" --epochs 20 --folds 5
check "folds: a row each, mean, deviation, all rows" same \
    "$(grep -c '^fold [1-5] ' "$out") $(grep -c '^mean  *[0-9]' "$out") $(grep -c '^+- deviation' "$out") $(grep -c '^all rows  *500 ' "$out")" "5 1 1 1"
check "no folder without -o" sh -c '! test -e runs'
run train builtin:moons --net "16 tanh" --epochs 20 --folds 5 --json -o kept
check "one line of JSON" same "$(wc -l <"$out" | tr -d ' ')" 1
cp "$out" folds.json
if command -v python3 >/dev/null; then
    python3 - folds.json <<'END' >numbers 2>"$err"
import json, statistics, sys
r = json.load(open(sys.argv[1]))
a = [f["test_accuracy"] for f in r["fold_results"]]
f = [f["test_loss"] for f in r["fold_results"]]
print(r["folds"] == len(a) == 5, abs(statistics.mean(a) - r["test_accuracy"]) < 1e-12,
      abs(statistics.stdev(a) - r["test_accuracy_sd"]) < 1e-12, abs(r["pooled_test_accuracy"] - r["test_accuracy"]) < 1e-12,
      abs(statistics.stdev(f) - r["test_loss_sd"]) < 1e-12, len({x["digest"] for x in r["fold_results"]}))
END
    check "mean, deviation and all rows together are right" same "$(cat numbers)" "True True True True True 5"
else
    echo "skip  the numbers of the folds (python3, which reads the JSON, is not here)"
fi
for fold in 1 2 3 4 5; do
    run eval kept/fold-$fold --json
    check "eval of fold $fold" same "$(key "$out" rows)" 100
done
run train builtin:moons --net "16 tanh" --epochs 20 --folds 5 --json --threads 1
check "folds do not know threads, nor whether they are kept" same \
    "$(grep -o '"digest_last": *"[^"]*"' "$out")" "$(grep -o '"digest_last": *"[^"]*"' folds.json)"
run train builtin:moons --folds 5 -o kept
check "a finished fold is not overwritten" sh -c 'test "$1" = 2 && grep -q "kept holds folds that were begun: --resume goes on with them" "$2"' sh "$status" "$err"
run train builtin:line --epochs 3 --folds 3 --json -q
check "numbers have folds too" grep -q '"pooled_test_rmse":' "$out"
"$slope" train builtin:moons --net "64 tanh, 64 tanh" --epochs 100000 --patience 0 --folds 3 -o long >"$out" 2>"$err" &
child=$!
tries=0
while [ ! -s long/fold-1/last.safetensors ] && [ $tries -lt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -TERM $child
wait $child
check "a signal ends it cleanly" same "$?" 130
check "and says what goes on" sh -c 'grep -q "stopped in fold 1 of 3; 0 finished in long: nothing is lost" "$1" && grep -q "slope train --resume long$" "$1"' sh "$err"
check "nothing is printed then" sh -c '! test -s "$1"' sh "$out"

# --- killed and gone on with: the figures of all folds, but for the seconds, are those of training in one go
figures() { # figures FILE: without what differs from run to run
    sed 's/"[a-z_]*seconds": *[0-9.e-]*,//g; s/"run": *"[^"]*"//g' "$1"
}
run train builtin:moons --net "32 tanh" --epochs 60 --folds 3 --json -q -o once
figures "$out" >once.json
cp -r once gone
rm -r gone/fold-2 gone/fold-3
run train --resume gone --json -q
figures "$out" >gone.json
check "folds that were not begun are trained" cmp once.json gone.json
run train --resume gone --json -q
figures "$out" >gone.json
check "finished ones give their figures again" cmp once.json gone.json
"$slope" train builtin:moons --net "32 tanh" --epochs 60 --folds 3 -o killed >"$out" 2>"$err" &
child=$!
tries=0
while [ ! -s killed/fold-2/last.safetensors ] && [ $tries -lt 6000 ]; do
    sleep 0.01
    tries=$((tries + 1))
done
kill -KILL $child
wait $child 2>/dev/null
check "killed in the second fold" sh -c 'grep -q finished killed/fold-1/run.json && ! test -s killed/fold-3/run.json'
run train --resume killed --json -q
figures "$out" >killed.json
check "kill -9, then --resume: the same figures and digests" cmp once.json killed.json
run train --resume killed/fold-2 --json -q
check "one fold alone is a run like another" same "$status $(key "$out" epochs)" "0 60"
printf 'a,b,c\n' >rows.csv
seq 1 60 | awk '{ print $1 ",", $1 * $1 % 7 ",", ($1 % 2 ? "odd" : "even") }' | tr -d ' ' >>rows.csv
run train rows.csv --target c --epochs 3 --folds 3 --net "4 tanh" -q -o changed
rm -r changed/fold-2 changed/fold-3
echo 61,3,odd >>rows.csv
run train --resume changed
check "not with other data" sh -c 'test "$1" = 2 && grep -q "rows.csv is not the data that the run in changed/fold-1 began with" "$2" && ! test -e changed/fold-2' sh "$status" "$err"

# --- rows from a pipe are wanted again
mkfifo rows
cat rows.csv >rows &
"$slope" train - --target c --epochs 1000000 --patience 0 --net "16 tanh" -o piped -q <rows >"$out" 2>"$err" &
child=$!
tries=0
while [ ! -s piped/last.safetensors ] && [ $tries -lt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -TERM $child
wait $child
check "whose rows came from a pipe is gone on with by them" grep -q '^  slope train --resume piped < FILE$' "$err"

# --- what is refused
refused() { # refused PIECE ARGUMENT ...
    piece=$1
    shift
    run train "$@"
    check "refused: $*" sh -c 'test "$1" = 2 && grep -q -- "$2" "$3" && ! test -e runs' sh "$status" "$piece" "$err"
}
refused "leave out --folds" --resume kept/fold-1 --folds 5
refused "leave --test 0.2 out" builtin:moons --folds 5 --test 0.2
refused "folds are drawn from all times" builtin:moons --folds 5 --split time=day
refused "from 2 to 50" builtin:moons --folds 1
refused "leave out --lr-range" builtin:moons --folds 5 --lr-range
refused "can be read once" - --folds 5
refused "wants a share of the rows" builtin:moons --test 1.5
refused "wants random, or time=COLUMN" builtin:moons --split day
refused "give one of the two" builtin:moons --split time=day --group user
refused "these data have no named columns" builtin:moons --group user
refused "these data have no named columns" builtin:moons --split time=day --test 0.2
refused "did you mean 'leakage'" builtin:moons --skip-check leekage
refused "4 rows make no 5 folds" builtin:xor --folds 5
refused "1 of the rows: wants less than 1" builtin:moons --test 0.6 --validation 0.4
refused "500 of the 500 test rows in builtin:moons (100.0 %) are training rows" builtin:moons --test builtin:moons
run train builtin:moons --test builtin:moons --skip-check shared_rows --epochs 1 -o meant -q
check "--skip-check: it is meant" test "$status" = 0
finish
