#!/bin/sh
# Several runs asked as one: eval and predict RUN RUN ... DATA.
. "$(dirname "$0")/kit"

texts() { # texts FIRST ROWS: reviews by a formula, from row FIRST on
    awk -v first="$1" -v rows="$2" 'BEGIN {
        n[0] = split("bad dull poor awful boring weak", word0, " ")
        n[1] = split("good fine great lovely bright strong", word1, " ")
        m = split("the film was a story with an actor and some plot in it", plain, " ")
        print "stars,review,mood"
        for (i = first; i < first + rows; i++) {
            y = int(i * 7 / 3) % 2; line = ""
            for (k = 0; k < 6 + i % 5; k++) {
                r = (i * 131 + k * 71 + k * k * 17) % 97
                word = r < 40 ? (y ? word1[r % n[1] + 1] : word0[r % n[0] + 1]) : \
                       r < 58 ? (y ? word0[r % n[0] + 1] : word1[r % n[1] + 1]) : plain[r % m + 1]
                line = line (k ? " " : "") word
            }
            print (i * 29 % 5) + 1 ",\"" line ".\"," (y ? "good" : "bad")
        }
    }'
}
texts 0 300 >train.csv
texts 1000 200 >test.csv
for seed in 1 2 3; do
    run train train.csv --target mood --epochs 3 --seed $seed -o r$seed -q
    check "a run on texts beside a number, seed $seed" test "$status" = 0
done
check "naive Bayes is kept" grep -q naive_bayes.scores r1/baselines.safetensors

# --- eval
run eval r1 r2 r3 test.csv
check "eval of three" grep -q '^test.csv, all rows: 200 rows, average of 3 models$' "$out"
check "each alone, with its digest" same "$(grep -cE '^  r[123] +[0-9.]+ % +[0-9a-f]{16}$' "$out")" 3
check "log loss stands there, as there is no loss" sh -c 'grep -q "^  log loss " "$1" && ! grep -q "^  loss" "$1"' sh "$out"
check "baselines are those of the first run" grep -q 'fitted to the rows of r1' "$out"
check "no line is wider than 80" sh -c '! grep -q "^.\{81,\}" "$1"' sh "$out"
check "the average is compared with the baselines" sh -c 'grep -q "^  their average  *[0-9.]* %" "$1" &&
    grep -q "^the average of the nets is " "$1"' sh "$out"
run eval r1 r2 r3 test.csv --json
cp "$out" all.json
check "as JSON: runs" grep -Eq '"runs":\[\{"run":"r1","digest":"[0-9a-f]{16}","accuracy":[0-9.]+\},\{"run":"r2"' "$out"
run predict r1 r2 r3 test.csv
cp "$out" mean.csv
for r in 1 2 3; do
    run predict r$r test.csv
    cp "$out" p$r.csv
done
check "each probability is the mean of the three" sh -c 'paste -d, mean.csv p1.csv p2.csv p3.csv | awk -F, "NR > 1 {
    off = \$3 - (\$6 + \$9 + \$12) / 3; if (off > 1e-6 || off < -1e-6) bad = 1 } END { exit bad || NR != 201 }"'
right=$(cut -d, -f1 mean.csv | paste -d, - test.csv | awk -F, 'NR > 1 && $1 == $NF { n++ } END { print n / 200 }')
check "eval's accuracy is that of the means" same "$(grep -o '"accuracy":[0-9.]*' all.json | head -n 1)" "\"accuracy\":$right"
run eval r1 r2 r3 test.csv --json --threads 1
check "any number of threads: the same line" cmp -s all.json "$out"
cp r2/model.safetensors two.safetensors
run predict r1 two.safetensors r3 - <test.csv
status=0
"$slope" predict r1 two.safetensors r3 - <test.csv >"$out" 2>"$err" || status=$?
check "a model file among them, the rows from the standard input" cmp -s mean.csv "$out"
status=0
"$slope" predict - r1 r2 r3 <test.csv >"$out" 2>"$err" || status=$?
check "- is the data wherever it stands" cmp -s mean.csv "$out"
cut -d, -f1,2 test.csv >bare.csv
run predict r1 r2 r3 bare.csv --keep stars
check "targets are not needed; columns are kept" same "$(head -n 1 "$out")" stars,prediction,p_bad,p_good
run eval r1 r2 test.csv --calibration --json
check "--calibration is of the means" grep -q '"calibration":\[{.*"expected_calibration_error":' "$out"

# --- what has no average
run eval r1 r2 test.csv --importance
check "--importance is of one model" sh -c 'test "$1" = 2 && grep -q "wants one RUN" "$2"' sh "$status" "$err"
run errors r1 r2 test.csv
check "errors are those of one model" sh -c 'test "$1" = 2 && grep -q "wants one RUN" "$2"' sh "$status" "$err"
run eval r1 r2
check "DATA missing: the last one is a run" sh -c 'test "$1" = 2 && grep -q "r2 is a trained model, and DATA is missing" "$2"' \
    sh "$status" "$err"
sed 's/,good$/,fine/' train.csv >fine.csv
run train fine.csv --target mood --epochs 1 -o rf -q
run eval r1 rf test.csv
check "other classes: both runs are named" sh -c 'test "$1" = 2 && grep -q "r1 and rf tell other classes apart" "$2"' sh "$status" "$err"
run predict r1 rf test.csv
check "predict: the same, with the classes" sh -c 'test "$1" = 2 &&
    grep -q "r1 and rf tell other classes apart.*: .bad., .good., and .bad., .fine." "$2"' sh "$status" "$err"
run train train.csv --target stars --task regression --epochs 1 -o rn -q
run predict r1 rn test.csv
check "numbers and classes" sh -c 'test "$1" = 2 && grep -q "r1 tells classes apart, and the answers of rn are numbers" "$2"' \
    sh "$status" "$err"

# --- classes in another order, numbers, parts that were cut off
(head -n 1 train.csv && tail -n +3 train.csv && sed -n 2p train.csv) >moved.csv
run train moved.csv --target mood --epochs 3 -o rm -q
run predict rm r1 test.csv
cp "$out" rm1.csv
run predict r1 rm test.csv
check "the order of the runs does not matter" sh -c 'cut -d, -f2,3 rm1.csv | tail -n +2 >a
    awk -F, "NR == 1 { flip = \$2 != \"p_bad\" } NR > 1 { print flip ? \$3 \",\" \$2 : \$2 \",\" \$3 }" "$1" >b
    cmp -s a b || { awk -F, "NR > 1 { print \$3 \",\" \$2 }" "$1" | cmp -s a -; }' sh "$out"
run train "builtin:plane" --epochs 2 --seed 1 -o n1 -q
run train "builtin:plane" --epochs 2 --seed 2 --net "3 tanh" -o n2 -q
run eval n1 n2 "builtin:plane?seed=9" --residuals
check "numbers: rmse, residuals" sh -c 'grep -q "^  rmse " "$1" && grep -q "^residuals" "$1"' sh "$out"
run train train.csv --target mood --test 0.3 --epochs 2 --seed 1 -o c1 -q
run train train.csv --target mood --test 0.3 --epochs 2 --seed 1 --net "8 relu" -o c2 -q
run train train.csv --target mood --test 0.3 --epochs 2 --seed 5 -o c3 -q
run eval c1 c2 train.csv --part test
check "the same part that both cut off" grep -q 'train.csv, test: 90 rows, average of 2 models' "$out"
run eval c1 c3 train.csv --part test
check "parts drawn by other seeds are no average" sh -c 'test "$1" = 2 && grep -q "wants the same rows for each model" "$2"' \
    sh "$status" "$err"

finish
