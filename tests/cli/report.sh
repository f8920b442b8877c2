#!/bin/sh
# report.sh SLOPE: slope report and slope compare: one page each, with numbers that other commands confirm, escaped names,
# nothing fetched; the command that a report prints makes the same weights.
. "$(dirname "$0")/kit"

drawn=yes
command -v gnuplot >/dev/null && command -v dot >/dev/null || drawn=no

# --- a run on a table whose names are meant to do harm -----------------------------------------------------------
awk 'BEGIN {
    print "<script>alert(1)</script>,\"a \"\"`touch pwned`\"\" b\",class"
    for (i = 0; i < 200; i++) printf "%d,%d,%s\n", i % 17, (i * 7) % 23, (i % 17 + (i * 7) % 23 > 19) ? "<b>high</b>" : "$(touch pwned)"
}' >names.csv
run train names.csv --target class --net "8 tanh" --epochs 5 --test 0.2 --seed 7 -o named -q
run report named -o page.html
check "a report is written" test "$status" = 0 -a -s page.html
check "names of columns and classes are escaped" sh -c '! grep -q "<script>alert\|<b>high" page.html && grep -q "&lt;script&gt;alert(1)&lt;/script&gt;" page.html'
check "and run nothing" test ! -e pwned
check "the page fetches nothing" sh -c '! grep -oE "(src|href)=.(https?:)?//[^ ]*" page.html | grep -v "www.w3.org" | grep -q .'
check "and forbids it" grep -q "Content-Security-Policy" page.html
check "a diagram keeps the size of its texts, and may be moved sideways" sh -c \
    'grep -q "^<div class=\"diagram\" style=\"--least:[1-9][0-9]*pt\">" page.html && grep -q "min-width:var(--least)}" page.html'
check "black lines, texts of diagrams and their arrows follow the page" sh -c \
    'grep -qF ".graph text:not([fill]){fill:var(--ink)}" page.html && grep -qF "[stroke='"'rgb(  0,   0,   0)'"']{stroke:var(--ink)}" page.html'
check "numbers beside a scale of colours are of the colour of other texts" sh -c \
    '! tr -d "\n\t" <page.html | grep -q "fill=\"rgb(0,0,0)\"[^>]*text-anchor=\"start\""'
check "it is light and dark, for a phone and for paper" sh -c \
    'grep -q "prefers-color-scheme:dark" page.html && grep -q "name=\"viewport\"" page.html && grep -q "@media print" page.html'
if [ $drawn = yes ]; then
    check "pictures stand in it, their text is text" sh -c 'grep -q "<svg" page.html && grep -q "<text>" page.html'
    check "no id is there twice" test -z "$(grep -oE " id=.[^\"' ]*" page.html | sort | uniq -d | head -n 3)"
else
    echo "skip  pictures in a report: gnuplot or dot is not installed"
fi

# what it says is what eval says
run eval named --json
accuracy=$(sed 's/.*"accuracy":\([0-9.]*\).*/\1/' "$out" | awk '{ printf "%.2f %%", $1 * 100 }')
check "the accuracy is that of slope eval" grep -q ">$accuracy" page.html
check "baselines stand beside it" grep -q "logistic regression" page.html
check "U59_ the command it prints" sh -c 'grep -A1 "pre class=\"command\"" page.html | grep -q "slope train names.csv"'

# --- the command makes the same weights --------------------------------------------------------------------------
command=$(sed -n 's/.*<pre class="command">slope \(train [^<]*\)<.*/\1/p' page.html | sed "s/&#39;/'/g; s/&quot;/\"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g")
eval "run $command -o again -q --json"
digest=$(sed 's/.*"digest": *"\([0-9a-f]*\)".*/\1/' "$out")
check "run again, it gives the same digest" grep -q ">$digest<" page.html

cp page.html first.html
run report named -o page.html
check "the same page twice, to the byte" cmp -s first.html page.html
run report named -q
check "without -o it lies in the run" test "$status" = 0 -a -s named/report.html

# --- regression, a run that goes on, data that are gone -----------------------------------------------------------
run train "builtin:line?noise=0.2" --net "8 tanh" --epochs 20 -o line -q
run report line -o line.html
check "numbers: rmse, and the fit" sh -c 'grep -q "root mean squared error" line.html && grep -q "slope plot line fit" line.html'
mv names.csv moved.csv
run report named -o gone.html
check "without the data the rest is written, and it says so" sh -c \
    'test "$1" = 0 && grep -q "names.csv" "$2" && grep -q "are missing" gone.html' sh "$status" "$err"
mv moved.csv names.csv

