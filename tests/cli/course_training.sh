#!/bin/sh
# The lessons about training: answers worked out elsewhere (by formulas, and a loop over rows in another language) are
# graded right, others wrong; what the text says about outputs is so.
. "$(dirname "$0")/kit"
unset SLOPE_LESSONS

right() { # right LESSON.TASK ANSWER ...
    run lesson check "$@"
    [ "$status" = 0 ] || { echo "      | $* : status $status: $(cat "$out")"; return 1; }
}
wrong() {
    run lesson check "$@"
    [ "$status" = 1 ] || { echo "      | $* : status $status: $(cat "$out")"; return 1; }
}

# the four points (0,1) (1,3) (2,4) (3,8): e = -y at first, the mean of 2e is -8, of 2xe -17.5; means 1.5 and 4,
# w2 = 11/5 = 2.2
check "S105_ a step with all points, by hand" right a-straight-line.1 0.2 0.4375
check "S105_ another one" wrong a-straight-line.1 0.2 0.35
check "S105_ the line of least squares, by its formula" right a-straight-line.3 0.7 2.2
check "S196_ steps an epoch: 12,000/32, 15 * 12,000/500" right mini-batches.1 375 360
check "S196_ a mini-batch's gradient is right in expectation" right mini-batches.3 b
check "S196_ not as often" wrong mini-batches.3 a
run lesson run mini-batches --page
check "S110_ noise falls with the batch" awk '/^batch  validation/ { on = 1; last = 9; next } /^\.\.\./ { exit bad || rows != 4 }
    on { noise = 0; for (i = NF; i; i--) if ($i == "#") { noise = $(i - 1); break }
         if (noise >= last) bad = 1; last = noise; rows++ }' "$out"
check "its seconds are masked" sh -c '! grep -qE "  [0-9]+[.][0-9][0-9] +12( |$)" "$1"' sh "$out"

check "S112_ momentum with 0.02: v = 8, 13.92, 17.0208" right optimizers-on-a-slope.1 5.84 5.5616 5.221184
check "S113_ Nesterov's third step: 5.654304 - 0.01 (5.234432 + 0.9 * 17.820032)" right nesterov-adagrad-rmsprop.1 5.4415794
check "S114_ AdaGrad: 6 - 0.5, then 0.5 * 4 / sqrt(64 + 16)" right nesterov-adagrad-rmsprop.2 5.5 5.2763932
check "S115_ RMSProp: 0.1 / sqrt(0.1), to 0.1" right nesterov-adagrad-rmsprop.3 0.3162278 0.1
check "S117_ AdamW: 0.995^10" right adam-and-adamw.1 0.9511101
check "S117_ Adam with L2: a step of 0.1 whatever lambda" right adam-and-adamw.2 1.9
run lesson run adam-and-adamw --page
check "S116_ steps of 0.001 for a gradient of 1" grep -q '^,3,-0.0029999999' "$out"
check "S117_ AdamW shrinks by 0.99" grep -q '^,2,1.9602,' "$out"
check "S118_ a cosine: 0.2 (1 + cos(pi/4))/2" right schedules.1 0.1707107
check "S118_ a warm-up from 0" right schedules.2 0.002
run lesson run schedules --page
check "S118_ the cosine's half at half of the way" grep -qE '^ +2 .* 0.5000 ' "$out"

run lesson run compare-optimizers --page
check "S119_S189_ nine settings from the same weights" sh -c \
    'test "$(grep -cE "^(sgd|momentum|adam) +0.0*1 " "$1")" = 9 && grep -q "All settings start from the same weights" "$1"' sh "$out"

check "variances 2/50, 2/80, 1/150" right initial-weights.1 25 40 150
check "32 * 0.5625 / 2" right initial-weights.2 9
run lesson run depth-and-gradients --page
check "S83_ ten sigmoids: the first layer has a millionth of the last one's gradient" awk -F, \
    '$2 == "vanishing" && $4 == "dense_1" { a = $6 } $2 == "vanishing" && $4 == "output" { b = $6 }
     END { exit !(a > 0 && a / b < 1e-5 && a / b > 1e-7) }' "$out"
