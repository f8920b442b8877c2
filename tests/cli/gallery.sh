#!/bin/sh
# gallery.sh PROGRAM: slope gallery makes every picture; the numbers behind them are those of tests/gallery.txt, and what
# captions say of them is so. After a change that is meant to change them: slope gallery -o DIR, look at the pictures, then
# cp DIR/digests.txt tests/gallery.txt.
committed=$(cd "$(dirname "$0")/.." && pwd)/gallery.txt
. "$(dirname "$0")/kit"

for tool in gnuplot dot; do
    command -v $tool >/dev/null && continue
    mkdir -p bare
    status=0
    PATH=$PWD/bare "$slope" gallery -o pages >"$out" 2>"$err" || status=$?
    check "without $tool the gallery says what to install" sh -c 'test "$1" = 2 && grep -q "apt install" "$2"' sh "$status" "$err"
    echo "skip  the gallery: $tool is not here"
    finish
done

run gallery -o pages --only nothing
check "a picture that is not there is refused" test "$status" = 2
run gallery --list
awk '{ print $1 }' "$out" >names
run gallery -o pages --quiet
check "the gallery is made" test "$status" = 0
awk '{ print $1 }' pages/digests.txt >made
check "of every picture that --list names" cmp -s names made
check "the numbers behind the pictures are the committed ones" sh -c 'diff "$1" pages/digests.txt >&2' sh "$committed"
check "the page shows each, with its commands" sh -c 'test "$(grep -c "^<figure id=" pages/index.html)" = "$(wc -l <names)" &&
    test "$(grep -c "<p><code>slope " pages/index.html)" -ge "$(wc -l <names)"'
check "and fetches nothing" sh -c '! grep -oE "(src|href)=.(https?:)?//[^ ]*" pages/index.html | grep -v "www.w3.org" | grep -q .'

# column RUN NAME: that column of the run's metrics, a line an epoch
column() {
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print $at }' "pages/runs/$1/metrics.csv"
}
# at_best RUN NAME: that column where the validation loss is least
at_best() {
    column "$1" validation_loss >loss
    column "$1" "$2" | paste loss - | sort -g | head -n 1 | cut -f 2
}
least() {
    column "$1" validation_loss | sort -g | head -n 1
}
below() { # below A B
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && b != "" && a + 0 < b + 0) }' || {
        echo "      | $1 is not below $2"
        return 1
    }
}
above() {
    below "$2" "$1"
}

# parameters DEPTH: the fewest of those nets with a validation loss below 0.1; 2 inputs, 1 output
parameters() {
    for width in 4 5 6 8 12 16 32 64; do
        [ -e "pages/runs/relu_$1_$width" ] && below "$(least "relu_$1_$width")" 0.1 >/dev/null &&
            echo $((3 * width + ($1 - 1) * width * (width + 1) + width + 1)) && return
    done
}
check "S13_ of one layer 129 numbers bring the loss below 0.1" same "$(parameters 1)" 129
check "S13_ of two layers 105 do" same "$(parameters 2)" 105
check "S13_ of three layers 109 do" same "$(parameters 3)" 109

last=0
for rows in 200 400 800 1600 3200; do
    accuracy=$(at_best rows_$rows validation_accuracy)
    check "S140_ more rows, higher validation accuracy: $rows" below "$last" "$accuracy"
    gap=$(awk -v a="$(at_best rows_$rows train_accuracy)" -v b="$accuracy" 'BEGIN { print a - b }')
    check "S140_ and a smaller gap to training: $rows" below "$gap" "${before:-1}"
    last=$accuracy
    before=$gap
done

check "S143_ overfitting: validation loss turns and is twice its least at the end" \
    above "$(column overfit validation_loss | tail -n 1)" "$(least overfit | awk '{ print 2 * $1 }')"
check "S143_ overfitting: training loss has gone on falling" \
    below "$(column overfit train_loss | tail -n 1)" "$(at_best overfit train_loss | awk '{ print $1 / 2 }')"
check "S143_ as it should be: validation within a twentieth of training" \
    below "$(column good validation_loss | tail -n 1)" "$(column good train_loss | tail -n 1 | awk '{ print $1 * 1.05 }')"
check "S143_ underfitting: training loss stays near log 2" above "$(column underfit train_loss | tail -n 1)" 0.68
check "S143_ too small a step: still above 2" above "$(column lr_low train_loss | tail -n 1)" 2
check "S143_ the right one: below 0.3" below "$(column lr_right train_loss | tail -n 1)" 0.3
check "S143_ too large a step: above 2" above "$(column lr_high train_loss | tail -n 1)" 2

last=0
for batch in 1 10 100 all; do
    loss=$(column batch_$batch train_loss | tail -n 1)
    check "S110_ smaller batches come farther in twelve epochs: $batch" below "$last" "$loss"
    last=$loss
done
check "S110_ all at once never rises" same "$(column batch_all train_loss | sort -gr | tr '\n' ' ')" "$(column batch_all train_loss | tr '\n' ' ')"

first=$(column deep_sigmoid gradient_norm_dense_1 | head -n 1)
check "S37_ ten sigmoid layers: the first one's gradient is below 1e-5 of the last one's" \
    below "$first" "$(column deep_sigmoid gradient_norm_output | head -n 1 | awk '{ print $1 * 1e-5 }')"
check "S37_ ten relu layers: it is above a tenth" above "$(column deep_relu gradient_norm_dense_1 | head -n 1)" \
    "$(column deep_relu gradient_norm_output | head -n 1 | awk '{ print $1 / 10 }')"
check "S83_ weights too large: thousands of times that" above "$(column exploding gradient_norm_dense_1 | head -n 1)" \
    "$(column deep_relu gradient_norm_dense_1 | head -n 1 | awk '{ print $1 * 1000 }')"

run descend rosenbrock --start -1.5,1 --lr 0.001 --steps 4000 --optimizer sgd,momentum,adam
check "S119_ in Rosenbrock's valley momentum alone arrives" same "$(grep -c " minimum" "$out")$(grep -c "^momentum .* minimum" "$out")" 11
run descend himmelblau --start 0,0 --start -1,0 --start 0,-1 --start -1,-1 --lr 0.01 --steps 60
check "S93_ four starts find four minima" same "$(awk '/^from/ { x = $4 < 0 ? "-" : "+"; y = $5 < 0 ? "-" : "+"; print x y }' "$out" | sort -u | wc -l | tr -d ' ')$(grep -c " minimum" "$out")" 44

# plain instructions: the same numbers
cp pages/digests.txt first
for picture in activations digits_curves digits_embedding spiral_regions landscape more_data; do
    echo $picture
done >few
status=0
SLOPE_ISA=plain "$slope" gallery -o plain --quiet --only "$(paste -s -d, few)" >"$out" 2>"$err" || status=$?
grep -wFf few first >wanted
check "plain instructions give the same numbers" cmp -s wanted plain/digests.txt
finish
