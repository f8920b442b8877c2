#!/bin/sh
# Runs that are killed (kill -9) and continued by --resume end with the digests, figures and tables of uninterrupted
# ones: killed at the calls that change files, before, in the middle of and behind them, and at random moments. 200 kills,
# or SLOPE_KILLS.
. "$(dirname "$0")/kit"
. "$kit_source/faulty"
export faulty_under

kills=${SLOPE_KILLS:-200}
[ -z "${SLOPE_SANITIZE-}" ] || kills=${SLOPE_KILLS:-30} # which makes each run many times as long
killed=0

awk 'BEGIN { x = 7; print "a,b,c,y"
    for (i = 0; i < 160; i++) {
        x = (x * 1103515245 + 12345) % 2147483648; a = x / 2147483648
        x = (x * 1103515245 + 12345) % 2147483648; b = x / 2147483648
        print a "," b "," (x % 7 < 3 ? "red" : "blue") "," (a + b + x % 5 / 20 > 1.1 ? "yes" : "no") } }' >rows.csv

# kinds of training: what they have in common is that nothing of them may be lost
noisy() { # dropout, a schedule of all steps, averaged weights, changed rows, and an end by patience
    "$@" "builtin:moons?rows=80&noise=0.5" --net "6 relu, dropout 0.3, 4 tanh" --optimizer adamw --lr 0.05 --epochs 40 \
        --patience 5 --augment "noise 0.2" --average 0.9 --schedule cosine --warmup 0.1 --batch 8 --seed 3
}
packed() { # rows in a file beside the run, running statistics, a schedule by losses, weighed classes, an end by patience
    "$@" rows.csv --target y --memory 1k --net "6 relu, batch_norm, dropout 0.2" --lr 0.03 --epochs 30 --patience 4 \
        --schedule plateau --class-weight balanced --batch 16 --test 0.2
}
again() { # a small table: in the end trained again with all rows; numbers, and a second order method's own state
    "$@" rows.csv --target a --net "3 tanh" --optimizer lbfgs --epochs 6 --record curvature
}
train() {
    "$slope" train "$@" -o "$folder" --json -q
}
train_faulty() {
    faulty "$at" "$how" train "$@" -o "$folder" --json -q
}
replace_faulty() {
    faulty "$at" "$how" train "$@" -o "$folder" --overwrite --json -q
}

figures() { # of the line of JSON, all but its time and folder
    tr ',{}' '\n\n\n' | grep -v '"seconds\|"run"' | tr -d ' '
}
# alike WHAT KIND: folder $folder and the line in $out are those of the uninterrupted run
alike() {
    figures <"$out" >got
    cmp -s got "$2.figures" || { fail "$1: other figures"; diff got "$2.figures" | sed 's/^/      | /' | head -n 6; return 1; }
    for file in steps.csv weights.csv activations.csv confusion.csv path.bin model.safetensors baselines.safetensors; do
        [ ! -e "$2/$file" ] || cmp -s "$2/$file" "$folder/$file" || { fail "$1: $file differs"; return 1; }
    done
    sed 's/,[^,]*$//' "$folder/metrics.csv" | cmp -s - "$2.metrics" || { fail "$1: metrics.csv differs"; return 1; }
    ls "$folder" | cmp -s - "$2.names" || { fail "$1: other files: $(ls "$folder" | tr '\n' ' ')"; return 1; }
    [ ! -e "$folder.pack" ] || { fail "$1: the packed rows are left"; return 1; }
}
whole() { # KIND
    folder=$1
    "$1" train >"$out" 2>"$err" || { fail "the uninterrupted run $1"; sed 's/^/      | /' "$err"; finish; }
    figures <"$out" >"$1.figures"
    sed 's/,[^,]*$//' "$folder/metrics.csv" >"$1.metrics"
    ls "$folder" >"$1.names"
}
again_by() {
    go_by train "$@" -o "$folder" --json -q
}
go_by() {
    word=$1
    shift
    if [ -z "$faulty_why" ]; then faulty 0 none "$word" "$@"; else "$slope" "$word" "$@"; fi
}
# go_on WHAT KIND: as a person would
go_on() {
    if [ -e "$folder/run.json" ]; then
        go_by train --resume "$folder" --json -q
    else
        "$2" again_by
    fi >"$out" 2>"$err" || { fail "$1: not to be gone on with"; sed 's/^/      | /' "$err" | head -n 4; return 1; }
    alike "$1" "$2"
}
# hit COMMAND ...: must be killed
hit() {
    "$@" >"$out" 2>"$err"
    [ $? = 137 ] && killed=$((killed + 1))
}

faulty_make
for kind in noisy packed again; do
    whole $kind
done
check "patience ends two of them" test "$(wc -l <noisy/metrics.csv)" -lt 41 -a "$(wc -l <packed/metrics.csv)" -lt 31

