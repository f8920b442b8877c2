#!/bin/sh
# slope diagnose: faults of known cause are named first, their fixes are those that slope train confirms, healthy
# trainings are left in peace, nothing is written, and what cannot be is refused.
. "$(dirname "$0")/kit"

LC_ALL=C
export LC_ALL

first() { # the first fault's name
    sed -n 's/.*"findings": \[{"name": "\([a-z_]*\)", "level": "fault".*/\1/p' "$out"
}
fix() {
    sed -n 's/[^}]*"findings": \[{[^[]*"fix": "\(\([^"\\]\|\\.\)*\)".*/\1/p' "$out"
}
figure() { # figure KEY: of the first finding
    sed 's/}, {"name": "[a-z_]*", "level".*//' "$out" | sed -n 's/.*"'"$1"'": \([^,}]*\).*/\1/p'
}
broken() { # broken CAUSE TRAINING ...
    kit_cause=$1
    shift
    run diagnose "$@" --json
    check "$kit_cause: is diagnosed" test "$status" = 0
    check "$kit_cause: is named first" same "$(first)" "$kit_cause"
    check "$kit_cause: its fix is proved" grep -q '"tried": true, "proved": true' "$out"
}
healthy() { # healthy WHAT TRAINING ...
    kit_cause=$1
    shift
    run diagnose "$@" --json
    check "$kit_cause: is diagnosed" test "$status" = 0
    check "$kit_cause: no fault" sh -c '! grep -q "\"level\": \"fault\"" "$1"' sh "$out"
}

broken lr_too_high builtin:circle --net "16 relu" --optimizer sgd --lr 10 --epochs 20
broken lr_too_low builtin:circle --net "16 relu" --optimizer sgd --lr 1e-4 --epochs 20
broken symmetric_weights "builtin:digits?rows=1000" --net "32 relu" --init zeros --epochs 4
broken init_too_large builtin:circle --net "32 tanh, 32 tanh" --init "normal std=30" --epochs 15
healthy "a circle" builtin:circle --net "16 tanh" --lr 0.01 --epochs 60
healthy "moons" "builtin:moons?rows=300" --net "32 relu" --lr 0.01 --epochs 60
healthy "noisy moons" "builtin:moons?rows=300&noise=0.4" --net "8 relu" --lr 0.01 --epochs 30
check "S130_ nothing was written" same "$(find . -type f | wc -l | tr -d ' ')" 0

# --- names of columns and classes; what is thrown about does not overfit
awk -v OFS=, 'BEGIN {
    print "age", "pay", "refund", "state"
    for (i = 0; i < 300; i++) {
        a = i * 37 % 101; b = i * 53 % 97; sick = a + b > 98
        print a, 5000 + 100 * b, (sick ? 3 : 0) + i % 5 / 10, sick ? "sick" : (i % 29 ? "well" : "dead")
    }
}' >people.csv
run diagnose people.csv --target state --net "8 tanh" --numbers raw --column refund=ignore --epochs 10 --all
check "an input has its column's name" grep -q '(pay)' "$out"
check "what is counted has no decimals" grep -q 'epochs 10$\|parameters [0-9]*$\|steps in all [0-9]*, ' "$out"
run diagnose people.csv --target state --net "8 relu" --precheck --json
check "a class has its name" grep -q '"sentence": "class dead is [0-9.]* % of the rows' "$out"
grep -v dead people.csv >two.csv
run diagnose two.csv --target state --net "8 relu" --column age=number --epochs 60 --lr 0.01 --all --json
check "of columns only the new one is proposed" grep -q '"fix": "--column \\"refund=ignore\\""' "$out"
broken lr_too_high "builtin:table?rows=160&inputs=4&useful=4&classes=3&seed=3" --net "16 relu" --optimizer sgd --lr 20 --epochs 30
run diagnose "builtin:digits?rows=2000" --rows 60 --net "64 relu" --epochs 40 --all --json
check "of a part half of its rows are left out" sh -c '! grep -q "rows 0.5" "$1"' sh "$out"
awk 'BEGIN {
    split("ship harbour sail anchor goal match player score", word)
    print "text,label"
    for (i = 0; i < 200; i++) {
        line = ""
        for (j = 0; j < 6; j++)
            line = line word[1 + (i * 7 + j * j * 3 + int(i / 8)) % 4 + 4 * (i % 2)] " "
        print line "row" i "," (i % 2 ? "sport" : "sea")
    }
}' >texts.csv
broken lr_too_low texts.csv --target label --epochs 5 --lr 1e-6
check "of texts its sentence has numbers" sh -c '! grep -q " nan " "$1"' sh "$out"
rm people.csv two.csv texts.csv

