#!/bin/sh
# why: models on texts explained: predict --why, errors with tags that are counted, probes, neighbours and maps of a
# run, what show says of texts.
. "$(dirname "$0")/kit"

# 240 reviews that one word decides: good or bad, with fillers; every tenth has "not", which turns it.
awk 'BEGIN {
    split("film plot scene actor music story camera ending", filler, " ")
    print "text,label"
    for (i = 0; i < 240; i++) {
        good = i % 2
        turned = i % 10 > 7
        printf "the %s and the %s were ", filler[i % 8 + 1], filler[int(i / 8) % 8 + 1]
        printf "%s%s", turned ? "not " : "", good ? "good" : "bad"
        for (k = 0; k < i % 13; k++)
            printf " %s", filler[(i * 3 + k) % 8 + 1]
        printf ",%s\n", good != turned ? "pos" : "neg"
    }
}' >reviews.csv
run train reviews.csv --target label --column text=text --text "words weight=none" --net "bag 1" --epochs 60 --lr 0.05 -o linear -q
check "a linear net" test "$status" = 0
run train reviews.csv --target label --column text=text --text "words weight=none" --net "embedding 4, mean_pool" --epochs 3 -o mean -q
check "a net of vectors" test "$status" = 0

# --- predict --why ---
run predict linear reviews.csv
cp "$out" plain.csv
run predict linear reviews.csv --why --top 2
check "predict --why: a last column" same "$(sed -n 1p "$out")" "prediction,p_neg,p_pos,why"
check "all else as without it" sh -c 'cut -d, -f1-3 "$1" | cmp -s - plain.csv' sh "$out"
check "two words a row, with their signs" awk 'NR > 1 && !/,"[+-][0-9.]+ [^ ]+, [+-][0-9.]+ [^ ]+"$/ { bad = 1 } END { exit bad || NR != 241 }' "$out"
check "the deciding word is the strongest" awk -F'"' 'NR > 1 { n += $2 ~ /^\+[0-9.]+ (good|bad),/ } END { exit n < 150 }' "$out"
run predict linear --set text="the plot was good & unheard" --why
check "one row as a screen" sh -c 'grep -q "^prediction  pos, " "$1" && grep -q "the log odds of pos" "$1" &&
    grep -Eq "^ +[+][0-9.]+ +good +1$" "$1" && grep -q "^3 of 5 words\|^2 of 5 words\|^1 of 5 words" "$1"' sh "$out"
run predict linear --set text="quite unheard of" --why
check "a text of unknown words" grep -q "^no word of the text is in the vocabulary" "$out"
# output = without + pushes, as each word has a weight of its own
check "pushes add up" awk '/ output: / { o = $1 } / without any word/ { e = $1 } / in sum/ { s = $1 }
    END { d = o - e - s; exit !(o != "" && d < 0.02 && d > -0.02) }' "$out"
if command -v script >/dev/null 2>&1; then
    env -u NO_COLOR TERM=xterm script -qec "$slope predict linear --set text='the plot was good' --why" /dev/null >seen 2>&1 </dev/null
    check "colours on a terminal" grep -q "$(printf '\033')\[1;32mgood" seen
    env NO_COLOR=1 TERM=xterm script -qec "$slope predict linear --set text='the plot was good' --why" /dev/null >seen 2>&1 </dev/null
    check "none where NO_COLOR is set" sh -c '! grep -q "$(printf "\033")" seen && grep -q "good" seen'
else
    echo "skip  colours: there is no script(1)"
fi
run train builtin:moons --net 4 --epochs 1 -o moons -q
run predict moons builtin:moons --why
check "a model without texts: the decisions alone" sh -c 'test "$1" = 0 && head -n 1 "$2" | grep -qx "prediction,p_0,p_1" &&
    grep -q "^prediction  *the likeliest class" "$3"' sh "$status" "$out" "$err"
run predict moons builtin:moons --why --top 3
check "--top where no words are told" sh -c 'test "$1" = 2 && grep -q "without texts" "$2"' sh "$status" "$err"
run predict linear reviews.csv --top 3
check "--top without --why" test "$status" = 2

