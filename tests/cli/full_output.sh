#!/bin/sh
# What cannot be written is said: every command whose standard output is full or closed, and every -o where there is no
# room: status 1, a sentence, and the file that was there before as it was.
. "$(dirname "$0")/kit"

run train builtin:moons --net "4 tanh" --epochs 3 -o run -q
run train builtin:moons --net "4 tanh" --epochs 3 --seed 2 -o other -q
printf 'good film good actor\nbad film bad actor\ngood actor bad film\n' >words.txt
"$slope" vectors words.txt -o words.vec --size 4 --least 1 >"$out" 2>"$err"

# the arguments with which a command writes to the standard output; none: it never does
printing() {
    case $1 in
    train) echo "train builtin:xor --epochs 2 -o full --overwrite -q" ;;
    eval) echo "eval run builtin:moons" ;;
    predict) echo "predict run builtin:moons" ;;
    errors) echo "errors run" ;;
    show) echo "show run" ;;
    plot) echo "plot run" ;;
    gradcheck) echo "gradcheck builtin:moons --net tanh" ;;
    report) ;;
    bench) echo "bench playground --seconds 0.01" ;;
    compare) echo "compare run other" ;;
    diagnose) echo "diagnose run" ;;
    catalogue) echo "catalogue" ;;
    descend) echo "descend quartic --start 1" ;;
    vary) echo "vary builtin:xor --lr 0.1,0.2 --seeds 1 --epochs 1 -q" ;;
    linreg) echo "linreg" ;;
    playground) ;;
    tokenizer) echo "tokenizer word" ;;
    lesson) echo "lesson list" ;;
    gallery) ;;
    explain) echo "explain --net tanh --x 2 --y 3" ;;
    replay) echo "replay run --to 10" ;;
    vectors) echo "vectors near good words.vec" ;;
    help) echo "help net" ;;
    completion) echo "completion bash" ;;
    *) echo "unknown" ;;
    esac
}

commands=$("$slope" --help | sed -n '/^commands$/,/^$/s/^  \([a-z_]*\) .*/\1/p')
check "the commands are listed" test "$(echo "$commands" | wc -l)" -gt 20
for command in $commands; do
    words=$(printing "$command")
    if [ "$words" = unknown ]; then
        fail "slope $command has no line in this test"
        continue
    fi
    [ -n "$words" ] || continue
    # shellcheck disable=SC2086
    "$slope" $words >"$out" 2>"$err"
    check "slope $words prints" test $? = 0 -a -s "$out"
    # shellcheck disable=SC2086
    [ ! -w /dev/full ] || {
        "$slope" $words >/dev/full 2>"$err"
        check "to a full disk: status 1, and said" test $? = 1 -a "$(grep -c "^slope $command: cannot write to the standard output: the disk is full: make room there" "$err")" = 1
    }
    # shellcheck disable=SC2086
    "$slope" $words 2>"$err" >&-
    check "closed: likewise" test $? = 1 -a "$(grep -c "^slope $command: cannot write to the standard output: " "$err")" = 1
done
for words in --help --version "train --help" "help"; do
    # shellcheck disable=SC2086
    "$slope" $words 2>"$err" >&-
    check "slope $words, closed" test $? = 1 -a "$(grep -c "cannot write to the standard output: " "$err")" = 1
done
check "what was trained is there all the same" grep -q '"status": "finished"' full/run.json

# --- files that are named -----------------------------------------------------------------------------
# limited COMMAND ...: no file may grow; its messages go through a pipe, which is none. The status is behind them.
limited() {
    {
        (
            ulimit -f 0
            exec "$@" </dev/null
        ) 2>&1 >/dev/null
        echo "status $?"
    } | cat >"$err"
}
(limited true) 2>/dev/null
if ! grep -q "status 0" "$err"; then
    echo "skip  files without room: this shell sets no limit"
    finish
fi
while read -r file words; do
    mkdir place
    # shellcheck disable=SC2086
    if ! "$slope" $words -o "place/$file" >"$out" 2>"$err"; then
        case $(cat "$err") in
        *gnuplot* | *"has no playground"* | *"was built without"*) echo "skip  slope $words: $(head -n 1 "$err")" ;;
        *) check "slope $words -o $file" false ;;
        esac
        rm -rf place
        continue
    fi
    before=$(cksum "place/$file")
    # shellcheck disable=SC2086
    limited "$slope" $words -o "place/$file"
    check "slope $words -o $file without room: said" grep -q "^slope ${words%% *}: .*place/$file.*: " "$err"
    check "status 1, and the old file as it was" same "$(tail -n 1 "$err") $(cksum "place/$file") $(ls place)" "status 1 $before $file"
    rm -rf place
done <<'LIST'
p.csv predict run builtin:moons
e.csv errors run
c.html compare run other
r.html report run
x.txt explain --net tanh --x 2 --y 3
d.svg descend quartic --start 1
f.svg plot run curves
g.svg linreg --figure losses
v.vec vectors words.txt --size 4 --least 1
v.bin vectors words.txt --size 4 --least 1
m.csv vectors map words.vec good bad film actor
p.html playground
LIST
finish
