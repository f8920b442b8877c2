#!/bin/sh
# eval's table: which figures stand in it, and what a model that knows nothing would get.
. "$(dirname "$0")/kit"

# cell WORDS COLUMN: of the line that begins with WORDS, the field so far from its end (0: the last, the baseline)
cell() {
    awk -v words="  $1 " -v from_end="$2" 'index($0, words) == 1 { print $(NF - from_end) }' "$out"
}

# the loss of a net that gives logits is log_loss, under the other name; smoothed, it is not
run train builtin:spiral --net "4 tanh" --steps 50 --loss binary_cross_entropy -o plain -q
run eval plain
check "the loss is the log loss: it stands there once" sh -c '! grep -q "^  log loss" "$1"' sh "$out"
check "whose baseline, for two classes of equal size, is log 2" same "$(cell "loss (binary_cross_entropy)" 0)" 0.6931
run train builtin:spiral --net "4 tanh" --steps 50 --loss "binary_cross_entropy smoothing=0.2" -o smooth -q
run eval smooth
check "smoothed, the log loss is another figure" grep -q "^  log loss " "$out"
check "and no baseline is told for the loss" same "$(cell "loss (binary_cross_entropy smoothing=0.2)" 0)" -
check "log loss keeps its own" same "$(cell "log loss" 0)" 0.6931

# a sum in training is a mean in the report, and so is its baseline: the square of rmse's
run train builtin:plane --net "4 tanh" --steps 50 --lr 1e-4 --loss "mean_squared reduction=sum" -o sum -q
run eval sum
squared=$(cell "loss (mean_squared reduction=sum)" 0)
check "mean_squared reduction=sum: the baseline is rmse's, squared" awk -v a="$squared" -v b="$(cell rmse 0)" \
    'BEGIN { off = a / (b * b) - 1; exit !(a > 0 && off < 0.001 && off > -0.001) }'
run train builtin:plane --net "4 tanh" --steps 50 --lr 1e-4 --loss "mae reduction=sum" -o absolute -q
run eval absolute
check "mean_absolute reduction=sum: the baseline is mae's" same \
    "$(cell "loss (mean_absolute reduction=sum)" 0)" "$(cell mae 0)"

finish