# --- at the calls that change files -----------------------------------------------------------------
# calls KIND SHARE: points of it, so many of all kills
calls() {
    kind=$1 share=$2 at=0 how=none folder=cut faulty_under=cut
    rm -rf cut cut.pack
    "$kind" train_faulty >"$out" 2>"$err"
    alike "$kind, counted" "$kind"
    faulty_points >points
    cp "$faulty_log" "$kind.calls"
    wanted=$((kills * share / 100)) tried=0 bad=$failures
    all=$(wc -l <points)
    while [ $tried -lt $wanted ] && [ $failures -lt $((bad + 5)) ]; do
        # spread over all points, shifted each time around; before, in the middle and behind take turns
        place=$((tried * (all > wanted ? all : wanted) / wanted % all + 1))
        at=$(sed -n "${place}p" points)
        case $(((tried + tried / all) % 3)) in
        0) how='kill' ;;
        1) how=kill-half ;;
        2) how=kill-after ;;
        esac
        rm -rf cut cut.pack
        what="$kind, $how at call $(sed -n "${at}p" "$kind.calls")"
        hit "$kind" train_faulty || fail "$what: it lived"
        if [ $((tried % 4)) = 3 ] && [ -e cut/run.json ]; then # and once more while it goes on
            tried=$((tried + 1)) first=$at at=$((1 + tried * 7 % 40))
            hit faulty "$at" kill-half train --resume cut --json -q
            at=$first
        fi
        go_on "$what" "$kind"
        tried=$((tried + 1))
    done
    [ "$failures" -gt "$bad" ] || pass "S146_ $kind: killed at $tried of $(wc -l <"$kind.calls") calls that change files"
}

# A finished run that is replaced is whole, or the new one is begun.
replaced() {
    share=$1 at=0 how=none folder=cut faulty_under=cut bad=$failures tried=0
    rm -rf cut cut.pack
    cp -r packed cut
    noisy replace_faulty >"$out" 2>"$err"
    alike "replaced" noisy
    grep -n ' rename cut/last.safetensors$' "$faulty_log" | head -n 1 | cut -d: -f1 >end # its first checkpoint
    wanted=$((kills * share / 100)) all=$(($(cat end) + 3))
    cp "$faulty_log" calls
    while [ $tried -lt $wanted ] && [ $failures -lt $((bad + 5)) ]; do
        at=$((tried * (all > wanted ? all : wanted) / wanted % all + 1))
        case $(((tried + tried / all) % 3)) in
        0) how='kill' ;;
        1) how=kill-half ;;
        2) how=kill-after ;;
        esac
        rm -rf cut cut.pack
        cp -r packed cut
        what="--overwrite, $how at call $(sed -n "${at}p" calls)"
        hit noisy replace_faulty || fail "$what: it lived"
        if grep -q '"status": "finished"' cut/run.json; then # the old one
            rm -f cut/*.tmp cut/last.safetensors
            cp packed/last.safetensors cut
            "$slope" train --resume cut --json -q >"$out" 2>"$err"
            alike "$what" packed
        else
            go_on "$what" noisy
        fi
        tried=$((tried + 1))
    done
    [ "$failures" -gt "$bad" ] || pass "a run that is replaced is the old one, or the new: $tried kills"
}

if [ -n "$faulty_why" ]; then
    echo "skip  kills at the calls that change files: $faulty_why"
else
    calls noisy 45
    calls packed 20
    calls again 10
    replaced 15
fi

# --- at random moments ------------------------------------------------------------------------------
# exec: what is killed must be the program, not a shell around it
long_by() {
    exec "$slope" train "$@" -o "$folder" --json -q
}
long() {
    "$@" "builtin:gauss?rows=6000" --net "48 relu, dropout 0.3, 16 tanh" --optimizer adamw --epochs 30 \
        --schedule cosine --warmup 0.1 --lr 0.002 --patience 25 --batch 8 --seed 3
}
long_on() {
    exec "$slope" train --resume "$folder" --json -q
}
folder=long
(long long_by) >"$out" 2>"$err" || fail "the long run"
figures <"$out" >long.figures
sed 's/,[^,]*$//' long/metrics.csv >long.metrics
ls long >long.names
# kills fall within nine tenths of the time that it took, in milliseconds
span=$(awk -v s="$(value seconds <"$out")" 'BEGIN { m = int(s * 900); print (m < 100 ? 100 : (m > 999 ? 999 : m)) }')
wanted=$((kills / 10)) seed=12345 hits=0 bad=$failures folder=cut rounds=0
while [ $hits -lt $wanted ] && [ $rounds -lt $((wanted * 3)) ] && [ $failures -lt $((bad + 5)) ]; do
    rm -rf cut cut.pack
    rounds=$((rounds + 1)) tries=0
    while [ $tries -lt 3 ]; do
        tries=$((tries + 1))
        # killed before run.json was there: nothing was begun, so it is begun again
        if [ -e cut/run.json ]; then long_on; else long long_by; fi >"$out" 2>"$err" &
        seed=$(((seed * 1103515245 + 12345) % 2147483648))
        sleep "0.$(printf '%03d' $((seed / 65536 % span)))"
        kill -9 $! 2>/dev/null && hits=$((hits + 1))
        wait $! 2>/dev/null
    done
    go_on "round $rounds" long
done
check "enough kills hit a running program" test $hits -ge $wanted
[ "$failures" -gt "$bad" ] || pass "S146_ killed at $hits random moments in $rounds runs"
killed=$((killed + hits))
if [ -z "$faulty_why" ]; then
    check "$killed kills in all, of $kills" test $killed -ge $((kills * 9 / 10))
fi
finish
