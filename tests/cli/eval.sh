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

# intervals, baselines, and what a net that is no better is told
run train builtin:plane --net "8 tanh" --epochs 20 -o flat --json -q
cp "$out" flat.json
check "train: the interval holds the figure" awk -v is="$(value validation_rmse <flat.json)" \
    -v low="$(value validation_rmse_low <flat.json)" -v high="$(value validation_rmse_high <flat.json)" \
    'BEGIN { exit !(low < is && is < high && low > 0) }'
check "train: a plane is linear" awk -v is="$(value baseline_linear_rmse <flat.json)" 'BEGIN { exit !(is < 1e-6) }'
check "train: always the mean, the median, the nearest are there" grep -q \
    'baseline_always_rmse": .*baseline_median_rmse": .*baseline_nearest_rmse": ' flat.json
check "train: not better than linear" grep -q 'better_than_linear": false' flat.json
run train builtin:plane --net "8 tanh" --epochs 20 -o flat2 -q
check "train in words: the verdict" grep -q "^the net is not better than the linear model on these rows" "$out"
run train builtin:plane --net "8 tanh" --epochs 20 -o flat3 --json -q --threads 1
check "any number of threads: the same figures" same \
    "$(sed 's/"seconds[^,]*,//; s/"run".*//' "$out")" "$(sed 's/"seconds[^,]*,//; s/"run".*//' flat.json)"
run eval flat
check "eval: a table of baselines" grep -Eq "^  linear regression, 2 columns +[0-9.e-]+ +[0-9.e-]+\.\.[0-9.e-]+ " "$out"
check "eval: the interval stands beside rmse" grep -Eq "^  rmse +0\.[0-9]+ +0\.[0-9]+\.\.0\.[0-9]+ " "$out"
check "eval: and beside r2" grep -Eq "^  r2 +[0-9.-]+ +[0-9.-]+\.\.[0-9.-]+ " "$out"
mv flat/baselines.safetensors kept
run eval flat
check "without the file: always the mean, and why not the others" sh -c 'grep -q "always the mean here" "$1" &&
    grep -q "linear: not computed: the rows that the model learned from are not" "$1"' sh "$out"
printf 'damaged' >flat/baselines.safetensors
run eval flat
check "a damaged file is refused by name" sh -c 'test "$1" = 2 && grep -q "baselines.safetensors" "$2"' sh "$status" "$err"
mv kept flat/baselines.safetensors
run train "builtin:digits?rows=300" --net "8 relu" --steps 5 -o images --json -q
check "images: the most frequent class alone" sh -c 'grep -q baseline_always_accuracy "$1" && ! grep -q "baseline_linear\|_low" "$1"' \
    sh "$out"
run eval images
check "and eval says why" grep -q "linear: not computed: not for images" "$out"
run train builtin:xor --net "4 tanh" --steps 5 -o tiny --json -q
check "nothing to measure on: no figures" sh -c '! grep -q baseline "$1"' sh "$out"
run eval tiny
check "but eval has them" grep -q "^  nearest of 4 rows " "$out"
for run in flat plain tiny images; do
    run eval $run --importance
    check "eval $run: at most 80 columns" test -z "$(awk 'length($0) > 80' "$out")"
done

# what is asked for beside the figures
run eval flat --importance --residuals
check "--importance names the inputs" sh -c 'grep -Eq "^  x0 +0\.[0-9]" "$1" && grep -Eq "^  x1 +0\.[0-9]" "$1"' sh "$out"
check "--residuals has ten bins" same "$(grep -cE '^  -?[0-9.]+ to -?[0-9.]+ +50 ' "$out")" 10
run eval flat --importance --residuals --json
check "as JSON" grep -Eq '"importance":\[\{"input":"x[01]","mean":.*"residuals":\[\{"low":.*\}\]\}$' "$out"
run eval flat --calibration
check "--calibration of numbers is refused" sh -c 'test "$1" = 2 && grep -q "take --residuals" "$2"' sh "$status" "$err"
run eval plain --residuals
check "--residuals of classes are refused" sh -c 'test "$1" = 2 && grep -q "take --calibration" "$2"' sh "$status" "$err"
run eval plain --calibration --json
check "--calibration: bins and their error" grep -Eq '"calibration":\[\{"low":0,"high":0.1,.*"expected_calibration_error":0\.[0-9]+\}$' "$out"

finish
