#!/bin/sh
# slope train watches: one line on the standard error when it is sure, kept with the run; nothing with --no-watch or
# --quiet, nothing of trainings that are well; and the same weights in every case.
. "$(dirname "$0")/kit"

LC_ALL=C
export LC_ALL

lines() { # how many lines of the standard error are its own
    grep -c '^watch  ' "$err"
}
said() { # the sentence
    sed -n 's/^watch       //p' "$err"
}
digest() {
    value digest_last <"$out"
}
point='builtin:point --weights 0.5,1 --optimizer sgd --lr 0.1 --epochs 40'
train_point() {
    # shellcheck disable=SC2086 # several words
    run train $point --net "1 relu" "$@"
}

# --- what is said, where
train_point -o watched --json
check "it is trained all the same" test "$status" = 0
check "S80_ one line, with the number" sh -c 'printf "%s\n" "$1" | grep -qx "epoch 5: learning rate 0.1 is above 2 / curvature = 0.083[0-9]*: the loss oscillates between 0.41* and 2.114; try --lr 0.042, or .slope diagnose watched."' sh "$(said | sed 's/0.4096/0.41/')"
check "once" same "$(lines)" 1
check "the standard output is the result alone" sh -c 'test "$(wc -l <"$1")" = 1 && ! grep -q "^watch" "$1"' sh "$out"
check "and has the line under its name" grep -q '"warnings": \[{"name": "lr_too_high", "sentence": "epoch 5: learning rate 0.1 ' "$out"
check "run.json too" grep -q '"warnings": \[{"name": "lr_too_high", "sentence": "epoch 5: ' watched/run.json
watched=$(digest)
run diagnose watched --json
check "the command that it names says the same" sh -c 'sed "s/.*\"findings\": //" "$1" | grep -q "^.{\"name\": \"lr_too_high\", \"level\": \"fault\""' sh "$out"

# --- silence
train_point -o silent --json --no-watch
check "--no-watch: nothing" same "$(lines) $(grep -c warnings "$out" silent/run.json | tr '\n' ' ')" "0 $out:0 silent/run.json:0 "
check "the same weights" same "$(digest)" "$watched"
train_point -o quiet --json --quiet
check "--quiet: nothing at all" sh -c 'test ! -s "$1" && ! grep -q warnings "$2"' sh "$err" "$out"
check "the same weights" same "$(digest)" "$watched"
train_point -o three --json --threads 3
check "for any number of threads" same "$(digest) $(lines)" "$watched 1"
run train "builtin:digits?rows=2000" --net "32 relu" --epochs 5 -o well
check "nothing of a training that is well" same "$status $(lines)" "0 0"
run train builtin:spiral --net "16 tanh, 16 tanh" --lr 0.01 --epochs 80 -o spiral
check "nor of a hard one" same "$status $(lines)" "0 0"

# --- broken in other ways
broken() { # broken WORDS TRAINING ...
    broken_words=$1
    shift
    run train "$@" -o broken --overwrite
    check "said once: $broken_words" sh -c 'test "$1" = 1 && grep -q "^watch       epoch [0-9]*: .*$2.*or .slope diagnose broken" "$3"' \
        sh "$(lines)" "$broken_words" "$err"
}
broken "answer alike" builtin:circle --net "16 relu" --init zeros --epochs 5
broken "steps of two epochs were clipped" builtin:moons --net "16 tanh" --optimizer sgd --lr 0.05 --clip-norm 0.001 --epochs 20
broken "it explodes" "builtin:plane?rows=4000" --optimizer sgd --lr 0.1 --epochs 3
check "and then it diverges, which is said by itself" sh -c 'test "$1" = 1 && grep -q "^slope train: step" "$2"' sh "$status" "$err"
check "run.json of it has the line" grep -q '"status": "diverged".*"warnings": \[{"name": "lr_too_high"' broken/run.json
broken "it overfits" "builtin:table?rows=150&seed=436510&inputs=30&useful=3&wrong=0.1" --net "128 relu, 128 relu" --lr 0.005 --epochs 60
broken "training ended while the loss still fell" "builtin:circle?rows=500" --net "16 relu" --lr 0.003 --batch 16 --epochs 12
broken "the net has no hidden layer: try --net" "builtin:circle?rows=500" --epochs 100

# --- runs that go on, folds, many trainings
clipped='builtin:moons --optimizer sgd --lr 0.05 --clip-norm 0.001 --epochs 6000'
# shellcheck disable=SC2086
timeout -s INT 0.3 "$slope" train $clipped --net "16 tanh" -o gone >"$out" 2>"$err" </dev/null
check "what was said before Ctrl-C" same "$(lines)" 1
run train --resume gone --json
check "is not said again behind it" same "$status $(lines)" "0 0"
check "and stays in the result" grep -q '"warnings": \[{"name": "clipping_always", "sentence": "epoch 2: [^]]*}\]}$' "$out"
went_on=$(digest)
# shellcheck disable=SC2086
run train $clipped --net "16 tanh" -o gone_on --json --no-watch
check "the same weights as without" same "$(digest)" "$went_on"
run train builtin:circle --net "16 relu" --init zeros --epochs 5 --folds 3
check "--folds: once in all folds" same "$status $(lines)" "0 1"
check "which says where" grep -q '^watch       fold 1/3 epoch 1: all 16 units of dense_1 answer alike.*; try --init he$' "$err"
run vary builtin:circle --net "16 relu" --init zeros --epochs 5 --lr 0.01,0.1
check "vary watches nothing" same "$status $(lines)" "0 0"
run train builtin:moons --lr-range
check "--lr-range neither" same "$status $(lines)" "0 0"
train_point -o nowhere/deep --json
check "--resume of a finished run says nothing new" sh -c '"$1" train --resume nowhere/deep 2>"$2" >/dev/null; ! grep -q "^watch" "$2"' sh "$slope" "$err"

finish
