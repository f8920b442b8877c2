#!/bin/sh
# Runs: what a folder holds, one seed one answer, Ctrl-C and going on, streams that are closed.
. "$(dirname "$0")/kit"

train() { # train ARGUMENT ...: a short run on the spiral, whose digest all of them must share
    run train builtin:spiral --net "8 tanh, 8 tanh" --steps 300 "$@"
}

# --- the folder and the result
train -o one --json
check "a run, status 0" test "$status" = 0
cp "$out" one.json
cp "$err" one.log
digest=$(value digest <one.json)
check "the digest has 16 hex digits" sh -c 'echo "$1" | grep -Eq "^[0-9a-f]{16}$"' sh "$digest"
for file in model.safetensors last.safetensors run.json metrics.csv; do
    check "the run folder has $file" test -s one/$file
done
check "--json prints one line" test "$(wc -l <one.json)" = 1
for key in task rows epochs steps seconds digest digest_last run train_loss validation_loss train_accuracy \
    validation_accuracy; do
    check "the JSON has $key" grep -q "\"$key\":" one.json
done
check "epochs, steps, task and run are right" same \
    "$(value epochs <one.json) $(value steps <one.json) $(value task <one.json) $(value run <one.json)" \
    "20 300 classification one"
if command -v python3 >/dev/null; then
    python3 -c 'import json, sys; json.loads(sys.stdin.read())' <one.json 2>"$err"
    check "the JSON can be read" test $? = 0
    python3 -c 'import json; json.load(open("one/run.json"))' 2>"$err"
    check "run.json can be read" test $? = 0
fi
rows=$(($(wc -l <one/metrics.csv) - 1))
check "metrics.csv has a row an epoch" same "$rows" 20
check "and names its columns" grep -q '^epoch,step,lr,train_loss,validation_loss,' one/metrics.csv
for word in data task loss validation net init optimizer schedule batch seed folder; do
    check "the log header names $word" grep -q "^$word  *" one.log
done
check "where stderr is no terminal, nothing is drawn" sh -c '! grep -q "$(printf "\033")" "$1" && ! tr -d "\n" <"$1" | grep -q "$(printf "\r")"' sh one.log
check "the epochs are shown in a row each" same "$(grep -c '%' one.log)" 20

train -o words
check "in words: accuracy, digest, run and what to type next" \
    sh -c 'grep -q "^accuracy " "$1" && grep -q "$2" "$1" && grep -q "slope eval words" "$1"' sh "$out" "$digest"
train -o quiet --quiet
check "--quiet: nothing on stderr" test "$status" = 0 -a ! -s "$err" -a -s "$out"
run train builtin:line --epochs 1 -o number --quiet
LC_ALL=C "$slope" plot number >"$out" 2>"$err"
check "one epoch: training and validation are both drawn" same "$(sed -n '/^loss/,/epoch$/p' "$out" | grep -cE ' [ox]$')" 2
run train builtin:line --epochs 1 -o classless --json
check "the split of numbers knows no classes" sh -c 'grep -q "^validation  0.1 of the rows (default), drawn by seed 1: 90 to fit" "$1"' sh "$err"
run train builtin:line --epochs 1 -o own --json --validation builtin:line
check "validation data is not said to be other rows" sh -c '! grep -q "none of the training rows" "$1"' sh "$err"
run train builtin:spiral --epochs 400 --batch 500 -o many --json
check "400 epochs are thinned out, and it says so" grep -q 'a row every 10 epochs' "$err"
check "the last one is shown" grep -q '^ *400 ' "$err"
run train builtin:spiral --batch 500 --patience 60 --epochs 400 --lr 0.5 -o patient --json
check "where patience ends it the first 20 epochs are all shown" same "$(grep -c '^ *\(1\{0,1\}[0-9]\|20\) .*%' "$err")" 20
check "metrics.csv has them all" same "$(wc -l <many/metrics.csv | tr -d ' ')" 401