# --- errors ---
run errors linear --top 60
check "S162_ tags that are counted" sh -c 'grep -Eq "^  negation +48 +20.00 %" "$1" && grep -Eq "^  all rows +240 " "$1"' sh "$out"
check "lines fit into 80 columns" awk 'length > 80 { bad = 1 } END { exit bad }' "$out"
wrong=$(sed -n 's/ of 240 rows are wrong.*//p' "$out")
check "S162_ errors of all rows and of a tag" awk -v wrong="$wrong" '$1 == "negation" { n = $6 } $1 == "all" { all = $7 }
    $1 == "contrast" { none = $6 } END { exit !(wrong > 0 && n > 0 && n <= wrong && all == wrong && none == 0) }' "$out"
check "S162_ and their rate" awk '$1 == "negation" { off = $7 - 100 * $6 / $2 } END { exit !(off < 0.01 && off > -0.01) }' "$out"
run errors linear --top 240 -o tags.csv
check "S162_ -o writes text and tags" sh -c 'test "$(sed -n 1p tags.csv)" = "row,truth,prediction,probability,loss,text,tag" &&
    test "$(grep -c " not .*negation" tags.csv)" = 48 && grep -q ",long; negation$" tags.csv'
run errors linear --tags tags.csv
check "S162_ the file goes round" grep -Eq "^  negation +48 " "$out"
run errors linear --top 1 --json
check "S162_ JSON" grep -q '"texts":{"text":"the .*"tag":"[^"]*negation.*"text_tags":\[{"tag":"short","rows":' "$out"

# --- probes, neighbours, maps ---
run vectors probe mean
check "S164_ halves that changed places are the same" sh -c 'sed -n 1,3p "$1" | grep -q "started well" &&
    sed -n 3p "$1" | grep -q "cosine 1.0000.*this model cannot tell them apart"' sh "$out"
check "S169_ the trophy and the suitcase are among them" grep -q "^b .*The trophy does not fit into the suitcase because it is too small.$" "$out"
check "not good is not good" awk '/was not good/ { getline; exit !/other features/ } ' "$out"
printf 'a,b\n"the plot was good","good the plot was"\n"film, film",film\n' >pairs.csv
run vectors probe mean pairs.csv --json
check "pairs of one's own" sh -c 'grep -q "\"same_features\":true" "$1" && grep -q "\"same_features\":false" "$1"' sh "$out"
printf 'a,c\nx,y\n' >pairs.csv
run vectors probe mean pairs.csv
check "no columns a and b" sh -c 'test "$1" = 2 && grep -q "no columns a and b" "$2"' sh "$status" "$err"
run vectors probe moons
check "probe wants texts" sh -c 'test "$1" = 2 && grep -q "reads no texts" "$2"' sh "$status" "$err"
run vectors near good mean --top 3
check "neighbours in a run" sh -c 'test "$(grep -c "^-*[01][.][0-9]*  [a-z]*$" "$1")" = 3' sh "$out"
run vectors near good linear
check "weights are no vectors" sh -c 'test "$1" != 0 && grep -q "a weight each" "$2"' sh "$status" "$err"
run vectors map mean reviews.csv -o map.csv
check "S166_ a point a text" sh -c 'test "$(wc -l <map.csv)" -eq 241 && test "$(sed -n 1p map.csv)" = "x,y,class,prediction,text" &&
    grep -q "of the variance of 240 texts" "$1"' sh "$err"

# --- show ---
run show linear
check "show: the heaviest words" sh -c 'grep -Eq "^for pos +good [0-9.]+" "$1" && grep -Eq "^for neg +bad [0-9.]+" "$1"' sh "$out"
check "show: how texts become features" sh -c 'grep -q "^texts  *words: " "$1" && grep -q "^tokenizer  *its defaults" "$1" &&
    grep -q "^most often  *the " "$1"' sh "$out"
run show linear --json
check "show: JSON" grep -q '"texts":{"views":"words: .*"heaviest":{"neg":\[{"feature":"bad"' "$out"
run show mean
check "a net of vectors has no heaviest words" sh -c '! grep -q "^for pos" "$1" && grep -q "for a training step" "$1"' sh "$out"

finish
