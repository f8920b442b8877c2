#!/bin/sh
# train --profile: where the time went, on stderr and in the JSON; show: the memory of a training step.
. "$(dirname "$0")/kit"

train() {
    run train builtin:spiral --net "16 relu, dropout 0.2, 16 tanh" --steps 300 "$@"
}

train -o plain --json --quiet
digest=$(value digest_last <"$out")
train -o timed --json --profile
cp "$out" timed.json
cp "$err" timed.log
check "a profile changes no bit" same "$(value digest_last <timed.json)" "$digest"
check "the result is one line" test "$status" = 0 -a "$(wc -l <timed.json)" = 1
check "first the products: their share and their speed" \
    grep -q '^matrix products: [0-9.]* % of the time at [0-9.]* GFLOP/s$' timed.log
check "a row a layer, operator and direction" \
    grep -Eq '^dense_1 linear forward +300 +[0-9.]+ +[0-9.]+ % +[0-9.]+ +[0-9.]+ [kMG]?B$' timed.log
for row in "dense_2 linear backward" "output linear inference" "dropout_1 dropout forward" \
    "binary_cross_entropy backward" "gather the batch" "update the weights" measure save callbacks \
    "load and prepare" rest; do
    check "there is a row: $row" grep -q "^$row  " timed.log
done
check "all shares are 100 %" grep -Eq '^all +[0-9.]+ +100.00 %$' timed.log
check "the rows' shares add up to it" sh -c "
    sed -n '/^ *calls /,/^all /p' timed.log | sed '1d;\$d' |
    sed 's/.* \([0-9.]*\) %.*/\1/' | awk '{ sum += \$1 } END { exit !(sum > 99.8 && sum < 100.2) }'"
check "the longest row is first" sh -c "
    sed -n '/^ *calls /,/^all /p' timed.log | sed '1d;\$d' | sed 's/.* \([0-9.]*\) %.*/\1/' | sort -c -r -n"
check "it fits 80 columns" sh -c "! sed -n '/^matrix products/,\$p' timed.log | grep -q '.\{81\}'"
if command -v python3 >/dev/null; then
    cat >read.py <<'P'
import json
profile = json.load(open("timed.json"))["profile"]
rows = profile["rows"]
named = {row["name"]: row for row in rows}
assert len(named) == len(rows)
assert abs(sum(row["share"] for row in rows) - 1) < 1e-9
assert abs(sum(row["seconds"] for row in rows) - profile["seconds"]) < 1e-9
product = [row for row in rows if row["product"]]
assert len(product) == 9 and all(" linear " in row["name"] for row in product)
seconds = sum(row["seconds"] for row in product)
assert abs(profile["product_seconds"] - seconds) < 1e-12
assert abs(profile["product_share"] - seconds / profile["seconds"]) < 1e-12
assert abs(profile["product_gflops"] * seconds * 1e9 / sum(row["flops"] for row in product) - 1) < 1e-9
# 450 rows of 2 numbers an epoch, 20 epochs, to 16 units, a multiply-add being two operations
assert named["dense_1 linear forward"]["flops"] == 2 * 450 * 20 * 2 * 16
assert named["dense_2 linear backward"]["flops"] == 2 * 2 * 450 * 20 * 16 * 16
P
    python3 read.py 2>"$err"
    check "the JSON has it all, and it adds up" test $? = 0
fi
check "run.json does not keep it" sh -c '! grep -q GFLOP timed/run.json && ! grep -q product_share timed/run.json'
train -o both --json --quiet --profile
check "--quiet --json: in the JSON alone" test ! -s "$err" -a -n "$(value product_share <"$out")"
train -o words --quiet --profile
check "--quiet without --json still says it" grep -q '^matrix products: ' "$err"
check "and the result stays on stdout" sh -c 'grep -q "^digest " "$1" && ! grep -q "matrix products" "$1"' sh "$out"
run train --resume timed --json --profile
check "a finished run that is resumed: nothing was trained" \
    sh -c 'grep -q "^matrix products: none, since nothing was trained" "$1"' sh "$err"
(
    "$slope" train builtin:digits --net "64 relu" --epochs 500 -o stopped --profile >"$out" 2>"$err" &
    pid=$!
    tries=0
    while [ ! -s stopped/last.safetensors ] && [ $tries -lt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -TERM $pid
    wait $pid
)
check "stopped: the profile so far, and how to go on" sh -c \
    'grep -q "^matrix products: [0-9]" "$1" && grep -q "slope train --resume stopped" "$1"' sh "$err"

# --- show: what a step needs
for batch in 1 32 1000; do
    run show timed --batch $batch --threads 1 --json
    step=$(sed 's/.*"step":{\([^}]*\)}.*/\1/' "$out")
    sum=$(printf '%s\n' "$step" | tr ',' '\n' | sed -n 's/.*_bytes"://p' | awk '{ sum += $1 } END { print sum }')
    check "show --batch $batch: the parts add up" same "$sum" "$(value step_bytes <"$out")"
    check "show --batch $batch: says so" grep -q "\"step\":{\"batch\":$batch,\"threads\":1," "$out"
done
check "1,000 rows of 2 inputs and a target are in the batch" sh -c \
    'test "$(sed "s/.*\"batch_bytes\":\([0-9]*\).*/\1/" "$1")" -ge 12000' sh "$out"
run show timed --threads 1
check "show names the batch and the threads" \
    grep -q '^memory       [0-9.]* kB for a training step at batch 32, 1 thread$' "$out"
for part in weights gradients optimizer activations batch products 'all, in bytes'; do
    check "show lists: $part" grep -Eq "^             $part +[0-9,]+\$" "$out"
done
run show timed --batch 0
check "a batch of 0 is refused" test "$status" = 2
finish
