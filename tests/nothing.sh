#!/bin/sh
# Every function of slope.h is called with each of its pointers NULL in turn, the others as they should be; with all of
# them NULL and every number 0; with a context alone; and once more while a failure is kept. Nothing crashes, and what fails
# says so in the context. The calls are made from slope.h, so a new function needs no edit here.
. "$(dirname "$0")/cli/kit"

root=${SLOPE_SOURCE_ROOT:?}
build=$(cd "$(dirname "$slope")" && pwd)
if ! grep -q 'libslope.a' "$build/build.ninja"; then
    echo "this build has no libslope.a"
    exit 77
fi

awk -f "$root/tests/consumer/calls.awk" "$root/include/slope.h" >calls.inc 2>"$err"
check "a call for each function" same "$(wc -l <calls.inc)" "$(grep -c '^SL_API' "$root/include/slope.h")"

libraries=$(grep -o -e '-DSL_HAVE_[A-Z0-9]*' "$build/build.ninja" | sort -u |
    sed 's/.*_ZLIB/-lz/; s/.*_LIBDEFLATE/-ldeflate/; s/.*_UTF8PROC/-lutf8proc/' | tr '\n' ' ')
# shellcheck disable=SC2086 # flags are words
${CC:-cc} -std=c11 -g -Wall -Wextra -Werror ${SLOPE_SANITIZE:-} -I"$root/include" -I. "$root/tests/consumer/nothing.c" \
    "$build/libslope.a" -lm -lpthread $libraries -o nothing 2>"$err"
check "the program compiles" test $? = 0

# What only looks: NULL there says that there is none such, without a failure.
looks='sl_data_kept sl_data_text sl_diagnosis_fixed sl_gradient sl_run_baselines sl_run_folder sl_run_part sl_run_read
    sl_run_read_test sl_run_result sl_run_test sl_watcher_epoch sl_watcher_step'
for world in points table texts half 'done' failed; do
    ./nothing $world >said 2>"$err"
    check "$world: the calls were made" test $? = 0 -a "$(cut -d' ' -f1 said | sort -u | wc -l)" = "$(wc -l <calls.inc)"
    grep -E ' (crashed|ended|endless)' said >"$err"
    check "$world: none crashes" test ! -s "$err"
    awk -v looks="$looks" 'BEGIN { n = split(looks, word, /[ \n]+/); while (n) look[word[n--]] = 1 }
        / silent$/ && !($1 in look)' said >"$err"
    check "$world: what fails says so" test ! -s "$err"
done
# The last one: looks go on, and so do new tensors and tapes; all else waits for sl_clear.
check "failed: nothing is done" same "$(grep ' works$' said | cut -d' ' -f1 | LC_ALL=C sort -u | tr '\n' ' ')" \
    'sl_ctx_new sl_data_row sl_model_layer sl_model_param sl_number_text sl_number_text_float sl_option_normal '"\
"'sl_option_range sl_run_model sl_tape_new sl_tensor_new sl_values '

finish