# --- the fix is what slope train says of it
run diagnose builtin:circle --net "16 relu" --optimizer sgd --lr 10 --epochs 20 --json
proved=$(figure after)
epochs=$(figure epochs) # a proof that is clear ends early
lr=$(fix | sed 's/.*--lr //')
run train builtin:circle --net "16 relu" --optimizer sgd --lr "$lr" --epochs "$epochs" --json -o again -q
check "the proof is the training with the fix" same "$(value validation_loss <"$out")" "$proved"

# --- a run, and the run that mends it
run train builtin:circle --net "16 relu" --optimizer sgd --lr 10 --epochs 20 -q -o bad
before=$(cat bad/* | cksum)
run diagnose bad --apply -o mended
check "a run is diagnosed" test "$status" = 0
check "and the mended run kept" same "$(sed -n 's/.*"optimizer": {[^}]*"lr": \([0-9.]*\).*/\1/p' mended/run.json | head -n 1)" "$lr"
run diagnose bad --apply -o mended
check "a mended run is not overwritten" sh -c 'test "$1" = 2 && grep -q "mended holds a run" "$2" && ! test -s "$3"' sh "$status" "$err" "$out"
check "the run itself is as it was" same "$(cat bad/* | cksum)" "$before"
run diagnose bad --threads 1 --json
cp "$out" one
run diagnose bad --threads 2 --json
check "the same for any number of threads" cmp -s one "$out"
run diagnose bad
check "lines of at most 80 columns" sh -c 'awk "length > 80 { bad = 1 } END { exit bad }" "$1"' sh "$out"

# --- gradients that explode: the layer, the step, and clipping that mends it
set -- builtin:moons --net "10 x 32 relu" --init "normal std=0.41" --optimizer sgd --lr 0.05
broken exploding_gradients "$@" --epochs 20
check "S134_ exploding gradients have a layer and a step" grep -q \
    'in dense_1 the signal is [0-9.]* times as long as in output.* from step 1 on, and a number was not finite in step 5"' "$out"
check "S134_ and clipping is their fix" same "$(fix)" "--clip-norm 1"
proved=$(figure after)
epochs=$(figure epochs)
run train "$@" --clip-norm 1 --epochs "$epochs" --json --overwrite -o clipped -q
check "S134_ with which slope train does not break" same "$(value validation_loss <"$out")" "$proved"

# --- what is proposed slope train takes
run train builtin:moons --epochs 1 --decay 0 --clip-norm 0 --clip-value 0 --l1 0 --l1-prox 0 -q --overwrite -o clipped
check "0 stands for none" test "$status" = 0

# --- a length in steps: a smaller batch has as many epochs, and what ends sooner is compared with all of the other
run diagnose "builtin:moons?rows=500&noise=0.5" --net "8 relu" --steps 40 --batch 512
check "fewer rows a step are more steps" sh -c 'grep -q "fix *--batch 16 --steps 1160$" "$1" &&
    grep -A 1 "steps 1160" "$1" | grep -q "best of 40 and"' sh "$out"

# --- what stands behind the rule's name counts
broken over_regularised builtin:circle --net "16 relu" --optimizer "adamw decay=30 lr=0.01" --epochs 60
check "and is not given twice" same "$(fix)" '--optimizer \"adamw lr=0.01\" --decay 0'

# --- columns as a shell reads them, and only those that are new
awk 'BEGIN { print "a,b,le$ak `x`,y"; for (i = 0; i < 240; i++) { y = i * 7 % 11 > 4
    print (i * 37 % 100) + 30 * y "," i % 10 "," 3 * y + i % 13 / 20 "," y } }' >leak.csv
run diagnose leak.csv --target y --net "8 relu" --epochs 20 --column b=ignore --all --json
check "a column's name is quoted" grep -Fq '"fix": "--column '"'"'le$ak `x`=ignore'"'"'"' "$out"

# --- nets without slopes, methods for all rows
run diagnose builtin:moons --net "4 step" --optimizer random_search --epochs 5 --all
check "a net without slopes is looked at" sh -c 'test "$1" = 0 && ! grep -qi "nan\|dead_units" "$2"' sh "$status" "$out"
run diagnose builtin:moons --net "4 tanh" --optimizer lbfgs --epochs 5 --all
check "a method for all rows has no step size" sh -c 'test "$1" = 0 && ! grep -q "lr_too\|batch_too" "$2"' sh "$status" "$out"

# --- before the first step
run diagnose builtin:circle --net "16 relu" --precheck --json
check "--precheck trains nothing" grep -q 'nothing was trained' "$out"