# --- bad input -----------------------------------------------------------------------------------------------------
run report nowhere
check "no such run: exit 2" test "$status" = 2
run report named -o /nowhere/page.html
check "an unwritable file: exit 2, and named" sh -c 'test "$1" = 2 && grep -q "/nowhere/page.html" "$2"' sh "$status" "$err"
run report named --data absent.csv -o absent.html
check "rows that were asked for must be there" test "$status" = 2 -a ! -e absent.html
run report named --data "builtin:digits?rows=20&test_rows=20" -o absent.html
check "and fit the model" sh -c 'test "$1" = 2 && test ! -e absent.html && grep -q "the model wants" "$2"' sh "$status" "$err"
run report named --data builtin:moons -o other.html
check "other rows of the same kind will do" sh -c 'test "$1" = 0 && grep -q "all 500 rows of builtin:moons" other.html' sh "$status"
check "beside those that it was trained on" sh -c '! grep -q "is not drawn" "$1"' sh "$err"
mkdir stopped
# a shell's background commands are deaf to Ctrl-C: this one stops with the whole group, as a terminal's
if command -v timeout >/dev/null; then
    timeout -s INT 0.3 "$slope" gallery -o stopped -q >"$out" 2>"$err"
    check "Ctrl-C leaves no half page behind" sh -c 'test "$1" = 124 && ! ls stopped | grep -q "[.]part$"' sh $?
fi
run report named -o -
check "- is no file" sh -c 'test "$1" = 2 && test ! -e ./- && grep -q "/dev/stdout" "$2"' sh "$status" "$err"
run gallery --list -o pictures
check "a list of pictures makes none: -o is refused" sh -c 'test "$1" = 2 && grep -q "leave out --out" "$2"' sh "$status" "$err"

# --- without gnuplot and dot: figures as text, and said ------------------------------------------------------------
mkdir -p bare
PATH=$PWD/bare "$slope" report named -o bare.html 2>bare.err
check "without gnuplot figures are text, and what to install is said" sh -c \
    'test "$1" = 0 && grep -q "gnuplot" bare.err && grep -q "apt install" bare.err && grep -q "<pre>" bare.html' sh $?

# --- compare -------------------------------------------------------------------------------------------------------
for lr in 0.001 0.01; do
    run train builtin:moons --net "8 tanh" --epochs 10 --lr $lr --test 0.2 -o lr$lr -q
done
run compare lr0.001 lr0.01 --json
check "S198_ compare names the setting that differs" grep -q '"settings":{"lr":"0.001"}.*"settings":{"lr":"0.01"}' "$out"
check "S119_ and that the weights began alike" grep -q '"same_start":true,"same_data":true' "$out"
one=$(sed 's/.*"test_accuracy":\([0-9.]*\),.*"run".*/\1/; s/.*"run":"lr0.001"[^}]*}[^}]*"test_accuracy":\([0-9.]*\).*/\1/' "$out")
run eval lr0.001 --json
check "its figures are those of slope eval" grep -q "\"accuracy\":$one" "$out"
run compare lr0.001 lr0.01
check "the table fits 80 columns" test "$status" = 0 -a -z "$(awk 'length($0) > 80' "$out")"
check "the starting weights have a digest" grep -q "same weights: digest [0-9a-f]\{16\}" "$out"
run train builtin:moons --net "8 tanh" --epochs 10 --seed 2 --test 0.2 -o seed2 -q
run compare lr0.001 seed2 --json
check "another seed begins elsewhere" grep -q '"same_start":false' "$out"
run compare lr0.001 lr0.01 -o both.html
check "a page of the two" sh -c 'test "$1" = 0 && grep -q "Runs compared" both.html' sh "$status"
check "two runs: their intervals overlap, or lie apart" sh -c '"$1" compare lr0.001 lr0.01 | tr "\n" " " | grep -qE "its 95 % interval and the other run.s (overlap, so rows drawn anew could order those otherwise|lie apart)[.]"' sh "$slope"
run train builtin:plane --net "8 relu" --optimizer sgd --lr 1e6 --epochs 20 -o diverged -q
run report diverged
check "a run without a model: why, and what to do" sh -c 'test "$1" = 2 && grep -q "diverged before its first epoch ended.*--lr" "$2"' sh "$status" "$err"
run compare lr0.001
check "one run alone: exit 2" test "$status" = 2
run compare lr0.001 line
check "classes and numbers are not compared" sh -c 'test "$1" = 2 && grep -q "no figure in common" "$2"' sh "$status" "$err"
run compare lr0.001 nowhere
check "a run that is not there: exit 2" test "$status" = 2
finish
