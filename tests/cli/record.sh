#!/bin/sh
# What a run records for its figures: files that are there without being asked, --record, and going on.
. "$(dirname "$0")/kit"

run train builtin:moons --net "8 relu" --epochs 4 -o small -q
for file in steps.csv weights.csv activations.csv confusion.csv path.bin; do
    check "a small net has $file" test -s small/$file
done
check "steps.csv names its columns" grep -q '^step,loss,lowest,highest,lr$' small/steps.csv
check "activations.csv too" grep -q '^epoch,layer,mean,std,saturated,dead$' small/activations.csv
check "and has the start and the last epoch" \
    same "$(cut -d, -f1 small/activations.csv | sort -u | tr '\n' ' ')" "0 1 2 3 4 epoch "
check "path.bin has five points of 33 weights" same "$(wc -c <small/path.bin | tr -d ' ')" $((64 + 5 * (16 + 33 * 4)))

# --- a larger net: only where it is asked for
set -- builtin:moons --net "600 relu" --epochs 60 --batch 4
run train "$@" -o small --overwrite -q
check "2,401 weights: no path, and none of the run before" test "$status" = 0 -a ! -e small/path.bin
run train "$@" --record path -o whole -q
check "--record path has every epoch" same "$(wc -c <whole/path.bin | tr -d ' ')" $((64 + 61 * (16 + 2401 * 4)))
"$slope" train "$@" --record path -o cut -q >"$out" 2>"$err" &
tries=0
while [ ! -s cut/last.safetensors ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -9 $! 2>/dev/null
wait $! 2>/dev/null
run train --resume cut -q
check "killed and gone on" test "$status" = 0
for file in steps.csv weights.csv activations.csv confusion.csv path.bin; do
    check "$file ends as that of the uninterrupted run" cmp -s whole/$file cut/$file
done

# --- curvature
set -- builtin:moons?rows=120 --net "6 tanh, dropout 0.1" --epochs 6
run train "$@" -o plain -q --json
plain=$(sed -n 's/.*"digest_last": *"\([^"]*\)".*/\1/p' "$out")
run train "$@" -o curved -q --json --record path,curvature
check "--record curvature changes no weight" same "$(sed -n 's/.*"digest_last": *"\([^"]*\)".*/\1/p' "$out")" "${plain:-none}"
check "its columns stand before the seconds" grep -q ",curvature,stable_lr,noise_scale,seconds$" curved/metrics.csv
check "path,curvature records the path too" test -s curved/path.bin
check "without it there is no such column" sh -c '! grep -q curvature plain/metrics.csv'
"$slope" train builtin:moons --net "6 tanh" --epochs 400 --record curvature -o long -q >"$out" 2>"$err"
"$slope" train builtin:moons --net "6 tanh" --epochs 400 --record curvature -o short -q >"$out" 2>"$err" &
tries=0
while [ ! -s short/last.safetensors ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -9 $! 2>/dev/null
wait $! 2>/dev/null
run train --resume short -q
check "curvature of a run that was killed is that of one that was not" same "$(sed 's/,[^,]*$//' short/metrics.csv | cksum)" \
    "$(sed 's/,[^,]*$//' long/metrics.csv | cksum)"
run plot curved curves
check "curves shows 2 / lr beside the curvature" grep -q "2 / lr" "$out"

# --- refused
run train builtin:moons --record weights
check "--record weights: status 2, and it says what there is" sh -c 'test "$1" = 2 && grep -q path "$2"' sh "$status" "$err"
run train builtin:moons --net "2 x [4 step]" --optimizer random_search --epochs 2 --record curvature -o flat
check "--record curvature: refused before the first step where no slope is" sh -c 'test "$1" = 2 && test ! -e flat &&
    grep -q "none come through dense_1: the slope of step is 0" "$2"' sh "$status" "$err"
run train builtin:moons --record path --lr-range
check "--lr-range keeps nothing" sh -c 'test "$1" = 2 && grep -q "leave out --record" "$2"' sh "$status" "$err"
run train builtin:moons --record path --folds 3
check "nor do folds without -o" sh -c 'test "$1" = 2 && grep -q "name one with -o" "$2"' sh "$status" "$err"
run train builtin:moons --net "600 relu" --record path --epochs 100000 -o none
check "more than 256 MB" sh -c 'test "$1" = 2 && grep -q "give fewer --epochs" "$2" && test ! -e none' sh "$status" "$err"

finish