# --- what cannot be
run diagnose bad --lr 0.1
check "a run has its settings" sh -c 'test "$1" = 2 && grep -q "leave --lr out" "$2"' sh "$status" "$err"
run diagnose nowhere
check "no such data" test "$status" = 2
run diagnose bad --budget soon
check "a budget that is none" sh -c 'test "$1" = 2 && grep -q "30s are seconds" "$2"' sh "$status" "$err"
run diagnose bad --budget 0.01x
check "a budget that is too small says what was skipped" grep -q 'skipped' "$out"
run diagnose builtin:moons --skip-check everything
check "a refused option is no fault of the data" sh -c 'test "$1" = 2 && grep -q "unknown check" "$2"' sh "$status" "$err"
run diagnose builtin:moons --net "4 tanh" --lr 1e-30 --optimizer adam --loss hinge --epochs 4 --all --json
check "what is not known is no evidence" sh -c 'test "$1" = 0 && ! grep -q "nan\|\"value\": null" "$2"' sh "$status" "$out"
for wrong in 1ms 0x 0s -1x 2; do
    run diagnose bad --budget "$wrong"
    check "a budget of $wrong" sh -c 'test "$1" = 2 && grep -q "30s are seconds" "$2"' sh "$status" "$err"
done
run diagnose "builtin:digits?rows=3000" --net "600 relu, 600 relu" --epochs 30 --budget 0.001s
check "a budget that ends before an epoch is said to be" grep -q 'no epoch was' "$out"
check "and is no verdict" grep -q 'No fault was proved in this budget' "$out"
run diagnose "builtin:digits?rows=3000" --net "600 relu, 600 relu" --epochs 30 --budget 0.001s --json
check "nor in JSON" grep -q '"complete": false}' "$out"
mkdir empty
run diagnose empty
check "a folder that is no run" sh -c 'test "$1" = 2 && grep -q "^slope diagnose: empty" "$2"' sh "$status" "$err"
mkdir torn
echo '{"format": 1, "set' >torn/run.json
run diagnose torn
check "a damaged run.json" sh -c 'test "$1" != 0 && grep -q "torn/run.json" "$2"' sh "$status" "$err"
cp -r bad without
rm -f without/last.safetensors without/model.safetensors without/metrics.csv without/steps.csv
run diagnose without --json
check "a run without checkpoints" same "$(first)" lr_too_high
sed 's/"format": 1/"format": 9/' bad/run.json >run.new && mv run.new bad/run.json
run diagnose bad
check "a run of another format" sh -c 'test "$1" != 0 && grep -q "format 9" "$2"' sh "$status" "$err"
run train builtin:circle --net "16 relu" --lr 0.01 --epochs 5 -q -o good
printf 'x,y\n' >t.csv
awk -v OFS=, 'BEGIN { for (i = 0; i < 60; i++) print i, i % 7 }' >>t.csv
run train t.csv --target y --task regression --net "4 relu" --epochs 5 -q -o table
echo 99,3 >>t.csv
run diagnose table
check "data that changed" sh -c 'test "$1" = 2 && grep -q "has changed since" "$2"' sh "$status" "$err"
# --- runs that have not ended, and another build's
"$slope" train builtin:moons --net "4 tanh" --epochs 100000 -q -o going >/dev/null 2>&1 &
tries=0
while [ "$({ wc -l <going/metrics.csv; } 2>/dev/null || echo 0)" -lt 4 ] && [ $tries -lt 400 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
run diagnose going
check "a run under way is looked at as far as it is" sh -c 'test "$1" = 0 &&
    grep -q "the run is not finished; it is looked at up to the last epoch" "$2"' sh "$status" "$out"
kill -TERM $! 2>/dev/null
wait $! 2>/dev/null
run diagnose going
check "and one that was stopped" sh -c 'test "$1" = 0 &&
    grep -q "the run .*; it is looked at up to the last epoch" "$2"' sh "$status" "$out"
rm -f going/metrics.csv
run diagnose going
check "without an epoch nothing is trained" grep -q 'nothing was trained' "$out"
check "but checked, and nothing proved" sh -c 'grep -q "one batch learned" "$1" && ! grep -q "with it" "$1"' sh "$out"
sed 's/\(digest_last[^0-9a-f]*\)[0-9a-f]\{16\}/\10123456789abcdef/' good/run.json >run.new && mv run.new good/run.json
run diagnose good
check "a repetition that is another is said to be" grep -q 'the repetition ends otherwise than the run did' "$out"
mv t.csv gone.csv
run diagnose table
check "data that are gone" sh -c 'test "$1" = 2 && grep -q "t.csv" "$2"' sh "$status" "$err"
run train builtin:plane --net "8 relu" --optimizer sgd --lr 3 --epochs 40 -q -o broke
run diagnose broke
check "a run that broke" sh -c 'test "$1" = 0 && grep -q "the training broke" "$2" && grep -q "^lr_too_high" "$2"' sh "$status" "$out"
run diagnose builtin:circle --net "16 relu" --epochs 5 -o x
check "-o without --apply" sh -c 'test "$1" = 2 && grep -q "for --apply" "$2"' sh "$status" "$err"

finish
