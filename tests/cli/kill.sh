#!/bin/sh
# kill.sh SLOPE: a run killed (kill -9) at 20 random moments and continued by --resume ends with the digests and figures
# of an uninterrupted one, and its tables have every epoch once.
set -u
slope=${1:-${SLOPE:?the program is the first argument}}
case $slope in */*) slope=$(cd "$(dirname "$slope")" && pwd)/$(basename "$slope") ;; esac
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1

train() {
    # exec: what is killed must be the program, not a shell around it
    exec "$slope" train "builtin:gauss?rows=6000" --net "48 relu, dropout 0.3, 16 tanh" --optimizer adamw --epochs 90 \
        --schedule cosine --warmup 0.1 --lr 0.002 --patience 80 --batch 8 --seed 3 --quiet "$@"
}
exec_resume() {
    exec "$slope" train --resume cut --quiet
}
result() { # FOLDER: digests and figures of a finished run, all but its time and name
    "$slope" train --resume "$1" --json --quiet | tr ',{}' '\n\n\n' | grep -v '"seconds\|"run' | tr -d ' '
}

(train -o whole) >/dev/null 2>&1 || { echo "FAIL the uninterrupted run"; exit 1; }
want=$(result whole)
# kills fall within nine tenths of the time that the uninterrupted run took, in milliseconds
span=$("$slope" train --resume whole --json --quiet | tr ',{}' '\n\n\n' | sed -n 's/.*"seconds": *//p' |
    awk '{ m = int($1 * 900); print (m < 100 ? 100 : (m > 999 ? 999 : m)) }')
epochs=$(($(wc -l <whole/metrics.csv) - 1))
echo "$want" | grep -q digest || { echo "FAIL no digest of the uninterrupted run"; exit 1; }

# a sanitizer makes each run many times as long
rounds=20
[ -z "${SLOPE_SANITIZE-}" ] || rounds=5
failed=0 kills=0 n=0 seed=12345
while [ $n -lt $rounds ]; do
    n=$((n + 1))
    rm -rf cut
    train -o cut >/dev/null 2>&1 &
    tries=0
    while :; do
        seed=$(((seed * 1103515245 + 12345) % 2147483648))
        sleep "0.$(printf '%03d' $((seed / 65536 % span)))"
        if kill -9 $! 2>/dev/null; then kills=$((kills + 1)); fi
        wait $! 2>/dev/null
        tries=$((tries + 1))
        # killed before run.json was there: nothing was begun, so it is begun again
        if [ -f cut/run.json ]; then
            grep -q '"status": "finished"' cut/run.json && break
            if [ $tries -ge 3 ]; then
                "$slope" train --resume cut --quiet >/dev/null 2>err || { cat err; break; }
                break
            fi
            exec_resume >/dev/null 2>&1 &
        else
            train -o cut >/dev/null 2>&1 &
        fi
    done
    got=$(result cut)
    if [ "$got" != "$want" ]; then
        echo "FAIL round $n: $got, not $want"
        failed=1
    fi
    lines=$(cut -d, -f1 cut/metrics.csv | sort -u | wc -l)
    if [ "$(wc -l <cut/metrics.csv)" -ne "$((epochs + 1))" ] || [ "$lines" -ne "$((epochs + 1))" ]; then
        echo "FAIL round $n: metrics.csv has $(wc -l <cut/metrics.csv) lines, $lines different epochs"
        failed=1
    fi
    for table in steps.csv weights.csv activations.csv confusion.csv path.bin; do
        cmp -s whole/$table cut/$table || { echo "FAIL round $n: $table differs"; failed=1; }
    done
    if ! cut -d, -f1-8 cut/metrics.csv | cmp -s - whole.csv 2>/dev/null; then
        cut -d, -f1-8 whole/metrics.csv >whole.csv
        cut -d, -f1-8 cut/metrics.csv | cmp -s - whole.csv || { echo "FAIL round $n: the tables differ"; failed=1; }
    fi
done
[ $kills -ge $((rounds * 3 / 4)) ] || { echo "FAIL only $kills kills hit a running program: the run is too short for this test"; failed=1; }
[ $failed = 0 ] && echo "ok S146_ $rounds rounds, $kills kills: digests, figures and tables as uninterrupted"
exit $failed
