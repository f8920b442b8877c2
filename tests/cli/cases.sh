#!/bin/sh
# The cases: trainings of docs/course that are broken in a known way, and healthy ones. Their pages are true (what is shown
# misses its bar where it is broken, what is said to mend it reaches it, and no single change helps a healthy one),
# slope diagnose tells them apart, and the quiz does not give them away.
. "$(dirname "$0")/kit"

LC_ALL=C.UTF-8
export LC_ALL
course=${SLOPE_SOURCE_ROOT:?}/docs/course
unset SLOPE_LESSONS

page_command() { # the page's first training, as it stands there
    sed -n 's/^slope //p' "$1" | head -n 1
}
field() { # field CHECK KEY PAGE
    awk -v check="<!-- check $1" -v key="$2: " '$0 == check { on = 1 } /^-->/ { on = 0 }
        on && index($0, key) == 1 { print substr($0, length(key) + 1) }' "$3"
}
trains() { # trains FOLDER "train ...": the command with another folder; $out is what it prints
    trains_folder=$1
    eval "set -- $(echo "$2" | sed 's/ -o [a-z]*//; s/ --quiet//')"
    run "$@" --quiet -o "$trains_folder"
}
first() { # the first fault's name, or healthy
    sed -n 's/.*"findings": \[{"name": "\([a-z_]*\)", "level": "fault".*/\1/p' "$out" | grep . || echo healthy
}
diagnosed() { # diagnosed "train ...": what slope diagnose says of it
    eval "set -- $(echo "$1" | sed 's/^train /diagnose /; s/ -o [a-z]*//; s/ --quiet//')"
    run "$@" --json
    first
}
figure() { # figure FOLDER DATA: accuracy, or less than nothing for an error
    run eval "$1" "$2" --json
    value accuracy <"$out" | grep . || value rmse <"$out" | sed 's/^/-/'
}
loss_of() { # the validation loss of the table just printed
    awk '$1 == "loss" { print $2 }' "$out"
}

# --- each page ---------------------------------------------------------------------------------------------------------
broken=0 named=0 healthy=0 accused=0 missed=""
: >causes
for page in "$course"/1[0-4][0-9]-case-*.md; do
    name=$(basename "$page" .md) && name=${name#*-}
    shown=$(page_command "$page")
    says=$(diagnosed "$shown")
    run lesson check "$name.1" healthy
    well=$status
    run lesson check "$name.1" "$says"
    right=$status
    if [ "$well" = 0 ]; then
        healthy=$((healthy + 1))
        [ "$says" = healthy ] || { accused=$((accused + 1)) && missed="$missed $name:$says"; }
    else
        broken=$((broken + 1))
        [ "$right" = 0 ] && named=$((named + 1)) && echo "$says" >>causes
        [ "$right" = 0 ] || missed="$missed $name:$says"
    fi

    trains "$name" "$shown"
    wanted=$(sed -n 's/^```sh status=//p' "$page" | grep . || echo 0)
    check "$name: it trains" same "$status" "$wanted"
    before=$(loss_of)
    run lesson check "$name.2" "$name"
    reached=$status
    fix=$(field 2 right "$page" | sed -n 's/^slope \(.*\) does it\.$/\1/p')
    text=$(field 1 right "$page")
    if [ "$well" = 0 ]; then
        check "$name: what is shown reaches the bar" same "$reached$fix" 0
        fresh=$(field 2 data "$page")
        is=$(figure "$name" "$fresh")
        for change in 's/--lr \([^ ]*\)/--lr 3*\1/' 's/--lr \([^ ]*\)/--lr 0.33*\1/' 's/--epochs \([^ ]*\)/--epochs 3*\1/'; do
            other=$(echo "$shown" | sed "$change" | awk '{ for (i = 1; i <= NF; i++)
                if ($i ~ /^[0-9.]+\*[0-9.]+$/) { split($i, f, "*"); $i = f[1] * f[2] } print }')
            rm -rf other
            trains other "$other"
            figure other "$fresh"
        done >others
        check "$name: no simple change brings more than 0.03" awk -v is="$is" '$1 > is + 0.03 { print "      | " is ", " $1; bad = 1 }
            END { exit bad || NR != 3 }' others
    else
        check "$name: what is shown does not reach the bar" same "$reached" $((wanted + 1))
        trains "$name-mended" "$fix"
        after=$(loss_of)
        run lesson check "$name.2" "$name-mended"
        check "$name: mended as the page says it does" test "$status" = 0
        case $text in # in losses, where the two can be compared; else the figure of the bar
        *"$before"*"$after"*) pass "$name: the losses it tells are these" ;;
        *)
            run eval "$name-mended" "$(field 2 data "$page")" --json
            metric=$(field 2 bar "$page" | sed 's/ .*//')
            told=$(value "$metric" <"$out" | awk '{ printf "%.4g", $1 }')
            check "$name: the figure it tells is this" sh -c 'case $1 in *"$2"*) ;; *) echo "      | $2"; exit 1 ;; esac' sh "$text" "$told"
            ;;
        esac
    fi
