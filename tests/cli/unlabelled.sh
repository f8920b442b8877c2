#!/bin/sh
# Texts without labels: a view of documents learns from them, texts of the test part are left out, what makes
# no sense is said, a run goes on with the vectors of its checkpoint.
. "$(dirname "$0")/kit"

# Texts of two topics; few with a label.
texts() { # texts SEED ROWS: topic, comma, text
    awk -v seed="$1" -v rows="$2" 'BEGIN {
        srand(seed)
        for (r = 0; r < rows; r++) {
            line = r % 2 ? "b," : "a,"
            for (w = 0; w < 24; w++)
                line = line (rand() < 0.2 ? (r % 2 ? "b" : "a") int(rand() * 200) : "c" int(rand() * 60)) " "
            print line
        }
    }'
}
{ echo label,text && texts 1 60; } >train.csv
{ echo label,text && texts 2 300; } >test.csv
texts 3 3000 | cut -d, -f2 >more.txt
sed -n '2,11p' test.csv | cut -d, -f2 >>more.txt
{ echo text && cat more.txt; } >more.csv
mkdir -p set/train/unsup && awk '{ f = sprintf("set/train/unsup/%04d.txt", NR); print > f; close(f) }' more.txt

train() { # train RUN ARGUMENT ...
    folder=$1
    shift
    run train train.csv --test test.csv --target label --seed 3 -o "$folder" "$@"
}
digest() { sed -n 's/^digest *//p' "$out"; }
accuracy() { sed -n 's/^accuracy *\([0-9.]*\).*/\1/p' "$out"; }

train plain
alone=$(accuracy)
train with --unlabelled more.txt
check "one text a line is learned from" same "$status" 0
check "texts of the test part are left out" grep -q "^            10 more are left out: the test or validation part" "$err"
check "the others are counted" grep -q "^unlabelled  more.txt: 3,000 texts$" "$err"
check "it says what is learned" grep -q \
    "^documents   learning vectors of [0-9,]* n-grams from 3,0[0-9][0-9] texts: 10 passes$" "$err"
check "and how long it took" grep -q "^            learned in [0-9.]* seconds$" "$err"
check "the view stands behind the usual ones" grep -q "; documents: 96 numbers a text, by 1-3-grams of words: " "$err"
more=$(accuracy)
check "few labels and many texts are better than few labels: $more % against $alone %" \
    awk "BEGIN { exit !($more > $alone) }"
first=$(digest)
train three --unlabelled more.txt --threads 3
check "three threads give the same" same "$(digest)" "$first"
train table --unlabelled more.csv
check "a table's column of text gives the same" same "$(digest)" "$first"
train folder --unlabelled set
check "so does a folder with train/unsup" same "$(digest)" "$first"
gzip -k more.txt
train packed --unlabelled more.txt.gz --text "words ngrams=2 weight=nb, documents"
check "so do packed lines, with the views named" same "$(digest)" "$first"
check "the source is recorded" grep -q '"unlabelled": "more.txt.gz"' packed/run.json

run predict with --set text="a text of some words that the vectors may know" --why
check "why: the output is that of the answer, vectors included" awk '
    / output: / { o = $1 } /^prediction/ { p = $3 + 0 }
    END { p /= 100; d = log(p / (1 - p)) - o; exit !(p > 0 && d < 0.06 && d > -0.06) }' "$out"

train wrong --unlabelled more.txt --text "words ngrams=2"
check "views that do not learn from them are refused" same "$status" 2
check "with the words that would" grep -q 'as in --text "words ngrams=2, documents"' "$err"
train wrong --unlabelled none.txt
check "so is a file that is not there" grep -q "none.txt: there is no such file" "$err"
cut -d, -f2 test.csv | sed 1d >all.txt
train wrong --unlabelled all.txt
check "and one whose texts are all in the test part" grep -q "the test or validation part has all of its 300 texts" "$err"
printf 'x,y\n1,2\n3,4\n5,6\n7,8\n9,1\n2,3\n' >numbers.csv
run train numbers.csv --target y --unlabelled more.txt -o wrong
check "and data without texts" grep -q "numbers.csv has no texts" "$err"
train wrong --text documents
check "too few texts are said to be" grep -q "too little to learn vectors from" "$err"

run predict with test.csv -o p.csv
check "it predicts" same "$status" 0

# A run that goes on has the vectors in its checkpoint: the texts need not be there any more.
train whole --unlabelled more.txt.gz --epochs 400 -q
whole=$(digest)
"$slope" train train.csv --test test.csv --target label --seed 3 -o cut --unlabelled more.txt.gz --epochs 400 -q \
    >/dev/null 2>&1 </dev/null &
while [ ! -e cut/last.safetensors ] && kill -0 $! 2>/dev/null; do
    sleep 0.01
done
kill -9 $! 2>/dev/null
wait $! 2>/dev/null
rm more.txt.gz
run train --resume cut
check "a killed run goes on without the unlabelled texts" same "$status" 0
check "and ends as one that was not killed" same "$(digest)" "$whole"
check "vectors are not learned again" same "$(grep -c 'learning vectors' "$err")" 0
finish
