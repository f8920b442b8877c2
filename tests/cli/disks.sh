#!/bin/sh
# Disks that are full, broken, read-only or gone: what was saved stays readable, the message names the file, what was wrong
# and what to do, a run goes on if it can and ends with status 1 if its end cannot be saved; later it goes on to the bits of
# an undisturbed one.
. "$(dirname "$0")/kit"
. "$kit_source/faulty"
export faulty_under

share=${SLOPE_DISKS:-6} # sixths of the usual number of tries
[ -z "${SLOPE_SANITIZE-}" ] || share=${SLOPE_DISKS:-2}
train() {
    "$@" "builtin:moons?rows=80&noise=0.5" --net "6 relu, dropout 0.3, 4 tanh" --optimizer adamw --lr 0.05 --epochs 12 \
        --average 0.9 --batch 8 --seed 3 --json --no-watch
}
figures() {
    tr ',{}' '\n\n\n' | grep -v '"seconds\|"run"' | tr -d ' '
}
into() {
    "$slope" train "$@" -o cut
}
faulty_into() {
    faulty "$at" "$how" train "$@" -o cut
}
faulty_over() {
    faulty "$at" "$how" train "$@" -o cut --overwrite
}
alike() { # WHAT: cut is as whole
    figures <"$out" | cmp -s - figures || { fail "$1: other figures"; return 1; }
    for file in steps.csv weights.csv activations.csv confusion.csv path.bin model.safetensors baselines.safetensors; do
        cmp -s whole/$file cut/$file || { fail "$1: $file differs"; return 1; }
    done
    sed 's/,[^,]*$//' cut/metrics.csv | cmp -s - metrics || { fail "$1: metrics.csv differs"; return 1; }
    ls cut | cmp -s - names || { fail "$1: other files: $(ls cut | tr '\n' ' ')"; return 1; }
}
go_on() { # WHAT: without the fault
    if [ -e cut/run.json ]; then
        "$slope" train --resume cut --json -q >"$out" 2>"$err"
    else
        train into >"$out" 2>"$err"
    fi || { fail "$1: cannot be gone on with"; sed 's/^/      | /' "$err" | head -n 4; return 1; }
    alike "$1"
}

run train builtin:xor --epochs 3 -o old -q
"$slope" train --resume old --json -q 2>"$err" | figures >old.figures
old_model=$(cksum <old/model.safetensors)
(cd old && cksum *.csv *.bin *.safetensors) >old.sums
"$slope" eval old builtin:xor --part train --json >old.eval 2>"$err"
train "$slope" train -o whole >"$out" 2>"$err" || fail "the undisturbed run"
figures <"$out" >figures
sed 's/,[^,]*$//' whole/metrics.csv >metrics
ls whole >names

# said WORDS: the message names a file of the run, what was wrong and what to do, and the run ends with status 1; or with
# 2 where it was not begun, as what is there cannot be read
said() {
    grep -q '^slope train: .*cut.*: .*'"$1" "$err" || return
    [ "$status" = 1 ] || { [ "$status" = 2 ] && grep -q 'cannot be opened' "$err"; }
}

