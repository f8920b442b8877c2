#!/bin/sh
# explain RUN: rows of data from the raw text to the answer, a step of training with them, and what is refused.
. "$(dirname "$0")/kit"

says() { # says WORDS: in what was written
    grep -qF -- "$1" "$out"
}
refused() { # refused WORDS: exit status 2, and the sentence has these words
    [ "$status" = 2 ] && grep -qF -- "$1" "$err" && [ ! -s "$out" ]
}
near() { # near A B: the same to float precision
    awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; d = d < 0 ? -d : d; exit !(a != "" && b != "" && d <= 1e-6 + 2e-6 * (b < 0 ? -b : b)) }'
}
shown() { # shown NAME: what the JSON says of it
    sed -n 's/.*"'"$(printf %s "$1" | sed 's/[][]/\\&/g')"'": *\([^,}]*\).*/\1/p' "$out"
}

# petals of three kinds, and houses with a price: numbers that awk makes
awk 'BEGIN {
    print "length,width,place,kind"
    for (i = 1; i <= 90; i++) {
        k = i % 3
        printf "%.1f,%.2f,%s,%s\n", 3 + 2 * k + (i * 37 % 17) / 10, 1 + k + (i * 53 % 19) / 20, (i % 5 < 2 ? "wood" : i % 5 < 4 ? "lake" : "hill"),
            (k == 0 ? "dwarf" : k == 1 ? "plain" : "tall")
    }
}' >petals.csv
run train petals.csv --target kind --net "6 relu" --epochs 30 -o petals -q
check "a run to explain" same "$status" 0

for row in 1 7 18; do
    run explain petals petals.csv --row $row --predict --json
    cp "$out" explained.json
    run predict petals petals.csv -o all.csv
    line=$(sed -n "$((row + 1))p" all.csv)
    cp explained.json "$out"
    check "row $row: p[0] is what slope predict says" near "$(shown 'p[0]')" "$(echo "$line" | cut -d, -f2)"
    check "row $row: p[1]" near "$(shown 'p[1]')" "$(echo "$line" | cut -d, -f3)"
    check "row $row: p[2]" near "$(shown 'p[2]')" "$(echo "$line" | cut -d, -f4)"
done

run explain petals petals.csv --row 7
length=$(sed -n 8p petals.csv | cut -d, -f1)
check "a title" says "row 7 of petals.csv"
check "the raw number" says "length: $length"
check "the word" says "place: $(sed -n 8p petals.csv | cut -d, -f3)"
check "the arithmetic of a standardised number" grep -Eq "^ +x\[0\] = \($length - [0-9.]+\)/[0-9.]+ = -?[0-9.]+$" "$out"
check "the target" says "kind: $(sed -n 8p petals.csv | cut -d, -f4)"
check "the classes' numbers" says "0 dwarf, 1 plain, 2 tall"
check "the answer" grep -Eq "answer: (dwarf|plain|tall), p = 0?\.?[0-9.e-]+; true: plain" "$out"
check "the optimizer of the run" says "the model's optimizer adam begins anew"
check "forward, loss, backward and update" sh -c 'for part in inputs forward answer loss backward update; do grep -qx "$part" "$1" || exit 1; done' sh "$out"
check "no line is wider than 80 columns" awk 'length($0) > 80 { bad = 1; print "      | " $0 } END { exit bad }' "$out"

