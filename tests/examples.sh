#!/bin/sh
# The examples do what their comments say.
. "$(dirname "$0")/cli/kit"

examples=$(dirname "$slope")/examples

# example NAME ARGUMENT ...: like run
example() {
    name=$1
    shift
    status=0
    "$examples/example_$name" "$@" >"$out" 2>"$err" </dev/null || status=$?
}
# learns COLUMN LOWEST: the last row that begins with an epoch has at least that accuracy
learns() {
    awk -v column="$1" -v lowest="$2" '$1 ~ /^[0-9]+$/ && $NF == "%" { last = $column } END { exit !(last >= lowest) }' "$out"
}

example xor
check "xor ends well" test "$status" = 0 -a ! -s "$err"
check "xor: 0 1 1 0" same "$(awk '{ printf "%s ", $5 }' "$out")" "0 1 1 0 "

example digits builtin:digits 2
check "digits ends well" test "$status" = 0 -a ! -s "$err" -a -s digits.safetensors
check "digits: two epochs, each a row" same "$(awk '$1 ~ /^[12]$/ && NF == 5' "$out" | wc -l)" 2
check "digits: above 90 % on rows it has not seen" \
    awk '/^test accuracy/ { found = $3 > 90 } END { exit !found }' "$out"
check "digits: ten rows predicted" same "$(sed '1,/^truth/d' "$out" | wc -l)" 10
check "digits: at least 8 of them right" awk '/^truth/ { on = 1; next } on { right += $1 == $2 } END { exit right < 8 }' "$out"
accuracy=$(awk '/^test accuracy/ { print $3 }' "$out")
"$slope" eval digits.safetensors builtin:digits >"$out" 2>"$err"
check "digits: slope eval measures its file alike" grep -qF "$accuracy %" "$out"
example digits nofolder 1
check "digits: a folder that is not there is said" grep -q "^digits: nofolder: " "$err"
check "digits: and fails" test "$status" = 1

example by_hand builtin:digits 2
check "by_hand ends well" test "$status" = 0 -a ! -s "$err"
check "by_hand: above 90 % on rows it has not seen" learns 3 90
example by_hand nofolder
check "by_hand: a folder that is not there is said" grep -q "^by_hand: nofolder: " "$err"

example texts
check "texts ends well" test "$status" = 0 -a ! -s "$err" -a -s reviews.safetensors
check "texts: lovely is good, dull is bad, so is not worth it" same "$(awk '{ printf "%s ", $1 }' "$out")" "good bad bad "
example texts 'Not bad, "funny"'
check "texts: a review of one's own" same "$(awk '{ printf "%s ", $1 }' "$out")" "good "

source=${SLOPE_SOURCE_ROOT:?}/examples
check "S21_ digits.c has under 100 lines" test "$(wc -l <"$source/digits.c")" -lt 100
# sl_values, sl_message and the freeing serve the printing.
calls=$(sed 's|/\*.*\*/||' "$source/xor.c" | grep -o 'sl_[a-z_]*(' | grep -vE 'sl_(dense|adam|values|message|ctx_free)\(' | wc -l)
check "S18_ xor.c makes at most 6 calls" test "$calls" -le 6

finish
