#!/bin/sh
# slope explain: nets of all kinds of layers, in 80 columns; layers without a slope; many layers.
. "$(dirname "$0")/kit"

COLUMNS=80
export COLUMNS

run explain --net "2 step" --x 1,2 --y 1
check "a step layer is refused" test "$status" = 2
check "with what to take instead" grep -q "cannot learn through it: take sigmoid, or the perceptron rule" "$err"
run explain --net "2 step" --weights 1,1,-1,-1,2,3 --x 1,2 --y 1 --forward
check "on the way forward it is explained" test "$status" = 0 -a ! -s "$err"
check "as what it is" grep -qF "a1[1] = (-3 >= 0) = 0" "$out"
check "up to the loss" grep -qF "L = (2 - 1)^2 = 1" "$out"

run explain --net "2, batch_norm, tanh, dropout 0.5" --x "1,2;3,4;-1,0.5" --y "1;0;2" --loss huber
check "a batch through norms and dropout" test "$status" = 0 -a ! -s "$err"
check "the mask is told" grep -qE "0 for [0-6] of 6, and 1/\(1 - 0.5\) for the others" "$out"
check "a batch's mean is a sum over its rows" grep -qE 'mean\[1\] += \(.* [-+] .*\)/3 += ' "$out"
check "lines fit" test "$(awk 'length > 80' "$out" | wc -l)" = 0

run explain --net "3 relu, residual [3 silu, 3]" --x 1,2 --y 1 --backward
check "a gradient comes along two ways" grep -qF "dL/da1 by residual_1 = " "$out"
check "and the other" grep -qF "dL/da1 by z2 = " "$out"
check "which are added" grep -qF "dL/da1 = the sum over all ways" "$out"

run explain --net "30 x 1 tanh" --x 1 --y 1 --backward
check "S70_ thirty layers" test "$status" = 0
check "S70_ some products of the chain rule, and how many more" grep -qF ".. 27 more like these .." "$out"
check "S70_ the longest is there" grep -qF "* dz2/da1 * da1/dz1 * dz1/dW1" "$out"

run explain --net "category 2 rows=3, 2 gelu" --x "1,2;0,1;1,0.3" --y "1;0;1" --loss bce
check "which row of a table is taken" grep -qF "row 2 takes row 1 of category_1.table" "$out"
check "what no row took is said" grep -qF "no row of the batch took 1 of the 3 rows of category_1.table: 0" "$out"

finish
