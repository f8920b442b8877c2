#!/bin/sh
# Texts from end to end: from raw files to a model that is evaluated, and predicts.
. "$(dirname "$0")/kit"

data=${SLOPE_SOURCE_ROOT:?}/../shared/data
accuracy() { # KEY of the JSON in $out
    tr ',{}' '\n\n\n' <"$out" | sed -n "s/^ *\"$1\": *//p" | head -n 1
}
above() { # VALUE LOWEST
    awk -v is="$1" -v lowest="$2" 'BEGIN { exit !(is != "" && is >= lowest) }'
}

# --- made here: what a review says is turned round by "not", so single words say nothing of it
awk 'BEGIN {
    split("lovely clever funny warm great", fine); split("dull silly boring ugly terrible", poor)
    split("film story ending scene evening", thing)
    print "id,label,text"
    for (i = 1; i <= 800; i++) {
        no = int(i / 2) % 2; positive = i % 2
        word = positive != no ? fine[1 + i * 7 % 5] : poor[1 + i * 11 % 5]
        printf "r%d,%s,\"On day %d, the %s was %s%s, as my friend said.\"\n", i, positive ? "pos" : "neg",
            i * 37 % 365, thing[1 + i * 13 % 5], no ? "not " : "", word
    }
}' >reviews.csv
awk 'NR == 1 { print $0 ",stars"; next } { print $0 "," 1 + NR * 17 % 5 }' reviews.csv >stars.csv

run train reviews.csv --target label --test 0.25 --json -o defaults
check "a column of sentences is read without any option" test "$status" = 0
check "it is said what the columns are" grep -q ' text  *text  *its words are learned from; free text: ' "$err"
check "the defaults tell not good from good" above "$(accuracy test_accuracy)" 0.99
share=$(accuracy test_accuracy)
run eval defaults --json
check "eval measures the same rows alike" same "$(accuracy accuracy)" "$share"

logistic="--net linear --optimizer adagrad --lr 0.3 --schedule polynomial --epochs 20"
for ngrams in 1 2; do
    # shellcheck disable=SC2086 # an option a word
    run train reviews.csv --target label --test 0.25 --text "words ngrams=$ngrams weight=nb" $logistic --json -o grams$ngrams
    accuracy test_accuracy >grams$ngrams.share
done
check "S150_ single words cannot tell not good from good" awk '{ exit !($1 < 0.65) }' grams1.share
check "S150_ pairs of words can" awk '{ exit !($1 > 0.99) }' grams2.share

printf 'text\n"The story was not funny, as my friend said."\n"The story was not boring."\n""\nzzz\n' >new.csv
run predict defaults new.csv
check "texts alone are enough to predict" test "$status" = 0
check "a row for each, the empty one and the unknown one too" same "$(wc -l <"$out")" 5
check "not funny is bad, not boring is good" \
    same "$(sed -n '2,3s/.*\(neg\|pos\).*/\1/p' "$out" | tr '\n' ' ')" "neg pos "

# --- words, numbers and categories that each tell a part: one net has to heed them all
awk 'function rnd() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function words(side,    i, n, at, line) {
    n = 8 + int(rnd() * 16); at = int(rnd() * n); line = ""
    for (i = 0; i < n; i++)
        line = line " " (i == at && side ? (side > 0 ? fine[1 + int(rnd() * 5)] : poor[1 + int(rnd() * 5)]) \
                                         : dull[1 + int(rnd() * 20)])
    return substr(line, 2)
}
BEGIN {
    seed = 7; split("lovely clever funny warm great", fine); split("boring silly awful ugly terrible", poor)
    split("the film story ending was we saw it on a rainy day with my friend then went home by bus", dull)
    for (i = 0; i < 3000; i++) {
        if (i % 1500 == 0) { file = i ? "both-test.csv" : "both.csv"; print "y,title,body,price,colour" >file }
        s = int(rnd() * 3) - 1; t = int(rnd() * 3) - 1; c = int(rnd() * 3) - 1; x = rnd() * 4 - 2
        z = s + t + x + 0.7 * c
        print (rnd() < 1 / (1 + exp(-3 * z)) ? "yes" : "no") "," words(s) "," words(t) "," x "," \
            (c < 0 ? "blue" : c ? "red" : "green") >file
    }
}'
run train both.csv --target y --test both-test.csv --json -o both
both=$(accuracy test_accuracy) loss=$(accuracy test_loss)
run train both.csv --target y --test both-test.csv --json -o words --column price=ignore --column colour=ignore
words=$(accuracy test_accuracy)
run train both.csv --target y --test both-test.csv --json -o numbers --column title=ignore --column body=ignore
numbers=$(accuracy test_accuracy)
check "texts beside numbers are better than the numbers" above "$both" "$(awk -v is="$numbers" 'BEGIN { print is + 0.08 }')"
check "and than the texts" above "$both" "$(awk -v is="$words" 'BEGIN { print is + 0.08 }')"
check "and it does not end sure of what is wrong" above "-${loss:-9}" -0.45

# --- nets that read texts
for pool in mean max attention; do
    run train reviews.csv --target label --test 0.25 --text "words ngrams=2" --lr 0.01 --epochs 8 --json -o $pool \
        --net "embedding 16 drop=0.2, ${pool}_pool, 8 relu"
    value digest <"$out" >$pool.digest
    check "S157_ learned embeddings with ${pool}_pool learn it" above "$(accuracy test_accuracy)" 0.95