run explain petals petals.csv --row 3,7 --forward
check "two rows are a batch" sh -c 'grep -q "^rows 3, 7 of petals.csv" "$1" && grep -qx "row 3" "$1" && grep -qx "row 7" "$1"' sh "$out"
run explain petals petals.csv --rows 3-9 --depth 1
check "so are rows 3 to 9" says "rows 3 to 9 of petals.csv"
run explain petals petals.csv --row 7 --steps 3 --optimizer sgd --lr 0.5
check "three steps" sh -c 'grep -q "^step 3" "$1" && grep -q "^sgd: lr = 0.5$" "$1"' sh "$out"
run explain petals petals.csv --row 7 --freeze dense_1
check "--freeze" says "W1, b1 are frozen"
run train petals.csv --target kind --net "6 relu freeze=yes" --epochs 2 -o still -q
run explain still petals.csv --row 7
check "a layer that the run froze stays frozen" says "W1, b1 are frozen"
run explain petals --row 2
check "without DATA: the run's" sh -c 'test "$1" = 0 && grep -q "^row 2 of " "$2"' sh "$status" "$out"
run explain petals/model.safetensors petals.csv --row 2 --predict
check "a model file alone" sh -c 'test "$1" = 0 && grep -q "^row 2 of petals.csv" "$2"' sh "$status" "$out"

# a schedule: the step size of the last step, as metrics.csv has it
run train petals.csv --target kind --net "3 tanh" --epochs 5 --schedule cosine --lr 0.01 -o cosine -q
last=$(tail -n 1 cosine/metrics.csv | cut -d, -f3)
run explain cosine petals.csv --row 2
check "lr is that of the last step" says "lr is $last, that of the run's last step, by the schedule cosine"
run train petals.csv --target kind --net "3 tanh" --epochs 2 --class-weight balanced -o balanced -q
run explain balanced petals.csv --row 2 --forward --json
check "weights of classes are there" test "$status" = 0

# numbers, back in their own units
awk 'BEGIN { print "rooms,area,price"; for (i = 1; i <= 80; i++) printf "%d,%d,%d\n", 1 + i % 5, 30 + i * 41 % 97, 1000 * (50 + 3 * (30 + i * 41 % 97) + 20 * (i % 5)) }' >houses.csv
for how in "" "--target-scale standard" "--target-scale log" "--interval 90"; do
    # shellcheck disable=SC2086
    run train houses.csv --target price --net "4 tanh" --epochs 20 --lr 0.01 $how -o houses --overwrite -q
    run predict houses houses.csv -o prices.csv
    run explain houses houses.csv --row 5 --predict --json
    check "houses $how: the prediction is slope predict's" near "$(shown prediction)" "$(sed -n 6p prices.csv | cut -d, -f1)"
    run explain houses houses.csv --row 5
    check "houses $how: what is true" says "true: $(sed -n 6p houses.csv | cut -d, -f3)"
done
check "houses: the upper bound" near "$(run explain houses houses.csv --row 5 --predict --json; shown high)" "$(sed -n 6p prices.csv | cut -d, -f3)"

# rows without a target keep their places
cut -d, -f1,2 houses.csv >bare.csv
sed '4s/,[^,]*$/,/' houses.csv >holes.csv
run explain houses bare.csv --row 5
check "no column of targets: the way forward alone" sh -c 'grep -q "no targets, so there is no loss" "$1" && ! grep -qx backward "$1"' sh "$out"
run explain houses holes.csv --row 3
check "a row without a target" sh -c 'grep -q "row 3 has no target" "$1" && ! grep -qx loss "$1"' sh "$out"
run explain houses holes.csv --row 4
check "the row behind it is still number 4" says "true: $(sed -n 5p houses.csv | cut -d, -f3)"
run explain houses bare.csv --row 5 --backward
check "no way back without a target" refused "without a target there is no loss"

