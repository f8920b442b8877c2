#!/bin/sh
# live.sh SLOPE: what a person sees on a terminal while slope trains: curves, rows and a bar in their places, nothing
# left over at the end, after Ctrl-C or in a window whose size changes; and nothing drawn where nobody looks.
. "$(dirname "$0")/kit"

root=${SLOPE_SOURCE_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
if ! ${CC:-cc} -O1 -o terminal "$root/tests/cli/terminal.c" 2>"$err"; then
    echo "the terminal to draw on cannot be compiled: $(head -n 1 "$err")"
    exit 77
fi
if ! ./terminal true >/dev/null 2>"$err"; then
    echo "no pseudo-terminal here: $(head -n 1 "$err")"
    exit 77
fi
TERM=xterm
LC_ALL=C.UTF-8
export TERM LC_ALL
unset COLORTERM

# see TERMINAL'S OPTIONS ... -- COMMAND ...: the last screen in $out; frames, seconds, shown_status, colours are set
see() {
    ./terminal "$@" >"$out" 2>"$err" || { fail "what is written can be shown: $(cat "$err")"; return; }
    read -r _ frames _ seconds _ shown_status _ colours <"$err"
}
long="train builtin:moons --net '16 tanh' --steps 100000000 --overwrite -o long"
forever() { # until the terminal types Ctrl-C
    eval "see $1 '$slope' $long"
}
panels() { # FILE: how many panels stand in it, and how many bars
    printf '%s panels %s bars' "$(grep -c '^ *loss.* train ' "$1")" "$(grep -c ' left  loss ' "$1")"
}
widest() { # FILE: the widest line's columns
    LC_ALL=C awk '{ gsub(/[\200-\277]/, "") } length > most { most = length } END { print most + 0 }' "$1"
}

# --- while it trains
forever "-s 80x24 -f 5:screen -c 10"
check "after half a second there is one panel, and one bar below it" same "$(panels screen)" "1 panels 1 bars"
check "the bar is the screen's last line" sh -c 'tail -n 1 screen | grep -q "^epoch [0-9]*/[0-9]* .*steps/s .*left  loss"'
check "the axes have numbers, and the best epoch its mark" sh -c \
    'grep -q "^ *[0-9.e-]* ┤" screen && grep -q "^ *└─*▲─*$" screen && grep -q "^  *epoch .*best [0-9]" screen'
check "there are dots" grep -q '│.*[⠤⠉⠒⣀⠈⠛]' screen
check "the rows stand above it, whole" grep -q '^ *1  *15  *[0-9.]*  *[0-9.]*  *[0-9.]* %.*\*$' screen
check "nothing is wider than the window" test "$(widest screen)" -le 80
check "Ctrl-C: status 130, said" sh -c 'test "$1" = 130 && grep -q "^stopped after step" "$2"' sh "$shown_status" "$out"
check "the curves stay, once, without a bar" same "$(panels "$out")" "1 panels 0 bars"
check "no ^C stands among them" sh -c '! grep -q "\^C" "$1"' sh "$out"
check "all that was printed is there, in its order" same \
    "$(grep -nE '^(data |folder |\* is|  *epoch  *step|stopped)|^ *loss.* train |▲' "$out" | sed 's/^[0-9]*: *//; s/^└.*/axis/' | cut -c 1-4 | tr -s ' \n' '  ')" \
    "data fold * is epoc loss axis stop "
forever "-s 80x24 -c 30"
check "at most ten drawings a second: thirty take three" test "$frames" -ge 30 -a "$seconds" -ge 3

# --- to its end
see -s 80x24 -o raw "$slope" train "builtin:digits?rows=3000" --net "64 relu" --epochs 6 -o digits
check "the rows of all epochs are there, aligned" sh -c \
    'grep -E "^     [1-6]  .* %" "$1" | cut -c 1-73 | grep -cE "^.{73}$" | grep -qx 6' sh "$out"
check "the curves stand between them and the result" sh -c \
    'sed -n "/^     6 /,/^accuracy/p" "$1" | grep -c "┤" | grep -qx 3' sh "$out"
check "and no bar is left" same "$(panels "$out")" "1 panels 0 bars"
check "the star is the best epoch's, the last one's mark too" sh -c \
    'best=$(grep "^     [1-6] .*\*$" "$1" | tail -n 1 | awk "{ print \$1 }") && grep -q "^  epoch .*best $best\b" "$1" &&
     grep -q "^best epoch $best of 6" "$1"' sh "$out"
check "colours are used" test "$colours" -gt 10
NO_COLOR=1 see -s 80x24 "$slope" train builtin:moons --epochs 300 -o nocolor
check "NO_COLOR: curves without colours" sh -c 'test "$1" = 0 && grep -q "┤" "$2"' sh "$colours" "$out"
cp "$out" colourless
see -s 80x24 "$slope" train builtin:moons --epochs 300 -o nocolor --overwrite
check "which change nothing else" same "$(sed '/seconds$/,/^ *300/d; /time/d' "$out")" "$(sed '/seconds$/,/^ *300/d; /time/d' colourless)"
TERM=dumb see -s 80x24 -o raw "$slope" train builtin:moons --epochs 20 -o dumb
check "TERM=dumb: rows, and no control sequence at all" sh -c 'test "$1" = 0 && grep -q "^    20 " "$2" && ! grep -q "$(printf "\033")" raw' sh "$frames" "$out"
LC_ALL=C see -s 80x24 -o raw "$slope" train builtin:moons --epochs 20 -o ascii
check "no UTF-8: the panel in ASCII" sh -c 'grep -q "^ *[0-9.]* +" "$1" && ! LC_ALL=C grep -q "[^ -~]" "$1"' sh "$out"
see -s 80x24 -o raw "$slope" train builtin:moons --epochs 20 -o quiet --quiet --json
check "--quiet: nothing but the result" sh -c 'test "$1" = 0 && tr -d "\n" <"$2" | grep -qx "{[^{}]*}"' sh "$frames" "$out"
check "and no control sequence" sh -c '! grep -q "$(printf "\033")" raw'
run train builtin:moons --epochs 20 -o piped
check "no terminal: a row an epoch, no curves, no control sequence" sh -c \
    'grep -q "^    20 " "$1" && ! grep -q "┤" "$1" && ! grep -q "$(printf "\033")" "$1"' sh "$err"

# --- windows
forever "-s 200x50 -f 5:screen -c 7"
check "200x50: a higher panel, at most 120 columns" sh -c 'test "$1" -gt 100 -a "$1" -le 120 && grep -c "[│┤]" screen | grep -qx 9' sh \
    "$(tail -n 13 screen >panel; grep '[│┤▲]' panel >curves; widest curves)"
forever "-s 40x10 -f 5:screen -c 7"
check "40x10: the bar alone" same "$(panels screen) $(grep -c '[┤▲]' "$out")" "0 panels 1 bars 0"
check "it is the screen's last line" sh -c 'tail -n 1 screen | grep -q "loss [0-9.e-]*$"'
check "and rows that fit" test "$(grep -E '^ *(epoch|1) ' screen >rows; widest rows)" -le 40
for size in 49x24 80x15 50x16; do
    forever "-s $size -f 5:screen -c 6"
    case $size in 50x16) want="1 panels 1 bars" ;; *) want="0 panels 1 bars" ;; esac
    check "$size: $want" same "$(panels screen)" "$want"
