#!/bin/sh
# figures_of_nets.sh PROGRAM: the figures activations, loss, embedding and landscape by the command; of nets that read
# texts too.
set -u
. "$(dirname "$0")/kit"

says() { # says WORDS: the output has them
    grep -qF -- "$1" "$out"
}

refuses() { # refuses WORDS: exit status 2, and the words
    [ "$status" = 2 ] && grep -qF -- "$1" "$err"
}

{
    echo text,mood
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        echo "\"a good and happy day number $i, it's fine\",glad"
        echo "\"a bad and gloomy night number $i, all is lost\",sad"
    done
} >moods.csv
run train moods.csv --target mood --net "embedding 4, mean_pool, 8 relu, dropout 0.2" --epochs 3 --validation 0 -o moods
check "a net that reads texts is trained" [ "$status" = 0 ]
run plot moods net --csv
tr '\n' ' ' <"$out" >flow
for step in 'text its words, as numbers' 'embedding_1 .*embedding 4' 'mean_pool_1 ' 'dense_1 dense 8 relu' \
    'dropout_1 .*in training only' 'output dense 1 ' 'sigmoid p(sad)' \
    '0,1,.*\[batch, seq\]' '1,2,.*\[batch, seq, 4\]' '2,3,.*\[batch, 4\]' '3,4,.*\[batch, 8\]' \
    '4,5,.*\[batch, 8\]' '5,6,.*\[batch, 1\]'; do
    check "S158_ the diagram of a net of texts has $step" grep -q -- "$step" flow
done

run plot activations sigmoid --width 80
check "S36_ sigmoid and its slope are drawn in the terminal" [ "$(tr "\n" " " <"$out" | grep -c "0.25^10 = 9.5367e-7")" = 1 ]
run plot loss cross_entropy --csv
check "a loss by itself has one panel" [ "$(cut -d, -f1 "$out" | sort -u | grep -c '^[0-9]')" = 1 ]

run plot moods activations --row 2 --width 80
check "S14_ the row's text stands below its layers" says "The row's text: a bad and gloomy night"
check "S14_ what the pool gives is a panel" says "mean_pool_1: 4 outputs"
run plot moods embedding --width 80
check "S166_ of texts what the pool gives is drawn" says "outputs of mean_pool_1, 4 dimensions in two"
run plot moods embedding --layer embedding_1 --csv
check "S166_ vectors of words are drawn as words" says ",gloomy"
run plot moods embedding --layer embedding_1 --part train
check "a table of words is of no data" refuses "leave data and part out"
run plot moods landscape --weights "embedding_9.table[0,0],output.bias[0]" --width 80
check "weights that are not there are refused with those that are" refuses "there are embedding_1."
run plot moods landscape --width 80
check "S125_ a landscape is drawn in the terminal" says "Loss landscape of moods"
check "S90_ it says whether a chord lies below the loss" grep -qE "Not convex|Chord test" "$out"
cp "$out" first
run plot moods landscape --width 80
check "the same landscape twice" cmp -s first "$out"
run train builtin:digits?rows=300 --net 128 --epochs 1 -o digits
run plot digits landscape --x path
check "a net without a recorded path says what records it" refuses "--record path"
run plot digits activations --row 5 --csv
check "S49_ a picture goes in as a picture" grep -q "^1,input,image" "$out"

exit $((failures > 0))
