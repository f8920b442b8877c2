#!/bin/sh
# Everything that a run can be asked for, on a table of texts.
. "$(dirname "$0")/kit"

awk 'BEGIN {
    n = split("bad dull poor awful boring weak", word0, " ")
    split("good fine great lovely bright strong", word1, " ")
    m = split("the film was a story with an actor and some plot in it", plain, " ")
    print "day,who,stars,review,mood"
    for (i = 0; i < 300; i++) {
        y = int(i * 7 / 3) % 2; line = ""
        for (k = 0; k < 6 + i % 5; k++) {
            r = (i * 131 + k * 71 + k * k * 17) % 97
            word = r < 40 ? (y ? word1[r % n + 1] : word0[r % n + 1]) : \
                   r < 58 ? (y ? word0[r % n + 1] : word1[r % n + 1]) : plain[r % m + 1]
            line = line (k ? " " : "") word
        }
        printf "2021-%02d-%02d,p%02d,%d,\"%s.\",%s\n", i % 12 + 1, i % 28 + 1, i % 30, i * 29 % 5 + 1, line, y ? "good" : "bad"
    }
}' >all.csv
cut -d, -f3- all.csv >both.csv
cut -d, -f4- all.csv >texts.csv

# --- texts alone, and beside a number
run train texts.csv --target mood --test 0.2 --epochs 4 --json -o t1 -q
cp "$out" t1.json
check "texts alone" test "$status" = 0
check "naive Bayes is compared with" grep -Eq '"baseline_naive_bayes_accuracy": 0\.[0-9]+.*"better_than_naive_bayes": (true|false)' t1.json
check "with its interval" grep -q '"less_naive_bayes_accuracy_low": ' t1.json
run eval t1
check "eval: naive Bayes has a line" grep -Eq '^  naive Bayes, [0-9]+ features of texts +[0-9.]+ %' "$out"
check "linear, nearest: there are no columns, and it says so" same \
    "$(grep -cE '^  (linear|nearest): not computed: there are no numbers or categories beside' "$out")" 2
run eval t1 --json
check "eval and train agree on it" same "$(value baseline_naive_bayes_accuracy <"$out")" \
    "$(value baseline_naive_bayes_accuracy <t1.json)"
run train both.csv --target mood --test 0.2 --epochs 4 --json -o b1 -q
check "beside a number: linear too" grep -q 'baseline_linear_accuracy.*baseline_naive_bayes_accuracy' "$out"
run train both.csv --target stars --task regression --epochs 2 -o number -q --test 0.2
run eval number
check "numbers: naive Bayes says why not" grep -q 'naive_bayes: not computed: it tells classes apart' "$out"

# --- the same bits: threads, instruction sets, a kill
for threads in 1 2 3 5; do
    run train texts.csv --target mood --test 0.2 --epochs 4 --json -o x --overwrite -q --threads $threads
    check "S167_ the same digest on $threads threads" same "$(value digest <"$out")" "$(value digest <t1.json)"
done
for isa in plain avx2 avx512; do
    SLOPE_ISA=$isa "$slope" train texts.csv --target mood --test 0.2 --epochs 4 --json -o x --overwrite -q >"$out" 2>"$err"
    status=$?
    if [ "$status" = 2 ] && grep -q SLOPE_ISA "$err"; then
        echo "skip  $isa: this machine has it not"
    else
        check "the same digest by $isa" same "$(value digest <"$out")" "$(value digest <t1.json)"
    fi
done
run train texts.csv --target mood --test 0.2 --epochs 3000 --json -o whole -q
wanted=$(value digest_last <"$out")
"$slope" train texts.csv --target mood --test 0.2 --epochs 3000 --json -o killed -q >/dev/null 2>&1 &
job=$!
tries=0
while [ ! -e killed/last.safetensors ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -9 $job 2>/dev/null
wait $job 2>/dev/null
check "it had not finished" sh -c '! grep -q "\"status\": \"finished\"" killed/run.json'
run train --resume killed --json -q
check "S167_ killed and resumed: the same bits" same "$(value digest_last <"$out")" "$wanted"

# --- options of training
run train texts.csv --target mood --lr-range
check "--lr-range" sh -c 'test "$1" = 0 && grep -q "[0-9]" "$2"' sh "$status" "$out"
run train texts.csv --target mood --folds 3 --epochs 2 -q
check "--folds" sh -c 'test "$1" = 0 && grep -q "^fold 3" "$2"' sh "$status" "$out"
run train all.csv --target mood --group who --test 0.2 --epochs 2 -o grouped -q
check "--group" test "$status" = 0
run train all.csv --target mood --split time=day --test 0.2 --validation 0.2 --epochs 2 -o timed -q
check "--split time" test "$status" = 0
run train texts.csv --target mood --class-weight balanced --epochs 2 -o weighted -q
check "--class-weight" test "$status" = 0
run train texts.csv --target mood --epochs 2 --profile -o timed2 -q
check "--profile" sh -c 'test "$1" = 0 && grep -q "bag\|texts\|embedding" "$2" "$3"' sh "$status" "$out" "$err"
run train texts.csv --target mood --test 0.2 --epochs 4 --memory 1M --json -o small -q
check "--memory that is enough changes nothing" same "$(value digest <"$out")" "$(value digest <t1.json)"

# --- looking at it
run show t1
check "show" grep -q 'words' "$out"
run show t1 --json
check "show --json" test "$status" = 0
run eval t1 --importance
check "--importance: what the texts say" sh -c 'test "$1" = 0 && grep -Eq "^  the texts +[1-9][0-9]*\.[0-9]+ %" "$2"' \
    sh "$status" "$out"
run eval b1 --importance --json
check "--importance beside a number: the texts first" grep -q '"importance":\[{"input":"the texts",.*{"input":"stars",' "$out"
run eval t1 --calibration
check "--calibration" test "$status" = 0
run errors t1
check "errors" test "$status" = 0
run gradcheck texts.csv --net "bag 4 tanh"
check "gradcheck on texts: a sentence" sh -c 'test "$1" = 2 && grep -q "slope gradcheck --all checks the layers" "$2"' \
    sh "$status" "$err"

printf 'a,y\n1,p\n2,q\n3,p\n4,q\n' >plain.csv
run train plain.csv --target y --epochs 1 --text words
check "what is asked of texts that are not there is refused" sh -c \
    'test "$1" = 2 && grep -q -e "--text words: plain.csv has no column of texts" "$2"' sh "$status" "$err"
finish
