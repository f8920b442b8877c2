#!/bin/sh
# settings.sh SLOPE: every setting of a run is recorded, and taken back by --resume; what never steers training does not.
. "$(dirname "$0")/kit"

# key FILE NAME: the value of a key in a line of JSON
key() {
    sed -n "s/.*\"$2\": *\"\{0,1\}\([^\",}]*\).*/\1/p" "$1" | head -n 1
}

run train builtin:digits --net "8 relu" --activation tanh --loss cross_entropy --init xavier --optimizer adamw --lr 0.002 \
    --beta1 0.8 --beta2 0.99 --epsilon 1e-7 --decay 0.02 --schedule cosine --warmup 0.1 --epochs 2 --batch 48 \
    --accumulate 2 --lr-batch 48 --sampling replace --patience 7 --validation 0.2 --seed 9 --task classification \
    --test "builtin:digits?seed=2" -o all -q
check "S145_ a run with every setting ends well" same "$status" 0
for pair in net:'8 relu' activation:tanh loss:cross_entropy init:xavier rule:adamw lr:0.002 beta1:0.8 beta2:0.99 \
    epsilon:1e-7 decay:0.02 schedule:cosine warmup:0.1 epochs:2 batch:48 accumulate:2 lr_batch:48 sampling:replace \
    patience:7 validation:0.2 seed:9 task:classification test:'builtin:digits?seed=2' data:builtin:digits; do
    check "S145_ ${pair%%:*} is recorded" same "$(sed 's/.*"settings"//; s/"used".*//' all/run.json | key /dev/stdin "${pair%%:*}")" \
        "${pair#*:}"
done
run train builtin:digits --net "8 relu" -o none --steps 5 -q
check "S145_ what was used is recorded where nothing was asked for" same "$(sed 's/.*"used"//' none/run.json | key /dev/stdin lr)" 0.001

run train builtin:digits --net "8 relu" --steps 20 --batch 64 --lr 0.004 --json -q -o one
plain=$(key "$out" digest_last)
run train builtin:digits --net "8 relu" --steps 20 --batch 64 --lr 0.002 --lr-batch 32 --json -q -o two
check "S122_ twice the batch, twice the step" same "$(key "$out" digest_last)" "$plain"
run train builtin:digits --net "8 relu" --steps 20 --lr-batch 32 --batch all -q
check "S122_ all rows have no such number: refused" same "$status" 2
check "S122_ and it says what is wanted" grep -q -- "--batch all: wants the batch that --lr is meant for" "$err"
run train builtin:digits --net "8 relu" --steps 2 --lr-batch 32 --optimizer lbfgs -q
check "S122_ a method without step size refuses it" grep -q "lbfgs finds the length of its steps itself" "$err"
run train builtin:digits --net "8 relu" --steps 2 --lr-batch 32 --batch 2000000 --accumulate 2000 -q
check "S122_ more rows than there are: refused" grep -q "update is to have 4000000000 rows, of which there are" "$err"

run train builtin:digits --net "8 relu" --steps 20 --batch 64 --lr 0.004 --json -q -o three --test "builtin:digits?seed=5"
check "S129_ another test part changes no weight" same "$(key "$out" digest_last)" "$plain"
run train builtin:digits --net "8 relu" --steps 20 --batch 64 --lr 0.004 --json -q -o four --batch 32 --accumulate 2
check "--batch twice is refused" same "$status" 2
run train builtin:digits --net "8 relu" --steps 20 --batch 32 --accumulate 2 --lr 0.004 --json -q -o four
check "S123_ two batches of 32 are one of 64" same "$(key "$out" digest_last)" "$plain"
run train builtin:moons --net "8 relu decay=0.1" --steps 5 -o groups
check "decay of a layer is a penalty too" grep -q penalised_loss groups/metrics.csv
run train builtin:moons --net "4 tanh, batch_norm" --optimizer lbfgs --steps 2 -o often
check "a method that asks often takes rows in one order" grep -q "step an epoch, always in the same order" "$err"
check "and says where running statistics come from" grep -q "running statistics from all rows" "$err"
run train "builtin:moons?rows=65" --net "4 tanh, batch_norm" --validation 0 --batch 32 --steps 2 --lr-batch 64 -o joined
check "a joined batch is not smaller" sh -c '! grep -q "last batch is smaller" "$1"' - "$err"
check "a scaled step size is no default" sh -c 'grep -q "lr 5e-4," "$1" || grep -q "lr 0.0005," "$1"' - "$err"
run train builtin:digits --sampling all
check "an unknown way of sampling is refused" same "$status" 2
run train builtin:xor --net "8 tanh" --steps 5 --sampling order -o sorted
check "rows as they stand are said" grep -q "in the order in which they stand" "$err"
run train builtin:plane --net "4 x 8 relu" --activation linear --steps 5 -o linear
check "S11_ --activation linear takes all of them away" grep -q "8, 8, 8, 8, 1: \|4 x 8, 1: " "$err"
run train builtin:plane --net "8, batch_norm, relu, residual [8 tanh, 8]" --activation gelu --steps 5 -o gelu
check "--activation takes the place of those that the net names, in groups too" \
    grep -q "8, batch_norm, gelu, residual \[8 gelu, 8\], 1: " "$err"
run train builtin:plane --net "2 x 8" --activation silu --steps 5 -o none_named
check "--activation is that of each dense layer where the net names none" grep -q "8 silu, 8 silu, 1: " "$err"
run train builtin:plane --activation tanh
check "--activation without a hidden layer is refused" same "$status" 2
check "and says what is missing" grep -q "no hidden layers that could have it" "$err"
run train builtin:plane --activation tanhh
check "an activation that is none is refused without hidden layers too" grep -q "did you mean 'tanh'" "$err"
run train builtin:digits --loss kl
check "kl and a class do not fit" grep -q "the target is a class, and kl wants a distribution" "$err"
run train builtin:xor --net "10 elu" --activation softmax
check "--activation softmax is refused for the last hidden layer" same "$status" 2
run train builtin:xor --net "4 step" --optimizer genetic --steps 20 -q
check "a method without gradients can use the step unit" same "$status" 0
run train builtin:xor --net "4 step" --optimizer lbfgs --steps 20 -q
check "one with gradients cannot" same "$status" 2
finish
