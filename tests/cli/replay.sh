#!/bin/sh
# replay.sh SLOPE: a run trained again to a step, with a change behind it, to the first bad step.
. "$(dirname "$0")/kit"

set -- --net "8 relu" --optimizer sgd --lr 0.1 --batch 32
run train builtin:moons "$@" --epochs 6 -q --json -o one
last=$(value digest_last <"$out")
steps=$(value steps <"$out")
before=$(cksum one/*)
run train builtin:moons "$@" --steps 20 -q --json
wanted=$(value digest_last <"$out")
run replay one --to 20 --json
check "replay ends well" same "$status" 0
check "at step 20 it has the weights of a training of 20 steps" same "$(value digest <"$out")" "$wanted"
run replay one --to "$steps" --json
check "at the last step it has those that the run recorded" same "$(value digest <"$out") $(value as_recorded <"$out")" "$last true"
run train builtin:moons --net "8 relu" --optimizer sgd --lr 0.4 --batch 32 --epochs 6 -q --json
wanted=$(value digest_last <"$out")
run replay one --to 0 --set lr=0.4 --json -o changed
check "changed from the first step it is the training with that lr" same \
    "$(sed 's/.*"changed"//' "$out" | value digest)" "$wanted"
check "as it was it ends where the run did" same "$(sed 's/.*"was"//; s/"changed".*//' "$out" | value digest)" "$last"
run eval changed/model.safetensors builtin:moons
check "the changed model is kept" same "$status" 0
run replay one --to 20 --set lr=0.4
check "both courses are shown" grep -q "^changed  " "$out"
check "in lines of 80 columns" sh -c '! grep -q "^.\{81\}" "$1"' sh "$out"
check "in 80 columns" same "$(awk 'length > 80 { n++ } END { print n + 0 }' "$out")" 0
check "the folder is as it was" same "$(cksum one/*)" "$before"

for bad in "--to 99999" "--to 20 --set init=he" "--to 20 --set lr=fast" "--to 20 --set lr" "--to 20 --until 30" \
    "--to 20 --first nonfinite" "--to 21 --set batch=8" "" "--first smoke"; do
    # shellcheck disable=SC2086
    run replay one $bad
    check "refused: $bad" same "$status" 2
done
run replay nowhere --to 1
check "no such run" same "$status" 2

run train builtin:plane --net "8 relu" --optimizer sgd --lr 3 --epochs 40 -q -o broken
said=$(sed 's/^slope train: //' "$err")
run replay broken --first nonfinite --json
check "the first number that is not finite is found" same "$(value found <"$out")" true
step=$(value step <"$out")
check "training says what it said" grep -qF "${said%%;*}" "$out"
run replay broken --to "$((step + 1))"
check "behind it the run cannot be replayed" same "$status" 1

# --- every kind of training: to its end, to a step, and past a change that changes nothing
kind() { # kind WHAT STEP EPOCHS TRAINING ...
    kit_kind=$1 kit_step=$2 kit_epochs=$3
    shift 3
    run train "$@" --epochs "$kit_epochs" -q --json --overwrite -o kind
    last=$(value digest_last <"$out")
    steps=$(value steps <"$out")
    rm -f kind/last.safetensors # from the first step on
    run replay kind --to "$steps" --json
    check "$kit_kind: its last weights" same "$(value digest <"$out") $(value as_recorded <"$out")" "$last true"
    run train "$@" --steps "$kit_step" -q --json --overwrite -o part
    wanted=$(value digest_last <"$out")
    run replay kind --to "$kit_step" --set patience=50 --json
    check "$kit_kind: at step $kit_step a training of so many" same \
        "$(sed 's/"was".*//' "$out" | value digest)" "$wanted"
    check "$kit_kind: goes on as it was" same "$(sed 's/.*"changed"//' "$out" | value digest)" "$last"
}
for rule in lbfgs newton annealing genetic random_search simplex coordinate_descent; do
    kind "$rule" 4 6 "builtin:moons?rows=100" --net "3 tanh" --optimizer "$rule"
done
kind perceptron 20 4 builtin:moons --loss perceptron --optimizer perceptron --lr 1
kind "given weights, and biases that stay 0" 20 3 builtin:moons --net "2 tanh" --weights "0.5,1,0.2,0.3,0.4,-0.5"
kind "classes that count alike" 20 3 "builtin:table?rows=300&rare=0.2" --net "4 relu" --class-weight balanced
kind "rows drawn again" 9 3 "builtin:table?rows=300" --net "4 relu" --sampling replace
kind "moved pictures" 5 3 "builtin:digits?rows=200" --net "8 relu" --augment "shift 2"
mkdir -p texts/good texts/bad
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    echo "a fine and lovely film, number $i of the good ones" >texts/good/$i.txt
    echo "a dull and weary film, number $i of the bad ones" >texts/bad/$i.txt
done
kind texts 3 4 texts --net "embedding 4, mean_pool, 3 relu" --batch 8
awk 'BEGIN { for (j = 0; j < 30; j++) printf "a%d,", j # more than the third of --memory that is for rows
    print "y"
    for (i = 0; i < 6000; i++) {
        for (j = 0; j < 30; j++) printf "%d,", i * (j + 3) % (1013 + j)
        print i * i % 1009
    } }' >wide.csv
kind "a packed table" 40 1 wide.csv --target y --net "4 relu" --memory 1M
run train "builtin:moons?rows=100" --net "3 tanh" --optimizer genetic --epochs 6 -q --overwrite -o kind
run replay kind --to 3 --set loss=hinge --json
check "remembered losses are not those of another loss" same "$status" 0

sed 's/"format": *1/"format": 9/' one/run.json >changed.json && mv changed.json one/run.json
run replay one --to 1
check "a run of another format is refused" grep -q "format 9" "$err"
finish