done
check "S157_ the three pools are three models" same "$(sort -u mean.digest max.digest attention.digest | wc -l)" 3
run train reviews.csv --target label --test 0.25 --text "words ngrams=2" --lr 0.01 --epochs 8 --threads 3 --json -o threads \
    --net "embedding 16 drop=0.2, attention_pool, 8 relu"
check "three threads: the same bits" same "$(value digest <"$out")" "$(cat attention.digest)"

run vectors reviews.csv -o words.vec --size 12 --epochs 2 --quiet
run train reviews.csv --target label --test 0.25 --vectors words.vec --epochs 2 --batch 64 --json -o frozen \
    --net "embedding 12 freeze=yes, mean_pool, 128 relu"
check "frozen vectors are averaged under a hidden layer" test "$status" = 0
check "how many words have none is said" grep -q 'out of vocabulary: [0-9.]* %' "$err"

run train stars.csv --target stars --test 0.25 --task regression --epochs 3 --json -o number
check "texts that tell a number" test "$status" = 0 -a -n "$(accuracy test_rmse)"
run train stars.csv --target label --test 0.25 --column stars=number --epochs 3 --json -o beside
check "texts beside a number" grep -q '1 column of text' "$err"

# --- the same texts in the field's other forms
sed 1d reviews.csv | sed 's/^r[0-9]*,\([a-z]*\),"\(.*\)"$/__label__\1 \2/' >lines.txt
run train lines.txt --test 0.25 --json -o lines
check "fastText's lines, their label is the target" above "$(accuracy test_accuracy)" 0.99
mkdir -p folder/train/pos folder/train/neg
awk '{ print substr($0, index($0, " ") + 1) >("folder/train/" substr($1, 10) "/" NR ".txt") }' lines.txt
run train folder --test 0.25 --json -o files
check "a folder with a folder a class" above "$(accuracy test_accuracy)" 0.99

# --- what is too much, and nothing at all
{ printf '__label__a '; head -c 17000000 /dev/zero | tr '\0' x; printf '\n__label__b x\n'; } >long.txt
run train long.txt -o long
check "a text above 16 MB is named by its line, not by quotes that nobody wrote" \
    grep -q 'long.txt, line 1: longer than 16 MB' "$err"
awk 'BEGIN { for (i = 0; i < 20; i++) print "__label__" i % 2 " " }' >empty.txt
run train empty.txt -o empty
check "texts without a word" grep -q 'there is no word in the texts of the .* training rows' "$err"
check "are wrong input" same "$status" 2
awk 'BEGIN { for (i = 0; i < 2200; i++) print "__label__c" i % 1100 " this is about thing" i % 1100 }' >thousand.txt
run train thousand.txt --epochs 1 --json -o thousand
check "more classes than naive Bayes compares: the default takes other weights" same "$status" 0

limited() { # with 16 GB of addresses
    bash -c 'ulimit -v 16000000 && exec "$@"' bash "$@"
}
if limited "$slope" --version >/dev/null 2>&1; then # sanitizers want all addresses there are
    awk 'BEGIN { for (i = 0; i < 200000; i++) print "__label__c" i % 100000 " word" i % 997 " of " i % 100000 }' >labels.txt
    limited "$slope" train labels.txt --json -o labels >"$out" 2>"$err"
    check "100,000 classes: where the memory ends, what is too large is named" \
        grep -q 'the net has [0-9,]* numbers (fewer .*: out of memory: ' "$err"
    check "and nothing is left behind" test ! -e labels
    limited "$slope" train labels.txt --net "bag 8" --text "words most=100" --json -o labels >"$out" 2>"$err"
    check "and so is a confusion matrix" grep -q 'the confusion matrix (fewer classes need less): out of memory: ' "$err"
else
    echo "skip  100,000 classes: this program does not start with 16 GB of addresses"
fi

# --- real ones
imdb=$data/imdb
if [ -e "$imdb/train.csv.gz" ]; then
    gzip -dc "$imdb/train.csv.gz" | head -n 4001 >train.csv
    gzip -dc "$imdb/test.csv.gz" | head -n 2001 >test.csv
    run train train.csv --test test.csv --target label --json -o imdb
    check "IMDB, 4,000 reviews: the defaults are above 86 %" above "$(accuracy test_accuracy)" 0.86
    run vectors train.csv -o imdb.bin --size 50 --epochs 2 --quiet
    run train train.csv --test test.csv --target label --vectors imdb.bin --epochs 3 --batch 64 --json -o averaged \
        --net "embedding 50 freeze=yes, mean_pool, batch_norm, 128 relu"
    check "S159_ IMDB from averaged vectors with a hidden layer of 128" above "$(accuracy test_accuracy)" 0.7
else
    echo "skip  IMDB: $imdb is not here"
fi
ag=$data/ag-news-small
if [ -e "$ag/train.csv" ]; then
    run train "$ag/train.csv" --test "$ag/test.csv" --target label --json -o ag
    check "S163_ AG News, four classes, 10,000 rows: above 88 % by default" above "$(accuracy test_accuracy)" 0.88
    check "S163_ by cross entropy" grep -q '^loss  *cross_entropy' "$err"
else
    echo "skip  AG News: $ag is not here"
fi

run train nothere.csv --target y --text wards
check "wrong words of --text are told before anything is read" grep -q "unknown view .wards." "$err"
run train texts.csv --target y --text "words" --tokenizer case=up
check "and those of --tokenizer" grep -q "case is up" "$err"
finish