check "(1/4)^5" right depth-and-gradients.1 1024
check "dead is not vanishing" right depth-and-gradients.3 c
check "and vanishing is not dead" wrong depth-and-gradients.3 a

# a plain loop over the four rows in Python
printf '0.0328144 0.0016019 0.0007094 0.0231862 0.0495835 -0.0074377 0.0213048 0.0050545 0.0485957\n' >gradients.txt
check "S188_ gradients of another program" right gradients-from-scratch.1 gradients.txt
printf '0.1312576 0.0064076 0.0028376 0.0927448 0.198334 -0.0297508 0.0852192 0.020218 0.1943828\n' >sums.txt
check "S188_ four times as large, without the mean" wrong gradients-from-scratch.1 sums.txt
check "S188_ one step" right gradients-from-scratch.2 0.4835928 0.6893476 0.1757022
check "S47_ ten more nets" right ten-nets-ten-answers.1 10

check "runs A to D" right bad-runs-by-their-curves.1 A=2 B=1 C=3 D=4
check "taken for one another" wrong bad-runs-by-their-curves.1 A=1 B=2 C=3 D=4
check "runs E to H" right bad-runs-by-their-results.1 E=2 F=3 G=5 H=4
run train builtin:circle --net "16 relu" --lr 0.01 --epochs 40 --quiet -o mended
check "a run that is mended" right bad-runs-by-their-curves.2 mended
run train builtin:circle --net linear --lr 0.01 --epochs 5 --quiet -o line
check "one that is not" wrong bad-runs-by-their-curves.2 line
check "ln 1000" right a-loss-that-does-not-fall.1 6.9077553
check "S196_ ten rows by heart, all rows not" right a-loss-that-does-not-fall.3 b

check "S196_ when to stop" right overfitting-and-when-to-stop.3 c
check "S196_ dropout: 4, 12, 16 over 0.8" right dropout.1 5 0 15 20
check "S196_ dropout is off when the net answers" right dropout.3 b
check "S140_ a tenth of 900 rows" right more-data.1 90 900
run lesson run more-data --page
check "S140_ more rows, better tests" awk '/^rows  validation/ { on = 1; last = 0; next } /^\.\.\./ { on = 0 }
    on { if ($7 + 0 <= last) bad = 1; last = $7 + 0; rows++ } END { exit bad || rows != 8 }' "$out"
check "S191_ the validation rows choose" right tuning.3 c
run lesson run tuning --page
check "S193_ one option at a time" sh -c 'grep -q "^base: .*one of these at a time" "$1" && grep -q "^batch 64 " "$1"' sh "$out"
check "S192_ a quarter of 40 errors" right error-analysis.2 30
run lesson run error-analysis --page
check "S192_ the wrong rows are counted" grep -q '^19 of 100 rows are wrong; most often' "$out"
check "S196_ 5 * 0.99^50" right sgd-or-adam.1 3.0250304
check "S196_ one number a weight, and two" right sgd-or-adam.2 0 4000000 8000000
run train builtin:spiral --net "8 tanh, 8 tanh" --lr 0.02 --epochs 300 --validation 0 --quiet -o spiral
check "S184_ a net for the spiral" right the-small-spiral.1 spiral
check "S184_ it is not the smaller one" sh -c '"$1" lesson check the-small-spiral.2 spiral 2>&1 | grep -q "wants 6 tanh, 6 tanh, 1"' sh "$slope"
check "S13_ parameters: 64 (2 + 1) + 65, ..." right why-depth.1 257 205 177
check "S196_ why depth" right why-depth.3 c
check "S196_ explained to a friend" right explain-it-to-a-friend.1 2 4 5 8
check "S196_ 16 * 3 + 17, 400/32, ln 2" right explain-it-to-a-friend.2 65 13 0.6931472

finish
