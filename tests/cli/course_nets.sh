#!/bin/sh
# The lessons on nets: what their texts say in numbers is what the commands say, and typical mistakes are wrong answers.
# That the pages have the outputs of their commands is seen by lesson.sh.
. "$(dirname "$0")/kit"

unset SLOPE_LESSONS
TMPDIR=$kit_folder/scratch
export TMPDIR
mkdir "$TMPDIR"

says() { grep -qF -- "$1" "$out"; }
status_is() { [ "$status" = "$1" ] || { echo "      | status $status, wanted $1"; return 1; }; }
near() { # near VALUE WANTED WITHIN
    awk -v a="$1" -v b="$2" -v within="$3" 'BEGIN { d = a - b; exit !(a != "" && d <= within && -d <= within) }' ||
        { echo "      | $1, wanted $2"; return 1; }
}
number() { # number NAME: the first number of that name in the JSON of explain
    awk -v name="\"$1\":" '(at = index($0, name)) { n = substr($0, at + length(name)) }
        END { sub(/^ */, "", n); sub(/[,}].*/, "", n); print n }' "$out"
}

# --- forward ---------------------------------------------------------------------------------------------------------

run explain --net "1 relu" --weights 0.5,1 --x 2 --y 1 --forward
check "S1_ every term of one neuron: the product, the bias, the activation" \
    sh -c 'grep -qF "0.5*2 + 0 = 1" "$1" && grep -qF "max(0, 1) = 1" "$1"' sh "$out"

xor='2 relu'
run explain --net "$xor" --weights 1,1,1,1,1,-2 --biases 0,-1,0 --x "0,0;0,1;1,0;1,1" --y "0;1;1;0" --forward --depth 3
for line in "z1[1,0] = 1*0 + 1*1 + 0 = 1" "z1[0,1] = 1*0 + 1*0 - 1 = -1" "z1[3,0] = 1*1 + 1*1 + 0 = 2" \
    "y_hat[0,0] = 1*0 + (-2)*0 + 0 = 0" "y_hat[1,0] = 1*1 + (-2)*0 + 0 = 1" "y_hat[2,0] = 1*1 + (-2)*0 + 0 = 1" \
    "y_hat[3,0] = 1*2 + (-2)*1 + 0 = 0"; do
    check "S46_ XOR by given weights: $line" says "$line"
done
run explain --net "$xor" --weights 1,1,1,1,1,-2 --biases 0,-1,0 --x 0.5,0.5 --y 0 --forward --json
check "S47_ and 1, exactly, at (0.5, 0.5)" same "$(number 'y_hat[0]')" 1

run explain --net "2 relu" --weights 1,-1,0.5,-2,1,1,1.5,-1 --biases 0,0,0.250959 --x 0.2,-0.5,0.8 --y 1 \
    --loss binary_cross_entropy --forward --json
check "S45_ a sentence's logit" near "$(number 'z_out[0]')" 1.900959 1e-12
check "S45_ a sentence's probability: 1/(1 + e^-1.900959)" near "$(number 'p[0]')" 0.87 5e-8

run explain --net "3 relu" --weights 1,2,3,4,5,6 --x 1,-1 --y 0
check "S44_ weights that do not fit: status 2" status_is 2
check "S44_ and the shapes that would" sh -c 'grep -qF "dense_1 [3, 2], output [1, 3]" "$1"' sh "$err"

# --- losses, backward, update ----------------------------------------------------------------------------------------

# e^2 / (e^2 + e + e^0.1) - 1, .., by numpy
run explain --net linear --outputs 3 --weights 1,0,0,0,1,0,0,0,1 --x 2,1,0.1 --y 0 --loss cross_entropy --json
check "S58_ p - y of the right class" near "$(number 'dL/dz_out[0]')" -0.3409989 5e-8
check "S58_ of the second" near "$(number 'dL/dz_out[1]')" 0.2424330 5e-8
check "S58_ of the third" near "$(number 'dL/dz_out[2]')" 0.0985659 5e-8

