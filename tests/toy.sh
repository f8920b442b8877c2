#!/bin/sh
# A new activation is one file, and its line in slope.h: in a copy of the sources a toy is added, and appears in the
# catalogue, in gradcheck --all, in --net and in the tests with no other edit; and a wrong slope is caught there.
. "$(dirname "$0")/cli/kit"

if [ "$(basename "$(cd "$(dirname "$slope")" && pwd)")" != build ]; then
    echo "skip toy (it compiles everything anew: only where the folder is called build)"
    exit 0
fi
command -v meson >/dev/null && command -v ninja >/dev/null || { echo "skip toy (meson and ninja are not here)"; exit 0; }

mkdir copy
(cd "$SLOPE_SOURCE_ROOT" && tar -cf - --exclude='./build*' --exclude=./.git --exclude=./runs .) | tar -xf - -C copy
cat >copy/src/op/toy.c <<'TOY'
/* toy: y = x / (1 + |x|).        dy/dx = 1 / (1 + |x|)^2 */
#include "op/curve.h"

#include <math.h>

SL_INLINE sl_real toy_value(sl_real a, sl_real z)
{
    (void)a;
    return z / (1 + (z < 0 ? -z : z));
}

SL_INLINE sl_real toy_slope(sl_real a, sl_real z)
{
    (void)a;
    const sl_real size = 1 + (z < 0 ? -z : z);
    return 1 / (size * size);
}
SL_CURVE(toy, z)

const sl_op sl_op_toy = {
    .name = "toy",
    .summary = "a sigmoid without an exponential",
    .formula = "y = x / (1 + |x|)",
    .source = "Elliott 1993",
    .inputs = 1,
    .shape = sl_shape_same,
    .forward = sl_unary_forward,
    .backward = sl_unary_backward,
    .activate = toy_activate,
    .derive = toy_derive,
    .derive_needs_z = true,
    .trial = { { .shape = { { 2, { 3, 4 } } }, .low = 0.1, .high = 3 } },
};

sl_tensor *sl_toy(sl_tape *tape, sl_tensor *x)
{
    return sl_apply(tape, &sl_op_toy, &x, NULL);
}
TOY
sed -i '/^SL_API sl_tensor \*sl_relu/a SL_API sl_tensor *sl_toy(sl_tape *tape, sl_tensor *x);' copy/include/slope.h
check "its line is in slope.h" grep -q sl_toy copy/include/slope.h

# toy_build: the command and the walk over all operators
toy_build() {
    (cd copy && script/index && { [ -e build/build.ninja ] || meson setup build -Doptimization=0 -Dzlib=disabled -Dplayground=disabled; } &&
        ninja -C build slope tests/every_op_test64) >build.log 2>&1 || cat build.log
}
toy_build
toy=$PWD/copy/build/slope
check "it builds" test -x "$toy" -a -x copy/build/tests/every_op_test64
"$toy" catalogue activation >"$out" 2>&1
check "the catalogue has it, with its formula" grep -qF 'y = x / (1 + |x|)' "$out"
"$toy" gradcheck --all >"$out" 2>&1
check "gradcheck --all checks it" grep -qE '^ *toy .*right' "$out"
"$toy" train builtin:xor --net "8 toy" --epochs 300 --lr 0.05 --json -q >"$out" 2>&1
check "--net knows it, and it learns" grep -q '"train_accuracy": 1,' "$out"
copy/build/tests/every_op_test64 >"$out" 2>&1
check "the tests walk over it" same "$?" 0
sed -i 's|return 1 / (size \* size)|return 1 / size|' copy/src/op/toy.c
toy_build
copy/build/tests/every_op_test64 >"$out" 2>&1
check "and find a wrong slope" grep -q 'toy, trial 0' "$out"
"$toy" gradcheck --all >"$out" 2>&1
status=$?
check "as gradcheck --all does" grep -qE '^ *toy .*WRONG' "$out"
check "which then fails" same "$status" 1
finish