# --- one seed, one answer
for threads in 1 2 3; do
    train --threads $threads --json
    check "$threads threads: the same digest" same "$(value digest <"$out")" "$digest"
    check "without -o the folder is runs/spiral-N" same "$(value run <"$out")" "runs/spiral-$threads"
done
SLOPE_ISA=plain
export SLOPE_ISA
train --json
check "SLOPE_ISA=plain: the same digest" same "$(value digest <"$out")" "$digest"
unset SLOPE_ISA
train --seed 2 --json
check "another seed: another digest" test "$(value digest <"$out")" != "$digest"
run train builtin:xor --net "4 tanh" --steps 50 --json -o "a folder 'with' signs"
check "options may follow, a folder may have any name" test "$status" = 0 -a -s "a folder 'with' signs/model.safetensors"
run train --steps=50 --json -o dashes -- builtin:xor
check "-- ends the options" test "$status" = 0

# --- finished runs
train -o one --json
check "-o on a finished run: status 2" test "$status" = 2
run train --resume one --json
check "a finished run prints its JSON again" cmp -s one.json "$out"
run train --resume one
check "and in words" grep -q "$digest" "$out"
train -o one --overwrite --seed 2 --json
check "--overwrite replaces it" test "$status" = 0 -a "$(value digest <"$out")" != "$digest"
run eval one --json
check "the model is the new one" same "$(value digest <"$out")" "$(run train --resume one --json; value digest <"$out")"

# --- Ctrl-C. The program runs in the foreground: scripts start background jobs with SIGINT ignored.
defaults=
env --default-signal=INT true 2>/dev/null && defaults="env --default-signal=INT"
interrupt() { # interrupt SIGNAL RUN ARGUMENT ...: the signal arrives when there is a checkpoint
    signal=$1
    folder=$2
    shift 2
    rm -f pid
    (
        tries=0
        while [ ! -s "$folder/last.safetensors" ] && [ $tries -lt 200 ]; do
            sleep 0.05
            tries=$((tries + 1))
        done
        kill -"$signal" "$(cat pid)" 2>/dev/null
    ) &
    status=0
    # shellcheck disable=SC2086
    $defaults sh -c 'echo $$ >pid; exec "$@"' sh "$slope" train "$@" -o "$folder" >"$out" 2>"$err" || status=$?
    wait
}
long="--net 64\ tanh --steps 40000"
eval "set -- $long"
run train builtin:spiral "$@" --json -o whole
whole=$(value digest_last <"$out")
for signal in INT TERM; do
    interrupt $signal "cut $signal" builtin:spiral "$@" --json
    check "SIG$signal: status 130" same "$status" 130
    check "nothing on stdout" test ! -s "$out"
    check "it says how to go on" grep -q "slope train --resume 'cut $signal'" "$err"
    run train --resume "cut $signal" --json --threads 1
    check "going on ends with the bits of the uninterrupted run" same "$(value digest_last <"$out")" "$whole"
done
check "its metrics are the same too" sh -c \
    'cut -d, -f1-7 whole/metrics.csv >a; cut -d, -f1-7 "cut INT/metrics.csv" | cmp -s a -'

# --- streams
status=0
"$slope" train builtin:spiral --steps 50 --json -o closed >&- 2>"$err" || status=$?
check "stdout closed: status 1, the run is whole" test "$status" = 1 -a -s closed/model.safetensors
run show closed
check "and its model can be read" test "$status" = 0
if [ -e /dev/full ]; then
    status=0
    "$slope" train builtin:spiral --steps 50 --json -o full >/dev/full 2>"$err" || status=$?
    check "stdout full: status 1, said" sh -c 'test "$1" = 1 && grep -q "standard output" "$2"' sh "$status" "$err"
fi
"$slope" train builtin:spiral --steps 50 --json -o gone 2>"$err" | true
check "a reader that went away: no complaint, the run is whole" \
    sh -c '! grep -q "slope train:" "$1" && test -s gone/model.safetensors' sh "$err"
