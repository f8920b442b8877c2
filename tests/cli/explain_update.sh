#!/bin/sh
# The options around an optimizer, as slope explain has them: those of slope train.
. "$(dirname "$0")/kit"

# explain OPTION ...: the update of (6 * 2 - 10)^2
explain() {
    run explain --net linear --weights 6 --x 2 --y 10 --lr 0.01 --update "$@"
}
says() {
    tr -s ' ' <"$out" | grep -qF -- "$1" # columns are aligned
}

explain
check "sgd alone" says 'W1[0,0] = 6 - 0.01*8 = 5.92'
explain --optimizer momentum --momentum 0.5 --steps 2
check "--momentum" says '0.5*8 + 7.36 = 11.36'
explain --optimizer adam --beta1 0.5 --beta2 0.75 --epsilon 0.125
check "--beta1, --beta2, --epsilon" says 'W1[0,0] = 6 - 0.01*8/(sqrt(64) + 0.125) = 5.990154'
explain --decay 0.5
check "--decay" says 'g of W1[0,0] = 8 + 0.5*6 = 11'
explain --optimizer adamw
check "adamw decays by 0.01" says '6*(1 - 0.01*0.01)'
explain --optimizer adamw --decay 0
check "--decay 0 is none" says '= 6 - 0.01*8/(sqrt(64) + 1e-8)'
explain --clip-norm 2
check "--clip-norm" says 'clip = min(1, 2/8) = 0.25'
explain --clip-value 4
check "--clip-value" says 'min(max(8, -4), 4) = 4'
explain --l1 0.25
check "--l1" says '8 + 0.25*sign(6) = 8.25'
explain --l1-prox 2
check "--l1-prox" says '5.92 - sign(5.92)*min(abs(5.92), 0.01*2) = 5.9'
explain --max-norm 3
check "--max-norm" says 'W1[0,0] = 5.92*3/5.92 = 3'
explain --average 0.75
check "--average" says 'average of W1[0,0] = 0 + 1*(5.92 - 0) = 5.92'
explain --schedule "step every=1 factor=0.5" --warmup 1 --steps 3
check "--schedule" says 'lr = 0.01*0.5^floor(1/1) = 0.005'
check "--warmup" says 'lr = 0.01*1/1 = 0.01'
explain --schedule cosine --steps 2
check "a schedule ends with --steps" says 'p = min(1/2, 1) = 0.5'
explain --schedule cosin
check "a schedule that is none" test "$status" = 2
explain --optimizer lbfgs
check "a method takes no --lr" test "$status" = 2

run explain --net 2 --init "constant value=0.5" --x 2 --y 3 --forward
check "--init draws the weights" says 'z1[1] = 0.5*2 + 0 = 1'
run explain --net 2 --init nothing --x 2 --y 3
check "an init that is none" test "$status" = 2
run explain --net 2 --outputs 2 --x 2 --y 3
check "outputs that no target has" test "$status" = 2
run explain --net 2 --outputs 2 --x 2 --y "3,4" --forward
check "--outputs" says 'y_hat[1] = '
run explain --net "1 relu" --weights 0.5,1 --x 2 --y 3 --lr 0.1 --steps 7 --update
check "the loss of each step" grep -q '^ *2  0.980593$' "$out"
check "a loss that oscillates" says 'it oscillates'

run explain --net linear --weights 6 --x 2 --y 10 --forward --steps 3
check "--steps on the way forward alone is refused" sh -c 'test "$1" = 2 && grep -q "changes nothing" "$2"' sh "$status" "$err"

finish
