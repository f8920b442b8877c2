#!/bin/sh
# vectors: word vectors learned from texts, the same for all threads and instruction sets; near, map, bad input.
. "$(dirname "$0")/kit"

# two topics of twelve words each, and four words that belong to none; a text a line
awk 'BEGIN {
    x = 1
    for (text = 0; text < 1500; text++) {
        line = ""
        for (i = 0; i < 12; i++) {
            x = (x * 16807) % 2147483647
            word = i % 3 == 2 ? "w" x % 4 : (text % 2 ? "Fish" : "tree") int(x / 7) % 12
            line = line word " "
        }
        print line
    }
}' | tr '0123456789' 'abcdefghij' >texts.txt
gzip -k texts.txt
{
    echo "label,text"
    awk '{ printf "%d,\"%s <br />\"\n", NR % 2, $0 }' texts.txt
} >texts.csv

run vectors texts.txt -o a.vec --size 20 --threads 1 --json
digest=$(value digest <"$out")
check "learned, as JSON" test "$status" = 0 -a "$(value words <"$out")" = 28 -a "$(value size <"$out")" = 20
for threads in 2 3 7; do
    run vectors texts.txt -o b.vec --size 20 --threads $threads --json
    check "the same digest with $threads threads" same "$(value digest <"$out")" "$digest"
done
check "and the same file" cmp -s a.vec b.vec
for isa in plain avx2 avx512; do
    SLOPE_ISA=$isa run vectors texts.txt -o b.vec --size 20 --json
    if grep -q SLOPE_ISA "$err"; then
        echo "skip  $isa (this machine lacks it)"
    else
        check "the same digest with $isa" same "$(value digest <"$out")" "$digest"
    fi
done
run vectors texts.txt -o b.vec --size 20 --seed 2 --json
check "another one from another seed" test "$(value digest <"$out")" != "$digest"
run vectors texts.txt.gz -o b.vec --size 20 --json
check "packed texts" same "$(value digest <"$out")" "$digest"
run vectors texts.csv -o b.vec --size 20 --json
check "the column of texts of a CSV file" same "$(value words <"$out")" 28
"$slope" vectors - -o b.vec --size 20 --json <texts.txt >"$out" 2>"$err"
check "the standard input" same "$(value digest <"$out")" "$digest"
sed 's/^/__label__a __label__b /' texts.txt >labelled.txt
run vectors labelled.txt -o b.vec --size 20 --json
check "labels are no words" same "$(value digest <"$out")" "$digest"
head -n 700 texts.txt >one.txt
sed 1,700d texts.txt >two.txt
run vectors one.txt two.txt -o b.vec --size 20 --json
check "several files are one text" same "$(value digest <"$out")" "$digest"

run vectors texts.txt -o a.bin --size 20 --json
check "a binary file holds the same" sh -c 'test "$1" = "$2" && test "$(wc -c <a.bin)" -lt 3000' sh \
    "$(value digest <"$out")" "$digest"
for file in a.vec a.bin; do
    run vectors near TREEb $file --top 11
    check "near, of $file: words of the same topic" sh -c \
        'test "$(grep -c "^0[.][0-9]*  tree" "$1")" = 11 && test "$(wc -l <"$1")" = 11' sh "$out"
done
run vectors near treeb a.vec --top 3 --json
check "near, as JSON" grep -Eq '^\{"word":"treeb","near":\[\{"word":"tree[a-z]*","cosine":0\.[0-9]+\}(,.*){2}\]\}$' "$out"
run vectors map a.vec treea treeb treec fisha fishb -o map.csv
check "map: the topics lie on different sides" awk -F, 'NR == 1 { ok = $0 == "word,x,y" }
    /^tree/ { tree += $2 > 0 } /^fish/ { fish += $2 < 0 } END { exit !(ok && NR == 6 && (tree == 3 && fish == 2 || tree + fish == 0)) }' map.csv
run vectors map a.vec
check "map: all words" test "$(wc -l <"$out")" = 29
for model in skipgram cbow; do
    run vectors texts.txt -o b.vec --size 20 --model $model --subwords 3..5 --threads 1 --json
    one=$(value digest <"$out")
    run vectors texts.txt -o b.vec --size 20 --model $model --subwords 3..5 --threads 3 --json
    check "subwords, $model: the same for all threads, other than without" test "$(value digest <"$out")" = "$one" \
        -a "$one" != "$digest"
done

refused() { # refused WHAT WORDS ARGUMENT ...
    what=$1 words=$2
    shift 2
    run vectors "$@"
    check "$what" sh -c 'test "$1" = 2 && test ! -s "$2" && grep -q -e "$3" "$4"' sh "$status" "$out" "$words" "$err"
}
refused "no texts" "TEXT is missing"
refused "no -o" "-o FILE is missing" texts.txt
refused "a file that is not there" "nothere.txt: cannot be opened" nothere.txt -o c.vec
refused "subwords that are no numbers" "3..6" texts.txt -o c.vec --subwords 3-6
refused "a word that is not there" "has no word 'tree': did you mean 'tree" near tree a.vec
refused "near without a file" "near wants a WORD and a FILE" near tree
refused "map without a file" "map wants a FILE" map
refused "no file of vectors" "no word with its numbers" near a texts.txt
refused "words too rare" "smaller --least" texts.txt -o c.vec --least 100000
printf 'good\nb\351d\n' >latin.txt
refused "bytes that are no UTF-8" "line 2: byte 2, 0xe9, is no UTF-8" latin.txt -o c.vec
printf 'a,b\n1,2\n3,4\n' >numbers.csv
refused "a table without texts" "none of its columns holds texts" numbers.csv -o c.vec
refused "an unknown word for the tokenizer" "case" texts.txt -o c.vec --tokenizer "case=huge"
head -c 700 a.bin >cut.bin
refused "a binary file that is cut short" "cut short" near treea cut.bin
check "nothing was written" test ! -e c.vec
run vectors texts.txt -o /nowhere/c.vec
check "a file that cannot be written" test "$status" = 1

finish