"$slope" train builtin:spiral --steps 2000 --json -o log 2>&1 >"$out" | true
check "a log that nobody reads does not end training" grep -q digest "$out"
status=0
"$slope" train builtin:spiral --steps 50 --json -o silent 2>&- >"$out" || status=$?
check "stderr closed: the result is printed" sh -c 'test "$1" = 0 && grep -q digest "$2"' sh "$status" "$out"

# --- a terminal
if command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1; then
    command_line="'$slope' train builtin:spiral --net '64 tanh' --steps 100000 -o"
    TERM=xterm script -qec "$command_line shown" /dev/null >"$out" 2>"$err" </dev/null
    check "on a terminal there is a progress line with time left" grep -q ' steps/s .*left .*loss' "$out"
    check "and it is erased" grep -q "$(printf '\033')\[J" "$out"
    TERM=xterm script -qec "$command_line resumed --quiet & sleep 0.3; kill -TERM \$!; wait" /dev/null >"$out" 2>&1 </dev/null
    TERM=xterm script -qec "'$slope' train --resume resumed" /dev/null >"$out" 2>"$err" </dev/null
    check "a continued run knows its end too" sh -c 'grep -q "epoch [0-9]*/[0-9]* " "$1" && ! grep -q "at most .* left" "$1"' sh "$out"
    NO_COLOR=1 TERM=xterm script -qec "$command_line plain" /dev/null >"$out" 2>"$err" </dev/null
    check "NO_COLOR: no colours" sh -c '! grep -q "$(printf "\033")\[[0-9]*m" "$1"' sh "$out"
    TERM=dumb script -qec "$command_line dumb" /dev/null >"$out" 2>"$err" </dev/null
    check "TERM=dumb: nothing is drawn twice" sh -c '! grep -q "$(printf "\033")" "$1"' sh "$out"
else
    echo "skip  the terminal: no script(1) here"
fi

# --- numbers do not follow the locale
other=$(locale -a 2>/dev/null | grep -iE '^(de|fr|pl|ru)_.*utf-?8$' | head -n 1)
if [ -z "$other" ] && mkdir locales && localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8 >/dev/null 2>&1; then
    LOCPATH=$PWD/locales
    export LOCPATH
    other=de_DE.UTF-8
fi
if [ -n "$other" ] && [ "$(LC_ALL=$other locale decimal_point 2>/dev/null)" = , ]; then
    LC_ALL=$other
    export LC_ALL
    train --lr 0.01 --json
    german=$(cut -d'"' -f1-20 "$out" | sed 's/"seconds": [0-9.]*//')
    LC_ALL=C
    train --lr 0.01 --json
    check "$other: the same JSON" same "$german" "$(cut -d'"' -f1-20 "$out" | sed 's/"seconds": [0-9.]*//')"
    unset LC_ALL LOCPATH
else
    echo "skip  the locale: none with a decimal comma here, and localedef cannot make one"
fi

# --- a machine that gives no threads: each wants a stack, and there is no room for one so large
# shellcheck disable=SC3045 # a shell that cannot: skipped
if [ "$(nproc 2>/dev/null || echo 1)" = 1 ]; then
    echo "skip  no thread can be started: one core, where none is"
elif ! (ulimit -s 200000000000) 2>/dev/null; then
    echo "skip  no thread can be started: stacks are limited here"
else
    (ulimit -s 200000000000 && exec "$slope" train builtin:xor --threads 2 --steps 2 -o threads) >"$out" 2>"$err" </dev/null
    status=$?
    check "no thread can be started: status 1, and what helps" \
        sh -c '[ "$1" = 1 ] && grep -q "^slope train: thread 2 of 2 could not be started: .*: ask for fewer" "$2"' sh "$status" "$err"
    check "and no run is begun" test ! -e threads
    (ulimit -s 200000000000 && exec "$slope" train builtin:spiral --net "8 tanh, 8 tanh" --steps 300 --threads 1 --json) >"$out" 2>"$err" </dev/null
    check "with one it trains, to the same digest" same "$(value digest <"$out")" "$digest"
fi

finish