# pictures and texts
run train "builtin:digits?rows=300" --net "128 relu, dropout 0.2" --steps 20 -o digits -q
run explain digits --row 3
check "digits: dots over 255" grep -Eq "^ +x\[[0-9]+\] = [0-9]+/255 = 0\.[0-9]+$" "$out"
check "digits: what is left out is counted" grep -Eq "^ +\.\. [0-9]+ more like these \.\.$" "$out"
check "digits: readable" awk 'END { exit !(NR < 400) }' "$out"
check "digits: dropout is said" says "dropout_1 draws at random here"
run train "builtin:spiral?rows=60" --net "4 tanh, batch_norm, noise 0.1, 3 relu" --steps 20 -o normed -q
run explain normed --rows 4-6
check "batch norm is said" says "batch_norm_1 takes the mean and deviation of these rows"
run explain normed --row 4 --predict --json
cp "$out" normed.json
run predict normed "builtin:spiral?rows=60" -o normed.csv
cp normed.json "$out"
check "batch norm and noise as slope predict has them" near "$(shown "p[1]")" "$(sed -n 5p normed.csv | cut -d, -f3)"
run explain digits --row 3 --depth 3
check "digits: depth 3 is refused, depth 2 offered" refused "take --depth 2"
run explain digits --row 3 --predict --json
cp "$out" digits.json
run predict digits "builtin:digits?rows=300" -o digits.csv
cp digits.json "$out"
check "digits: p[7] is what slope predict says" near "$(shown 'p[7]')" "$(sed -n 4p digits.csv | cut -d, -f9)"
awk 'BEGIN { for (i = 1; i <= 60; i++) print "__label__" (i % 2 ? "good a fine film " i % 7 : "bad a dull film " i % 5) }' >films.txt
run train films.txt --net "embedding 4, mean_pool, 3 relu" --epochs 5 -o films -q
run explain films films.txt --row 1
check "texts: the text, and which features it has" sh -c 'test "$1" = 0 && grep -q "^text: a fine film" "$2" && grep -q "fine (" "$2"' sh "$status" "$out"
run train builtin:spiral --net "3 tanh" --steps 20 -o spiral -q
run explain spiral --row 4
check "in a step the probability stands in the loss alone" test "$(grep -Ec '^ +p\[' "$out")" = 1
run explain spiral --row 4 --predict
check "plain numbers" grep -Eq "^ +x\[1\] = -?[0-9.]+$" "$out"
check "two classes, one output" grep -Eq "^ +p\[1\] = 1/\(1 \+ exp\(-?-?\(?-?[0-9.]+\)?\)\) = 0?\.?[0-9.e-]+$" "$out"

# what is refused
run explain petals petals.csv --row 91
check "a row that there is not" refused "row 91 of petals.csv: it has 90"
run explain petals petals.csv --row 0
check "row 0" refused "rows count from 1"
run explain petals petals.csv --row 5-3
check "a range that falls" refused "is no row"
run explain petals petals.csv --row x
check "no number" refused "is no row"
run explain nowhere --row 3
check "no such run" refused "nowhere"
run explain petals --net "3 relu" --row 3
check "a RUN and --net" refused "--net and petals"
run explain petals --weights 1,2 --row 3
check "a RUN and --weights" refused "--weights and petals"
run explain petals --x 1,2
check "a RUN and --x" refused "--x and petals"
run explain --net "1 relu" --x 1 --y 1 --row 3
check "--row without a RUN" refused "--row is of a trained model"
run explain petals/model.safetensors --row 3
check "a model file without DATA" refused "DATA is missing"
run explain petals houses.csv --row 3
check "columns that are others" refused "length"
run explain petals petals.csv --row 3 --predict --lr 0.1
check "--predict is no step" refused "--predict and --lr"
run explain petals petals.csv --row 3 --rows 4
check "--row and --rows" refused "say the same"
run explain petals petals.csv --row 3 --freeze dense_9
check "a layer that there is not" refused "dense_9"

iris=${SLOPE_SOURCE_ROOT:-.}/../shared/data/tabular/iris.csv
if [ -f "$iris" ]; then
    target=$(head -n 1 "$iris" | tr -d '\r' | awk -F, '{ print $NF }')
    run train "$iris" --target "$target" --net "8 relu" --epochs 20 -o iris -q
    run explain iris "$iris" --row 150 --predict
    check "iris: the last row" sh -c 'test "$1" = 0 && grep -q "answer: .*virginica" "$2"' sh "$status" "$out"
    run explain iris "$iris" --row 200
    check "iris: row 200" refused "it has 150"
else
    echo "skip  iris.csv: ../shared/data is not here"
fi
finish
