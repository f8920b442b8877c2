#!/bin/sh
# memory.sh SLOPE: --memory. Rows that take more are packed beside the run and give the same bits; the pack is used again
# by --resume, and gone when the run is finished or refused. A larger table stays within its memory.
set -u
slope=${1:-${SLOPE:?the program is the first argument}}
case $slope in */*) slope=$(cd "$(dirname "$slope")" && pwd)/$(basename "$slope") ;; esac
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
failed=0
ok() { echo "ok $1"; }
bad() { echo "FAIL $1: $2"; failed=1; }
figures() { tr ',{}' '\n\n\n' | grep -v '"seconds\|"run' | tr -d ' '; }

${CC:-cc} -O2 -o rows "$root/bench/memory_rows.c" || exit 1
./rows 4000000 1 >small.csv

train() { "$slope" train "$@" --net "8 relu, dropout 0.2" --batch 100 --test 0.1 --json --quiet 2>err; }
train small.csv --target y --epochs 3 -o plain | figures >want
train small.csv --target y --epochs 3 -o packed --memory 1M --threads 1 | figures >got
if [ -s want ] && cmp -s want got; then ok "packed rows give the same bits"; else bad "packed rows give the same bits" "$(diff want got; cat err)"; fi
if [ ! -e packed.pack ]; then ok "a finished run leaves no pack"; else bad "a finished run leaves no pack" "$(ls)"; fi

"$slope" train small.csv --target nothing -o refused --memory 1M >/dev/null 2>&1
"$slope" train small.csv --target y --net "8 relu" --loss hinge -o refused --memory 1M >/dev/null 2>&1
if [ ! -e refused ] && [ ! -e refused.pack ]; then ok "what is refused leaves nothing"; else bad "what is refused leaves nothing" "$(ls)"; fi

(exec "$slope" train small.csv --target y --net "8 relu, dropout 0.2" --batch 100 --test 0.1 --epochs 3 --memory 1M -o cut --quiet) >/dev/null 2>&1 &
n=0
while [ ! -e cut/last.safetensors ] && [ $n -lt 600 ]; do sleep 0.05; n=$((n + 1)); done
kill -9 $! 2>/dev/null
wait $! 2>/dev/null
if grep -q '"status": "finished"' cut/run.json; then
    echo "skip a killed run finds its pack again (it was finished before it was killed)"
else
    [ -e cut.pack ] || bad "a killed run finds its pack again" "it is not there"
    "$slope" train --resume cut --json 2>err | figures >got
    if cmp -s want got && grep -q "its rows are in cut.pack" err; then
        ok "a killed run finds its pack again"
    else
        bad "a killed run finds its pack again" "$(diff want got; cat err)"
    fi
    if [ ! -e cut.pack ]; then ok "and removes it at its end"; else bad "and removes it at its end" "$(ls)"; fi
fi

# the whole process within its memory; a sanitizer has its own
if [ -n "${SLOPE_SANITIZE-}" ]; then
    echo "skip a larger table stays within its memory (a sanitizer takes more)"
elif [ ! -r /proc/self/status ]; then
    echo "skip a larger table stays within its memory (no /proc here)"
else
    ./rows 120000000 2 >large.csv
    "$slope" train large.csv --target y --net "8 relu" --batch 500 --steps 300 --memory 60M -o large --quiet >/dev/null 2>err &
    peak=0
    while [ -r /proc/$!/status ]; do
        now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$!/status 2>/dev/null)
        peak=${now:-$peak}
        [ -n "$now" ] || break
        sleep 0.05
    done
    wait $!
    status=$?
    if [ $status = 0 ] && [ "$peak" -gt 1000 ] && [ "$peak" -lt 60000 ]; then
        ok "a larger table stays within its memory"
    else
        bad "a larger table stays within its memory" "$peak kB, status $status: $(cat err)"
    fi
fi
exit $failed
