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

sed 's/"format": *1/"format": 9/' one/run.json >changed.json && mv changed.json one/run.json
run replay one --to 1
check "a run of another format is refused" grep -q "format 9" "$err"
finish
