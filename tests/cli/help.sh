#!/bin/sh
# Help, man page and completion: all from one table, all complete.
. "$(dirname "$0")/kit"

among() { # among WORD WORD ...: the first is one of the others
    wanted=$1
    shift
    for word in "$@"; do
        [ "$word" = "$wanted" ] && return
    done
    return 1
}

run --version
check "--version" grep -Eq '^slope [0-9]+\.[0-9]+\.[0-9]+$' "$out"
run --help
check "--help on stdout, status 0" test "$status" = 0 -a -s "$out" -a ! -s "$err"
commands=$(sed -n '/^commands/,/^$/s/^  \([a-z]\{1,\}\)  .*/\1/p' "$out")
topics=$(sed -n '/^topics/,/^$/s/^  \([a-z-]\{1,\}\)  .*/\1/p' "$out")
for command in train eval predict errors show plot help completion; do
    check "--help lists $command" among $command $commands
done
for topic in data net layers activations initialisers losses optimizers schedules metrics augmentations texts tokens checks operators output \
    reproducibility files exit-status; do
    check "--help lists the topic $topic" among $topic $topics
    run help $topic
    check "help $topic" test "$status" = 0 -a -s "$out" -a ! -s "$err"
    check "no line of help $topic is wider than 80" sh -c '! grep -q "^.\{81,\}" "$1"' sh "$out"
done
run --help
check "no line of --help is wider than 80" sh -c '! grep -q "^.\{81,\}" "$1"' sh "$out"
for option in $("$slope" train "builtin:digits?zz=1" 2>&1 | sed -n 's/.*it has //p' | tr -d ,) noise; do
    check "help data names $option=" sh -c '"$1" help data | grep -q " $2="' sh "$slope" "$option"
done
run help data
check "help data names the forms of texts" sh -c \
    'grep -q "JSON lines" "$1" && grep -q __label__ "$1" && grep -q "CLASS/NAME.txt" "$1"' sh "$out"
# each kind of words has a topic, with every word in it, its options and the way to the rest
for topic in $topics; do
    "$slope" help $topic
done >topics.txt
for kind in $("$slope" catalogue | sed -n 's/^\([a-z]\{1,\}\): .*/\1/p'); do
    check "a topic has the words of $kind" grep -q "^slope catalogue $kind says" topics.txt
    for word in $("$slope" catalogue $kind | sed -n '2,$s/^\([a-z][a-z0-9_]*\).*/\1/p'); do
        grep -q "^  $word\( \|$\)" topics.txt || fail "no topic lists $kind $word"
    done
done
run help optimizers
check "help optimizers names adamw" grep -q '^  adamw ' "$out"
run help losses
check "help losses has the range and default of huber's delta" sh -c \
    'sed -n "/^  huber /,/^  kl /p" "$1" | grep -q "delta (a number above 0; default 1)"' sh "$out"
check "and says once what all of them have" same "$(grep -c 'reduction (' "$out")" 1
run help net
sed -n 's/^  \(.*[^ ]\) \{2,\}[a-z].*/\1/p' "$out" >nets.txt
check "help net has examples" test "$(wc -l <nets.txt)" -gt 10
while read -r net; do
    case $net in category*) data=builtin:xor ;; *) data=builtin:spiral ;; esac # 0 and 1 are categories
    run train $data --net "$net" --steps 2 -o nets -q --overwrite
    check "help net: \"$net\" can be trained" test "$status" = 0
done <nets.txt
run help initialisers
check "help initialisers names xavier" grep -q '^  xavier ' "$out"
run help data
check "help data names spiral" grep -q '^  spiral ' "$out"

run help --man
cp "$out" slope.1
run completion bash
cp "$out" slope.bash
run completion zsh
cp "$out" slope.zsh
run completion fish
cp "$out" slope.fish