step() { run explain --net "1 relu" --weights 0.5,1 --x 2 --y 3 --loss mean_squared "$@"; }
step --lr 0.1 --json
check "S77_ forward: L" same "$(number L)" 4
check "S78_ dL/dw2" same "$(number 'dL/dW2[0,0]')" -4
check "S78_ dL/dw1" same "$(number 'dL/dW1[0,0]')" -8
after() { # the loss that stands behind a step
    awk '/^after / { on = 1 } on && $1 == "L" { l = $NF; on = 0 } END { print l }' "$out"
}
step --lr 0.1
check "S79_ both weights move: 0.4096" same "$(after)" 0.4096
step --lr 0.1 --freeze dense_1
check "S79_ w2 alone: 2.56" same "$(after)" 2.56
step --lr 0.1 --freeze output
check "S79_ w1 alone: 0.16" same "$(after)" 0.16
step --lr 0.05 --steps 4 --depth 1
check "S80_ with 0.05 the loss is below 1e-4 behind four steps" near "$(after)" 0 1e-4
step --lr 0.1 --steps 400 --depth 1
check "S80_ with 0.1 it goes to and fro: 1.9478" near "$(after)" 1.9478 5e-5
step --lr 0.1 --steps 401 --depth 1
check "S80_ and 0.8022" near "$(after)" 0.8022 5e-5
step --lr 0.083 --steps 1500 --depth 1 --update
check "S80_ below 2/24 it arrives" near "$(after)" 0 1e-5
step --lr 0.084 --steps 1500 --depth 1 --update
check "S80_ above it does not: it ends at one of two losses" near "$(after)" 0.07749 5e-6

# --- what texts say of the standard error, or of other numbers -------------------------------------------------------

printf 'area,price\n1,10\n2,12\n3,14\n4,16\n5,18\n' >flats.csv
printf 'area\n2.5\n4.5\n10\n100\n' >ask.csv
run train flats.csv --target price --net "8 tanh" --epochs 1500 --lr 0.02 --quiet -o flats
run predict flats ask.csv
check "S48_ predict says what lies outside, as the lesson has it" \
    grep -qF "column area: 2 of 4 rows above 5, the highest of training (up to 100); first in row 3" "$err"
check "S48_ in its text, too" grep -rqF "column area: 2 of 4 rows above 5, the highest of training (up to 100); first in row 3" \
    "${SLOPE_SOURCE_ROOT:?}/docs/course"

units() { # units NET: parameters of it on two inputs
    run train builtin:xor --net "$1" --epochs 1 --quiet -o units --overwrite
    run show units
    awk '$1 == "total" { print $2 }' "$out"
}
check "two inputs, three units, one: 13 parameters" same "$(units '3 relu')" 13
check "a layer of two before: 19" same "$(units '2 relu, 3 relu')" 19

# --- answers ---------------------------------------------------------------------------------------------------------

wrong() { # wrong WHAT ANSWER ...
    wrong_what=$1
    shift
    run lesson check "$@"
    check "$wrong_what is not right" status_is 1
}
wrong "relu forgotten" one-neuron.1 -1 -1
wrong "the update of w2 alone, for both" backpropagation-by-hand.1 -8 -4 1.3 1.4
wrong "a gradient that is a sum in place of a mean" a-batch.1 -4 4 0.5 1
wrong "softmax without - 1 for the class" softmax-and-cross-entropy.1 0.1142 0.8438 0.0420
wrong "without the second bias" a-layer-and-its-shapes.1 38400 38528

printf '1 1 -0.5\n' >or.txt
run lesson check a-perceptron.2 or.txt
check "x1 + x2 - 1/2 is OR, of inputs as they stand in the lesson's table" status_is 0
printf '1 1 0.5\n' >or.txt
run lesson check a-perceptron.2 or.txt
check "and x1 + x2 + 1/2 is not" status_is 1
printf '1 1 1  1 0 -1\n1 -2 1  0\n' >hat.txt
run lesson check a-sine-by-a-few-units.1 hat.txt
check "a hat of three kinks, for numbers" status_is 0
printf '1 1 1  1 0 -1\n1 -1 1  0\n' >hat.txt
run lesson check a-sine-by-a-few-units.1 hat.txt
check "and not with another weight" status_is 1
check "no folder is left behind" sh -c '[ -z "$(ls -A "$1")" ]' sh "$TMPDIR"

finish
