#!/bin/sh
# shown.sh SLOPE: what is shown fits a terminal of 80 columns, and what show --collapse writes is a whole model.
. "$(dirname "$0")/kit"

for words in "" layer activation init loss optimizer schedule metric augmentation check data operator; do
    run catalogue $words
    check "catalogue $words: at most 80 columns" test "$status" = 0 -a -z "$(awk 'length($0) > 80' "$out")"
done
run catalogue
check "a long word has a line of its own" grep -qx "  cross_entropy_from_probabilities" "$out"

run train builtin:plane --net "4, 3" --loss "huber delta=0.5" --epochs 2 -o plane -q
run show plane --collapse -o small.safetensors
check "the collapsed model keeps its loss" grep -q "^loss  *huber delta=0.5$" "$out"
run eval plane builtin:plane --json
sed 's/.*"loss": *\(0\.[0-9]\{4\}\|[0-9]*\.[0-9]\{3\}\).*/\1/' "$out" >whole.txt
run eval small.safetensors builtin:plane --json
sed 's/.*"loss": *\(0\.[0-9]\{4\}\|[0-9]*\.[0-9]\{3\}\).*/\1/' "$out" >small.txt
check "and is measured as the whole one" same "$status $(cat small.txt)" "0 $(cat whole.txt)"

run train builtin:moons --net "2 tanh name=a freeze=yes, residual [2 share=a]" --steps 3 -o shared -q
run show shared --json
check "JSON tells what is frozen" grep -q '"name":"a",[^}]*"frozen":true,"share":null' "$out"
check "JSON tells what is shared, and how deep it lies" grep -q '"depth":1,"frozen":[a-z]*,"share":"a"' "$out"

run train builtin:moons --net "4 tanh" --lr-range -q
check "--lr-range ends well, and makes nothing" test "$status" = 0 -a ! -e runs
least=$(sed -n 's/.*is least at \([0-9.e-]*[0-9]\).*/\1/p' "$out")
check "the line that is marked least is that step size" grep -q "^ *$least .*<- least" "$out"
check "and the last line is the end of the range" grep -q "^ *10\.000 " "$out"

run train "builtin:digits?rows=300" --net "8 relu" --steps 4 --augment "rotate 10, shift 1" --class-weight balanced \
    --optimizer adamw --decay 0.02 --l1 0.001 --average 0.9 -o said
check "the log names the augmentation" grep -q "^augment  *rotate degrees=10, shift pixels=1: rows that are fitted" "$err"
check "and the class weights" grep -q "^weights  *of classes in the loss: balanced" "$err"
check "T8_ what decays stands behind the decay" grep -q "decay 0.02 of the weights, decoupled, not of biases and norms" "$err"
check "T8_ l1 says what it leaves out" grep -q "l1 0.001, not of biases and norms" "$err"
run train builtin:moons --activation tanh --steps 3 -o nothing
check "--activation without a hidden layer is refused" test "$status" = 2 -a ! -e nothing

run completion bash
check "bash completes the word beside a number" grep -q "train:--batch) words='all'" "$out"
check "bash completes balanced" grep -q "train:--class-weight) words='balanced'" "$out"
check "bash completes words of the catalogue" grep -q "words='layer .* operator .*momentum_ema" "$out"
finish