sed 's/\\-/-/g' slope.1 >plain.1
for command in $commands; do
    run "$command" --help
    cp "$out" help.txt
    check "$command --help" test "$status" = 0 -a -s "$out" -a ! -s "$err"
    check "$command --help has examples" grep -q '^examples' "$out"
    run help "$command"
    check "help $command says the same" cmp -s help.txt "$out"
    check "no line of $command --help is wider than 80" sh -c '! grep -q "^.\{81,\}" help.txt'
    # what the help mentions the parser must know, and the man page and the completions too
    for option in $(sed -n 's/^ \{2,6\}\(-[a-z], \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p' help.txt); do
        run "$command" "$option=" # always wrong, but never unknown
        grep -q 'unknown option' "$err" && fail "$command --help mentions $option, which is unknown"
        grep -q -- "$option" plain.1 || [ "$option" = --help ] || fail "$option is not in the man page"
        grep -q -- "$option" slope.bash || fail "$option is not in the completion for bash"
        grep -q -- "$option" slope.zsh || fail "$option is not in the completion for zsh"
        grep -q -- "-l ${option#--}" slope.fish || fail "$option is not in the completion for fish"
    done
done
run train --help
for option in net test validation epochs steps batch lr optimizer schedule lr-range warmup momentum beta1 beta2 epsilon decay \
    augment class-weight clip-norm clip-value l1 l1-prox max-norm average loss init task seed threads patience out overwrite resume json quiet; do
    check "train --help has --$option" grep -q -- "--$option" "$out"
done
run eval --help
for option in part importance calibration residuals json threads; do
    check "eval --help has --$option" grep -q -- "--$option" "$out"
done
run errors --help
for option in part top out tags json threads; do
    check "errors --help has --$option" grep -q -- "--$option" "$out"
done
run predict --help
for option in part out threads; do
    check "predict --help has --$option" grep -q -- "--$option" "$out"
done

# the defaults that the help tells are those that a run takes, as the log header names them
run train --help
cp "$out" help.txt
run train builtin:spiral --steps 5 -o run
tr ',' '\n' <"$err" | sed 's/^ *//' >header
default() { # default OPTION WORDS: the help tells a value, the header says WORDS and the value
    told=$(awk -v option="--$1 " 'index($0, option) { on = 1 } on { print } on && /\)/ { exit }' help.txt |
        tr -s ' \n' ' ' | sed 's/.*default \([^ );]*\).*/\1/')
    check "the default of --$1 is $told" grep -qE "^$2 +$told \(default\)" header
}
default batch batch
default lr lr
default beta1 beta1
default beta2 beta2
default epsilon epsilon
default optimizer optimizer
default schedule schedule
default seed seed

if command -v groff >/dev/null; then
    groff -ww -man -Tascii slope.1 >/dev/null 2>"$err"
    check "groff finds nothing wrong with the man page" test ! -s "$err"
elif command -v man >/dev/null; then
    man -l --warnings slope.1 >/dev/null 2>"$err"
    check "man finds nothing wrong with the man page" test ! -s "$err"
else
    echo "skip  the man page: neither groff nor man here"
fi
if command -v bash >/dev/null; then
    bash --norc -c '. ./slope.bash && complete -p slope' >/dev/null 2>"$err"
    check "bash loads its completion" test $? = 0 -a ! -s "$err"
    complete() { # complete WORD ...: what bash offers for the last one
        bash --norc -c '. ./slope.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; _slope; echo "${COMPREPLY[@]}"' \
            bash "$@" 2>"$err"
    }
    check "bash: tr is completed to train" same "$(complete slope tr)" train
    check "bash: --over is completed" same "$(complete slope train --over)" --overwrite
    check "bash: --optimizer adam" same "$(complete slope train --optimizer adam)" "adam adamw"
    check "bash: --schedule co" same "$(complete slope train --schedule co)" "constant cosine cosine_restarts"
    check "bash: --optimizer=sg" same "$(complete slope train --optimizer=sg)" "sgd"
    check "bash: behind the colon of a built-in set" same "$(complete slope train builtin:di)" digits
    check "bash: --part t" same "$(complete slope eval run --part t)" "train test"
fi
if command -v zsh >/dev/null; then
    zsh -n slope.zsh 2>"$err"
    check "zsh reads its completion" test $? = 0 -a ! -s "$err"
fi
if command -v fish >/dev/null; then
    fish -N -c 'source slope.fish; complete -C "slope train --over"' >"$out" 2>"$err"
    check "fish completes --over" grep -q -- --overwrite "$out"
fi

finish
