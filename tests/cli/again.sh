#!/bin/sh
# again.sh SLOPE: the command that slope report prints makes the run again: run as a shell reads it, it ends with the
# same digest, whatever was asked for and however it has to be quoted.
. "$(dirname "$0")/kit"

mkdir bare # without gnuplot and dot a report is quick
awk 'BEGIN {
    print "a,\"it\047s \"\"b\"\" $(touch pwned)\",when,the kind,owner"
    for (i = 0; i < 160; i++)
        printf "%d,%.2f,2024-%02d-%02d,%s,%d\n", i * 37 % 101 - 50, i * i % 61 / 7, i / 28 % 12 + 1, i % 28 + 1,
            (i * 37 % 101 > 50 ? "yes sir" : "-no"), i % 20
}' >'odd name=1.csv'
awk 'BEGIN {
    print "-x;y\tz;label"
    for (i = 0; i < 120; i++) printf "%d,5;-%d,25;%d\n", i % 13, i % 7, (i % 13 + i % 7 > 8)
}' >./-semi.csv
tr ';' '\t' <./-semi.csv | sed '1s/.*/-x\tz\tlabel/' >tabs.tsv
awk 'BEGIN {
    split("good bad fine dull long short film plot actor story", w, " ")
    print "text,score,label"
    for (i = 0; i < 400; i++) {
        line = ""
        for (k = 0; k < 6; k++) line = line w[(i * 7 + k * k * 3 + i % 3) % 10 + 1] " "
        printf "%s,%d,%s\n", line, i % 9, (i * 7 + i % 3) % 10 < 5 ? "pos" : "neg"
    }
}' >texts.csv
printf '%s\n' 'good 0.1 0.2 0.3' 'bad -0.1 0.4 0' 'film 0 0.5 -0.25' 'plot 1 0 0' >v.vec
printf '%s\n' 'the plot is long' 'a good actor' 'dull film' 'short story and plot' >more.txt

number=0
# again ARGUMENT ...: trained twice: as asked for, and as the report of that says
again() {
    number=$((number + 1))
    run train "$@" -o "first$number" -q --json
    if [ "$status" != 0 ]; then
        fail "train $*: $(head -n 3 "$err")"
        return
    fi
    digest=$(sed 's/.*"digest": *"\([0-9a-f]*\)".*/\1/' "$out")
    PATH=$PWD/bare "$slope" report "first$number" -q >"$out" 2>"$err" || fail "report of train $*: $(cat "$err")"
    command=$(tr '\n' '\001' <"first$number/report.html" |
        sed 's/.*<pre class="command">slope \(train [^<]*\)<.*/\1/' | tr '\001' '\n' |
        sed "s/&#39;/'/g; s/&quot;/\"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g")
    eval "run $command -o second$number -q --json"
    given=$(sed 's/.*"digest": *"\([0-9a-f]*\)".*/\1/' "$out")
    if [ "$given" = "$digest" ]; then
        pass "the same digest: slope $command"
    else
        fail "$digest, then $given $(head -n 3 "$err"): train $* -- slope $command"
    fi
}

again builtin:moons
again "builtin:spiral?rows=90&noise=0.1&seed=7" --net "6 tanh, dropout 0.2, residual [6 relu, 6]" --steps 40 --batch all \
    --optimizer "rmsprop rho=0.8" --lr 0.0123456789 --schedule "step every=10 factor=0.5" --warmup 0.1 --seed 18446744073709551615
again builtin:moons --net "8 leaky_relu slope=0.1" --epochs 6 --patience 0 --optimizer adamw --decay 0 --validation 0 \
    --init "normal std=0.1" --seed 3
again builtin:moons --epochs 5 --patience 2 --optimizer nesterov --momentum 0.7 --clip-norm 0.5 --clip-value 1e-3 \
    --l1 1e-4 --max-norm 2 --average 0.9 --accumulate 2 --sampling replace --lr-batch 64 --validation 0.25
again builtin:gauss --epochs 3 --optimizer adam --beta1 0.8 --beta2 0.99 --epsilon 1e-5 --decay 1e-3 --l1-prox 1e-3 \
    --class-weight "2, 1" --loss "binary_cross_entropy smoothing=0.1"
again builtin:plane --task regression --net "4 tanh" --epochs 4 --loss "huber delta=0.5" --target-scale standard
again builtin:plane --interval 90 --epochs 4
again "builtin:digits?rows=300&test_rows=100" --augment "rotate 10, shift 1" --net "16 relu" --epochs 2 --record path --memory 300M
again 'odd name=1.csv' --target 'the kind' --column "it's \"b\" \$(touch pwned)=quantile bins=4" --column "a=fourier 8 std=2" \
    --column owner=ignore --test 0.2 --epochs 3 --missing "default,-999" --skip-check leakage,identifier \
    --class-weight "-no=3, yes sir=1"
again 'odd name=1.csv' --target 'the kind' --split time=when --test 0.25 --epochs 3 --numbers "quantile bins=8"
again 'odd name=1.csv' --target a --group owner --weight "it's \"b\" \$(touch pwned)" --test 0.2 --epochs 3 --task regression
again tabs.tsv --target label --delimiter tab --decimal , --epochs 3 --loss "cross_entropy" --validation tabs.tsv --skip-check shared_rows
again ./-semi.csv --target=-x --delimiter ";" --decimal , --epochs 3 --task regression
again texts.csv --column text=text --target label --text "words ngrams=2 weight=nb, characters from=3 ngrams=4" --tokenizer "case=keep marks=drop" \
    --test 0.2 --column score=ignore
again texts.csv --column text=text --target label --net "embedding 3, mean_pool, 4 relu" --vectors v.vec --epochs 3 --column score=category
again texts.csv --column text=text --target label --text "characters from=1 ngrams=2" --epochs 2 --encoding latin1

# a run of folds: the command makes all of them
run train builtin:moons --net "4 tanh" --folds 3 --epochs 2 -o folds -q
PATH=$PWD/bare "$slope" report folds/fold-2 -q 2>"$err"
check "of a fold it is said which it is" grep -q "trains 3 folds; this run is fold 2 of them" folds/fold-2/report.html
check "counted as the folders are" sh -c '! grep -q "<th>fold</th>" folds/fold-2/report.html'
for words in "report folds" "plot folds" "plot folds confusion" "compare folds folds/fold-1" "eval folds"; do
    # shellcheck disable=SC2086
    run $words
    check "slope $words: exit 2, and a fold is named" sh -c 'test "$1" = 2 && grep -q "such as folds/fold-1" "$2"' sh "$status" "$err"
done
run compare folds/fold-1 folds/fold-2 --json
check "compared, folds are counted from 1" grep -q '"fold":"1".*"fold":"2"' "$out"

# figures that do not fit are left out without a word
run train builtin:moons --epochs 3 -o linear -q
PATH=$PWD/bare "$slope" report linear 2>"$err"
check "no layer saturates, and nobody is told" sh -c '! grep -q "saturat" "$1"' sh "$err"

# an option as long as it likes
names=$(awk 'BEGIN { for (i = 0; i < 15; i++) printf "%sa_column_of_a_table_whose_names_are_whole_sentences_about_what_was_measured_and_how_%d", i ? "," : "", i }')
awk -v names="$names" 'BEGIN {
    print names ",y"
    for (i = 0; i < 80; i++) { for (k = 0; k < 15; k++) printf "%d,", (i * (k + 3)) % 17; print (i % 17 > 8) }
}' >wide.csv
again wide.csv --target y --epochs 1 --column "$names=fourier 8 std=0.1"
check "nothing that a name says was run" test ! -e pwned
finish