done
echo "of $broken broken ones the cause is named first in $named, of $healthy healthy ones $accused are accused:$missed"
check "S190_ twenty are broken and twenty healthy" same "$broken $healthy" "20 20"
check "S190_ the cause of a broken one is named first in at least 18 of 20" test "$named" -ge 18
check "S190_ at most one healthy training is accused" test "$accused" -le 1
check "S190_ of at least 16 kinds" test "$(sort -u causes | wc -l)" -ge 16
for cause in vanishing_gradients exploding_gradients overfitting; do
    check "S148_ a shipped training fails by $cause and is told so" grep -qx "$cause" causes
done
run diagnose builtin:xor --net "2 tanh" --lr 0.05 --epochs 600 --seed 2 --json # -ln(1/2)/2: half of the rows given up
check "S148_ a shipped training fails by a local minimum and is told so" sh -c 'test "$1" = local_minimum &&
    grep -q "last 0.347" "$2" && grep -q "\"proved\": true" "$2"' sh "$(first)" "$out"
for seed in 1 3 5; do
    run diagnose builtin:xor --net "2 tanh" --lr 0.05 --epochs 600 --seed $seed --json
    check "seed $seed, from which the same net learns it, is left in peace" same "$(first)" healthy
done
check "S134_ exploding gradients are told from steps that are too long" grep -qx exploding_gradients causes

# --- curves of four kinds ------------------------------------------------------------------------------------------------
kinds=0
# Told apart as curves are: by overfitting or underfitting among the faults, or no fault. That the net learns its rows by
# heart may come from wrong labels or few rows, and then these stand before it.
kind() { # kind WANTED SEED TRAINING ...
    kind_wanted=$1 kind_seed=$2
    shift 2
    run diagnose "$@" --json
    kind_says=$(grep -oE '"name": "(over|under)fitting", "level": "fault"' "$out" | head -n 1 | cut -d'"' -f4)
    if [ "${kind_says:-$(first)}" = "$kind_wanted" ]; then
        kinds=$((kinds + 1))
    else
        echo "      | seed $kind_seed: ${kind_says:-$(first)}, and is $kind_wanted: $*"
    fi
}
for seed in 1 2 3 4 5; do # good, overfit, underfit, noisy but improving
    kind healthy $seed "builtin:table?rows=600&inputs=4&useful=2&curve=2&seed=$seed" --net "16 tanh" --lr 0.01 \
        --epochs 50 --validation 0.2
    kind overfitting $seed "builtin:table?rows=500&inputs=8&useful=2&curve=1&wrong=0.1&seed=$seed" --net "64 relu, 64 relu" \
        --lr 0.01 --epochs 80 --validation 0.4
    kind underfitting $seed "builtin:quadrants?rows=400&noise=0.1&seed=$seed" --net "linear" --lr 0.02 --epochs 40 \
        --validation 0.2
    kind healthy $seed "builtin:table?rows=500&inputs=4&useful=2&curve=1&seed=$seed" --net "12 relu" --batch 4 --lr 0.01 \
        --epochs 25 --validation 0.2
done
check "S142_ at least 18 of 20 curves of four kinds are told apart" test "$kinds" -ge 18
echo "$kinds of 20 curves of four kinds"

