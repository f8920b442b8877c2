#!/bin/sh
# errors: the rows of the largest loss, as a table, as CSV and back with tags.
. "$(dirname "$0")/kit"

run train builtin:moons --net "8 tanh" --epochs 5 -o moons -q
run errors moons --top 7
check "S62_ seven rows, worst first" awk '/^ +[0-9]+ / && NF == 8 { if (n++ && $6 > last) exit 1; last = $6 } END { exit n != 7 }' "$out"
check "S162_S192_ confusions are counted" grep -Eq "^[0-9]+ of 500 rows are wrong; most often" "$out"
wrong=$(sed -n 's/ of 500 rows are wrong.*//p' "$out")
run eval moons --json
check "as many wrong rows as accuracy says" awk -v wrong="$wrong" -v accuracy="$(value accuracy <"$out")" \
    'BEGIN { off = wrong / 500 - (1 - accuracy); exit !(off < 1e-9 && off > -1e-9) }'
run predict moons builtin:moons
cp "$out" predicted.csv

run errors moons --top 30 -o errors.csv
check "-o: a header and thirty rows" same "$(wc -l <errors.csv | tr -d ' ')" 31
check "-o: the columns" same "$(head -n 1 errors.csv)" "row,truth,prediction,probability,loss,x0,x1,tag"
check "-o: predictions are those of predict" sh -c '
    sed 1d errors.csv | while IFS=, read -r row truth prediction rest; do
        test "$(sed -n "$((row + 2))p" predicted.csv | cut -d, -f1)" = "$prediction" || exit 1
    done'

check "S62_ confident errors cost most: -log of what is left to the truth" awk -F, '
    NR > 1 && $2 != $3 { n++; off = $5 + log(1 - $4); if (off > 1e-3 || off < -1e-3 || (n > 1 && $4 > last)) bad = 1; last = $4 }
    END { exit bad || n < 10 }' errors.csv

# round trip: tags by hand, two of them in one field, quotes, CRLF, a byte order mark, rows left out and in another order
{
    printf '\357\273\277'
    sed -n 1p errors.csv
    sed -n '5,8s/$/"far out;  ""odd"""/p' errors.csv
    sed -n '2,4s/$/far out/p' errors.csv
    sed -n 9,10p errors.csv
} | sed 's/$/\r/' >tagged.csv
run errors moons --tags tagged.csv
check "S162_ tags are counted" sh -c 'grep -Eq "^  far out +7 +77.78 % .* 7$" "$1" && grep -Eq "^  \"odd\" +4 " "$1" &&
    grep -Eq "^  \(none\) +2 " "$1"' sh "$out"
run errors moons --tags tagged.csv --json
check "as JSON" grep -q '"tags":\[{"tag":"far out","rows":7,"errors":7,"loss":' "$out"
mean=$(sed 's/.*"far out","rows":7,"errors":7,"loss":\([0-9.]*\).*/\1/' "$out")
check "the mean loss is that of the rows" awk -F, -v mean="$mean" \
    'NR >= 2 && NR <= 8 { sum += $5 } END { off = sum / 7 - mean; exit !(off < 1e-5 && off > -1e-5) }' errors.csv

# refused: what is no such table, or of other data
refused() { # refused WHAT WORDS: tags of bad.csv
    run errors moons --tags bad.csv
    check "$1" sh -c 'test "$1" = 2 && test ! -s "$3" && grep -q "$2" "$4"' sh "$status" "$2" "$out" "$err"
}
printf 'row,truth,note\n' >bad.csv
refused "no column tag" "has no column tag at its end"
printf 'row,truth,tag\n1,0,a\n2,1\n' >bad.csv
refused "a short row" "line 3: 2 fields, the first line has 3"
printf 'row,truth,tag\n1,0,"a\n' >bad.csv
refused "a quote without end" "line 2: a quote that is never closed"
printf 'row,truth,tag\n1,0,"a"b\n' >bad.csv
refused "text behind a quote" "line 2: text behind a closing quote"
printf 'row,truth,tag\n-1,0,a\n' >bad.csv
refused "a row below 0" "line 2: row is '-1'"
printf 'row,truth,tag\n500,0,a\n' >bad.csv
refused "a row that is not there" "there is no row 500"
printf 'row,truth,tag\n0,7,a\n' >bad.csv
refused "another truth" "the file is of other data"
: >bad.csv
refused "an empty file" "bad.csv is empty"
run errors moons --tags nowhere.csv
check "no file" sh -c 'test "$1" = 2 && grep -q "cannot read nowhere.csv" "$2"' sh "$status" "$err"
run errors moons --tags errors.csv -o other.csv
check "both -o and --tags" test "$status" = 2 -a ! -e other.csv

run train builtin:plane --net "4 tanh" --epochs 2 -o plane -q
run errors plane --top 3 --json
check "numbers: residuals, and inputs by name" grep -Eq '"errors":\[\{"row":[0-9]+,"truth":[-0-9.]+,"prediction":[-0-9.]+,"residual":[-0-9.e]+,"loss":[0-9.]+,"inputs":\{"x0":[-0-9.e]+,"x1":' "$out"
run errors plane --top 500 -o all.csv
check "numbers: residual is truth less prediction" awk -F, 'NR > 1 { off = $2 - $3 - $4; if (off > 1e-5 || off < -1e-5) exit 1; n++ } END { exit n != 500 }' all.csv
run errors plane/model.safetensors
check "a model file wants DATA" sh -c 'test "$1" = 2 && grep -q "DATA is missing" "$2"' sh "$status" "$err"
run errors plane/model.safetensors builtin:plane --top 2
check "and takes it" test "$status" = 0 -a -s "$out"
run errors moons builtin:line
check "other data is refused" sh -c 'test "$1" = 2' sh "$status"

finish