done
see -s 12x8 "$slope" train builtin:moons --epochs 300 -o tiny
check "12x8: no drawing that would not fit" same "$frames $shown_status" "0 0"

for kind in "" -x; do # lines that get too long are broken, or cut
    forever "-s 110x30 $kind -r 4:64x20 -r 7:36x9 -r 10:90x28 -f 12:screen -c 13"
    check "a window that changes${kind:+ (xterm)}: one panel, one bar" same "$(panels screen)" "1 panels 1 bars"
    check "nothing is left of the others at the end" same "$(panels "$out") $(grep -c '▲' "$out")" "1 panels 0 bars 1"
    check "nothing was lost: the rows' head, the first row, the end" sh -c \
        'grep -q "^  epoch  *step" "$1" && grep -q "^ *1  *15 " "$1" && grep -q "^stopped" "$1"' sh "$out"
done

# --- other long commands
see -s 80x24 -f 3:screen -c 4 "$slope" train builtin:digits --net "64 relu" --folds 3 --epochs 100000
check "--folds says which one" sh -c 'tail -n 1 screen | grep -q "^fold 1/3 epoch [0-9]*/100000 "'
see -s 80x24 "$slope" train builtin:digits --net "64 relu" --folds 3 --epochs 8
check "and leaves rows alone" same "$(panels "$out") $(grep -c '^fold [123] of 3: test accuracy' "$out")" "0 panels 0 bars 3"
see -s 80x24 -f 1:screen "$slope" train builtin:digits --net "1024 relu, 1024 relu" --lr-range
check "--lr-range has a bar" sh -c 'tail -n 1 screen | grep -q "^looking for --lr: step [0-9]*/.*loss"'
check "of which nothing stays" same "$(panels "$out") $(grep -c 'looking for' "$out")" "0 panels 0 bars 0"
see -s 80x24 -c 1 "$slope" train builtin:digits --net "1024 relu, 1024 relu" --lr-range
check "Ctrl-C ends it" sh -c 'test "$1" = 130 && grep -q "stopped: --lr-range keeps nothing" "$2"' sh "$shown_status" "$out"
awk 'BEGIN { for (i = 0; i < 60000; i++) { s = ""; for (j = 0; j < 12; j++) s = s " w" (i * 7 + j * j * 13) % 997; print s } }' >texts
see -s 80x24 -f 1:screen "$slope" vectors texts -o words
check "vectors has one too" sh -c 'tail -n 1 screen | grep -q "^[0-9.]* % .*words/s .*left  loss"'
check "and leaves its result" sh -c 'grep -q "words/s, loss" "$1" && ! grep -q " left  loss" "$1"' sh "$out"

finish