# --- the quiz ------------------------------------------------------------------------------------------------------------
hidden() { ! grep -qE 'slope (train|plot|diagnose)|--(lr|net|epochs|optimizer|init)|builtin:|Validation loss|^right|^hint' "$out"; }
for page in "$course"/1[0-4][0-9]-case-*.md; do
    name=$(basename "$page" .md) && name=${name#*-}
    run lesson quiz "$name"
    cp "$out" quiz
    awk '/^```text/ { on = 1; next } /^```/ { on = 0 } on' "$page" | grep . >wanted
    check "$name: the quiz shows what is printed, and no settings" sh -c '
        test "$1" = 0 && test -s wanted && ! grep -vxFf quiz wanted' sh "$status"
    check "$name: nor the cause" hidden
done
run lesson quiz 5
cp "$out" five
check "a case by its place" grep -q "case-05" five
run lesson quiz 105
check "by the lesson's number" cmp -s five "$out"
check "the way to answer is said" grep -q "slope lesson check case-05.1 ANSWER" five
check "in 80 columns" sh -c '! sed "s/[^ -~]/x/g" five | LC_ALL=C.UTF-8 grep -q ".\{81\}"'
run lesson quiz --seed 3
cp "$out" drawn
run lesson quiz --seed 3
check "a seed draws the same again" cmp -s drawn "$out"
for seed in 1 2 3 4 5 6 7 8; do
    "$slope" lesson quiz --seed $seed | head -n 1 | cut -d, -f1
done | sort -u >several
check "others draw others" test "$(wc -l <several)" -ge 5
run lesson quiz
check "the clock draws one, and the seed is said" grep -qE "^case-[0-9]+, drawn by the clock's seed [0-9]+ \(--seed" "$out"
run lesson quiz 5 --reveal
check "--reveal shows the commands and the cause" sh -c 'grep -q "slope train" "$1" && grep -qE "^It is [a-z_]+$" "$1"' sh "$out"
cause=$(sed -n 's/^It is //p' "$out")
run lesson check case-05.1 "$cause"
check "which is the right answer" test "$status" = 0
if ${CC:-cc} -O1 -o terminal "$course/../../tests/cli/terminal.c" 2>"$err" && ./terminal true >/dev/null 2>"$err"; then
    ./terminal -s 80x200 -t "$cause" "$slope" lesson quiz 5 >"$out" 2>"$err"
    check "on a terminal the answer is asked for, and graded" sh -c 'grep -q "^Your answer (nothing: later): Right[.]" "$1" &&
        grep -q "status 0 " "$2" && ! grep -q "lesson check" "$1"' sh "$out" "$err"
    ./terminal -s 80x200 -t healthy "$slope" lesson quiz 5 >"$out" 2>"$err"
    check "a wrong one is called wrong" sh -c 'grep -q ": Wrong[.]" "$1" && grep -q "status 1 " "$2"' sh "$out" "$err"
    ./terminal -s 80x200 -t "" "$slope" lesson quiz 5 >"$out" 2>"$err"
    check "none is for later" sh -c 'grep -q "slope lesson check case-05.1" "$1" && grep -q "status 0 " "$2"' sh "$out" "$err"
else
    echo "skip on a terminal the answer is asked for (no compiler, or no pseudo-terminal)"
fi
run lesson quiz 12.5
check "no such case" sh -c 'test "$1" = 2 && test -s "$2"' sh "$status" "$err"
run lesson quiz xor-by-a-net
check "a lesson that is none" sh -c 'test "$1" = 2 && grep -q "is no case: wants 1 to 40" "$2"' sh "$status" "$err"
run lesson quiz 5 --seed 3
check "a case and a seed" test "$status" = 2
run lesson quiz --reveal
check "nothing to reveal" test "$status" = 2
run lesson show 5 --seed 3
check "a seed is of the quiz" sh -c 'test "$1" = 2 && grep -q "seed is of slope lesson quiz" "$2"' sh "$status" "$err"
run lesson list
check "cases are one entry of the list, without their causes" sh -c '
    test "$(grep -c case- "$1")" = 1 && ! grep -qE "lr_too|overfitting_|case-17" "$1"' sh "$out"
run lesson list --json
check "and all of them in JSON" test "$(grep -o '"name": "case-[0-9]*"' "$out" | wc -l)" -eq 40
mkdir own && printf '# T\n\nTopic: t\n\nGoal: g\n' >own/1-one.md
run lesson quiz --from own
check "a folder without cases" sh -c 'test "$1" = 2 && grep -q "none of these lessons is a case" "$2"' sh "$status" "$err"
sed 's/^seal: .*/seal: 0123456789abcdef/' "$course"/105-case-05.md >own/105-case-05.md
run lesson check case-05.1 healthy --from own
check "a seal of none of many options" sh -c 'test "$1" = 2 && grep -q "fits none of the options" "$2"' sh "$status" "$err"
finish