# sweep WHAT ERROR EVER CALLS WORDS TRIES REMEDY
sweep() {
    what=$1 how=$2 faulty_ever=$3 faulty_calls=$4 words=$5 tries=$((($6 * share + 5) / 6)) remedy=$7
    faulty_under=cut at=0 bad=$failures tried=0 ended=0 lived=0 later=0
    rm -rf cut
    train faulty_into >"$out" 2>"$err"
    faulty_points >points
    all=$(wc -l <points)
    cp "$faulty_log" calls
    while [ $tried -lt "$tries" ] && [ $failures -lt $((bad + 4)) ]; do
        at=$(sed -n "$((tried * (all > tries ? all : tries) / tries % all + 1))p" points)
        rm -rf cut
        over=$((tried % 3)) # a third of them in the place of a finished run
        [ $over != 0 ] || cp -r old cut
        this="$what at call $(sed -n "${at}p" calls)"
        if [ $over = 0 ]; then train faulty_over; else train faulty_into; fi >"$out" 2>"$err"
        status=$?
        tried=$((tried + 1))
        if [ $status = 0 ]; then
            lived=$((lived + 1))
            [ -z "$faulty_ever" ] || [ -z "$remedy" ] || { fail "$this: status 0"; continue; }
            if ! alike "$this"; then
                sed 's/^/      | /' "$err" | tail -n 4
            fi
            if grep -q '^not saved .*: cut.*: '"$words" "$err" && grep -q '^saved  ' "$err"; then
                later=$((later + 1))
            fi
            continue
        fi
        ended=$((ended + 1))
        if ! said "$words.*$remedy"; then
            fail "$this: status $status, and not said"
            sed 's/^/      | /' "$err" | tail -n 3
        fi
        if [ "${faulty_calls#*unlink}" = "$faulty_calls" ] && ls cut/*.tmp >/dev/null 2>&1; then
            fail "$this: left $(echo cut/*.tmp)"
        fi
        if grep -q '"status": "finished"' cut/run.json 2>/dev/null; then
            if (cd cut && cksum *.csv *.bin *.safetensors) 2>/dev/null | cmp -s - old.sums; then
                "$slope" eval cut builtin:xor --part train --json 2>"$err" | cmp -s - old.eval ||
                    fail "$this: the old model does not answer as before"
            elif [ "$(cksum <cut/model.safetensors)" = "$old_model" ]; then
                [ "$how" = EIO ] || fail "$this: the old run has lost a table"
            fi
            continue
        fi
        go_on "$this"
    done
    [ "$failures" -gt "$bad" ] ||
        pass "$what: $tried tries, $ended of them ended, $lived went on to the same bits, $later of them saved later"
}

faulty_make
if [ -n "$faulty_why" ]; then
    echo "skip  errors at the calls that change files: $faulty_why"
else
    makes=" create write mkdir sync rename "
    sweep "full from then on" ENOSPC 1 "$makes" "the disk is full" 24 ": make room there"
    sweep "full for a moment" ENOSPC "" "$makes" "the disk is full" 24 ": make room there"
    check "runs that met a full disk have said so, and saved later" test $later -ge $((tried / 3))
    sweep "quota" EDQUOT 1 "$makes" "the disk quota is used up" 10 ": make room there"
    sweep "a broken disk" EIO 1 " open create open-write write cut sync rename unlink mkdir close lock " \
        "the disk reports an error" 16 ""
    sweep "one error of the disk" EIO "" " create open-write write cut sync rename unlink mkdir close lock " \
        "the disk reports an error" 16 ""
    sweep "read-only from then on" EROFS 1 " create open-write rename unlink mkdir cut " "the file system is read-only" 9 \
        ": take another place"
    sweep "no permission any more" EACCES 1 " create open-write rename unlink mkdir " "permission denied" 6 \
        ": take another place"
    for fault in short EINTR EINVAL; do # what is no error
        faulty_ever=1 at=1 how=$fault faulty_calls=" open create open-write write cut sync "
        [ $fault != short ] || faulty_ever='' # each write in halves would never end; every call once does
        [ $fault != EINVAL ] || faulty_calls=" sync "
        bad=$failures n=0
        while [ $n -lt 8 ]; do
            n=$((n + 1))
            [ $fault != short ] || at=$((n * 37))
            rm -rf cut
            train faulty_into >"$out" 2>"$err"
            status=$?
            [ $status = 0 ] || fail "$fault at call $at: status $status"
            alike "$fault at call $at"
            [ $fault = short ] || break
        done
        [ "$failures" -gt "$bad" ] || pass "$fault is no error"
    done
    # a run that is finished, to be looked at without permission: not said to be missing
    faulty_ever=1 faulty_calls=" look open " faulty_under=old
    for words in "eval old builtin:xor" "predict old builtin:xor" "show old" "plot old curves" "train --resume old" "report old" \
        "compare old whole" "train builtin:xor -o old" "diagnose old" "replay old --to 1"; do
        # shellcheck disable=SC2086
        faulty 1 EACCES $words >"$out" 2>"$err"
        status=$?
        denied=$(grep -c "ermission" "$err")
        check "slope $words: permission denied, not missing" test $status -gt 0 -a "$denied" -gt 0
    done
    faulty_under=rows.csv
    printf 'a,b\n1,2\n2,3\n' >rows.csv
    faulty 1 EACCES train rows.csv --target b >"$out" 2>"$err"
    check "data without permission" grep -q "rows.csv: cannot be opened: permission denied" "$err"
    faulty_under=texts faulty_calls=" open "
    mkdir texts
    faulty 1 EACCES train texts >"$out" 2>"$err"
    check "and a folder" grep -q "texts: cannot be opened: permission denied" "$err"
    faulty_ever='' faulty_calls=''
fi

# --- a folder that goes away --------------------------------------------------------------------------
long() {
    exec "$slope" train builtin:gauss?rows=4000 --net "32 relu, 16 tanh" --epochs 4000 --batch 8 -o gone --no-watch
}
begun() { # until there is a checkpoint
    tries=0
    while [ ! -s gone/last.safetensors ] && [ $tries -lt 400 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
}
heard() { # WORDS: until they are said
    tries=0
    while ! grep -q "$1" "$err" && [ $tries -lt 400 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    [ $tries -lt 400 ]
}
rm -f "$err"
long >"$out" 2>"$err" &
begun
until rm -rf gone 2>"$out" && [ ! -e gone ]; do :; done # a file that is written meanwhile keeps the folder
wait $!
status=$?
check "a folder that is removed ends the run" test $status = 1 -a ! -e gone
check "and says so" grep -q "^slope train: gone: the folder was removed while the run went on" "$err"
long >"$out" 2>"$err" &
job=$!
begun
mv gone elsewhere
mkdir gone
check "one that is renamed: said, and the run goes on" heard "^not saved .*gone: this is no longer the folder"
check "the one in its place stays empty" test -z "$(ls gone)"
rmdir gone
mv elsewhere gone
check "it gets its name back: all is saved" heard "^saved  "
kill -9 $job
wait $job 2>/dev/null
check "its tables have every epoch once" \
    same "$(sed 1d gone/metrics.csv | cut -d, -f1 | sort -nu | wc -l)" "$(sed 1d gone/metrics.csv | wc -l)"
check "up to the last one" same "$(tail -n 1 gone/metrics.csv | cut -d, -f1)" "$(sed 1d gone/metrics.csv | wc -l | tr -d ' ')"

# --- what stands in a folder and is not a run's --------------------------------------------------------
mkdir theirs
echo mine >theirs/metrics.csv
"$slope" train builtin:xor -o theirs >"$out" 2>"$err"
check "somebody's metrics.csv: refused" same "$?" 2
check "which is said" grep -q 'theirs holds a metrics.csv that is no run.s: choose another folder' "$err"
check "and stays" same "$(cat theirs/metrics.csv)" mine
"$slope" train builtin:xor --epochs 3 -o linked -q >"$out" 2>"$err"
for file in model.safetensors metrics.csv run.json; do
    echo precious >precious
    ln -s ../precious "linked/$file.tmp"
done
"$slope" train builtin:xor --epochs 3 -o linked --overwrite -q >"$out" 2>"$err"
check "links where files are written beside: replaced" same "$?" 0
check "and not followed" same "$(cat precious)" precious
check "what stands there is no link" test ! -L linked/metrics.csv -a ! -L linked/model.safetensors
printf 'a,b,kind\n1,2,x\n3,1,y\n2,5,x\n4,1,y\n' >rows.csv
"$slope" train rows.csv --target kind --validation 0 --epochs 2 -o small -q >"$out" 2>"$err"
cp rows.csv kept.csv
"$slope" predict small rows.csv -o ./rows.csv >"$out" 2>"$err"
check "predictions over their rows: refused" same "$?" 2
check "and the rows stay" cmp -s rows.csv kept.csv
(
    ulimit -f 1
    exec "$slope" train builtin:digits --net "64 relu" --epochs 2 -o limited -q >"$out" 2>"$err"
)
check "files that may not grow: a sentence, status 1" test $? = 1 -a "$(grep -c 'too large' "$err")" -gt 0

# --- real file systems, in a space of the test's own ---------------------------------------------------
if ! unshare -Urm sh -c 'mkdir -p m && mount -t tmpfs -o size=1m none m && mount -o remount,ro m' 2>"$err"; then
    echo "skip  small and read-only file systems: no mounting here: $(head -n 1 "$err")"
    finish
fi
cat >inside.sh <<'INSIDE'
slope=$1
mkdir -p disk
mount -t tmpfs -o size=1500k none disk || exit 1
t() { "$slope" train "builtin:gauss?rows=4000" --net "32 relu, 16 tanh" --epochs "$1" --batch 8 -o disk/run --no-watch; }
cat /dev/zero >disk/filler 2>/dev/null
t 5 >out1 2>err1; echo "begin $?"
ls disk | tr '\n' ' '; echo
rm disk/filler
t 200 >out2 2>err2 &
job=$!
n=0; while [ ! -s disk/run/last.safetensors -o ! -s disk/run/model.safetensors ] && [ $n -lt 3000 ]; do sleep 0.02; n=$((n + 1)); done
cat /dev/zero >disk/filler 2>/dev/null
wait $job; echo "full $?"
"$slope" eval disk/run "builtin:gauss?rows=400" --json >eval2 2>>err2; echo "eval $?"
ls disk/run | grep -c tmp
rm disk/filler
"$slope" train --resume disk/run --json -q >out3 2>err3; echo "room $?"
mount -o remount,ro disk
"$slope" train --resume disk/run --json -q >out4 2>err4; echo "finished $?"
"$slope" train builtin:xor -o disk/run --overwrite >out5 2>err5; echo "readonly $?"
"$slope" train builtin:xor -o disk/new >out6 2>err6; echo "readonly $?"
"$slope" predict disk/run "builtin:gauss?rows=400" -o disk/p.csv >out7 2>err7; echo "predict $?"
INSIDE
"$slope" train "builtin:gauss?rows=4000" --net "32 relu, 16 tanh" --epochs 200 --batch 8 -o large --no-watch --json -q >"$out" 2>"$err"
figures <"$out" >large.figures
unshare -Urm sh inside.sh "$slope" >told 2>"$err"
answer() { # WORD: statuses behind it
    sed -n "s/^$1 //p" told | tr '\n' ' '
}
check "a disk without room: nothing is begun" same "$(answer begin)" "1 "
check "said" grep -q '^slope train: disk/run.*: the disk is full: make room there' err1
check "full while it trains: status 1" same "$(answer full)" "1 "
check "said when it happened" grep -q "^not saved .*: the disk is full: make room there" err2
check "and in the end, with what to do" grep -q '^slope train: .*the disk is full.*slope train --resume disk/run goes on' err2
check "what was saved is read" same "$(answer eval)" "0 "
check "no half file is left" grep -qx 0 told
check "with room it goes on" same "$(answer room)" "0 "
check "to the same bits" same "$(figures <out3)" "$(cat large.figures)"
check "read-only: a finished run prints its result" same "$(answer finished)" "0 "
check "nothing else is begun there" same "$(answer readonly)" "2 2 "
check "and it is said" grep -q '^slope train: disk/run: .*cannot be written' err5
check "predict says it too" same "$(answer predict)$(grep -c '^slope predict: cannot write disk/p.csv: ' err7)" "2 1"
finish
