#!/bin/sh
# predict, eval, errors and show on raw tables: rows in, as many rows out, whatever the file looks like.
. "$(dirname "$0")/kit"

# 300 houses by a formula: price = 100 rooms + 50 in Oslo; sold where there are more than 4 rooms
awk 'BEGIN {
    split("Oslo Rom Wien", city, " ")
    print "id,rooms,city,built,garden,price,sold"
    for (i = 0; i < 300; i++) {
        rooms = (i * 7) % 8 + 1; c = city[(i * 5) % 3 + 1]
        printf "h%03d,%d,%s,20%02d-0%d-11,%s,%d.5,%s\n", i, rooms, c, i % 24, i % 9 + 1, i % 4 < 2 ? "yes" : "no",
            100 * rooms + (c == "Oslo" ? 50 : 0) + i % 10, (rooms > 4 ? "sold" : "open")
    }
}' >all.csv
cut -d, -f1-6 all.csv >price.csv
cut -d, -f1-5,7 all.csv >sold.csv
run train price.csv --target price --test 0.2 --epochs 10 -o rp -q
check "a table with a number for target" test "$status" = 0
run train sold.csv --target sold --test 0.2 --epochs 10 -o rs -q
check "one with classes" test "$status" = 0

# --- U57, U65: one row a row
cut -d, -f1-5 price.csv | head -n 41 >plain.csv
run predict rp plain.csv
check "U57_ predict needs no target" test "$status" = 0 -a "$(wc -l <"$out")" = 41
check "nothing is remarked of rows like those of training" test ! -s "$err"
cp "$out" plain.out
predicts() { # WHAT FILE [ARGUMENT ...]: the rows of plain.csv again
    what=$1
    shift
    run predict rp "$@" -q
    check "$what" cmp -s "$out" plain.out
}
awk -F, -v OFS=, '{ print $5, $3, "more, " NR, $1, $4, $2 }' plain.csv | sed 's/more, \([0-9]*\)/"more, \1"/' >other.csv
predicts "columns in another order, and others: the same bytes" other.csv
head -n 41 price.csv | sed 's/,[0-9.]*$/,?!/' >garbage.csv
sed -i '1s/?!/price/' garbage.csv
predicts "U57_ garbage in_the_target_is_not_looked_at" garbage.csv
sed '3s/?!//' garbage.csv >holes.csv
predicts "nor are holes in it" holes.csv
run predict rs sold.csv
cp "$out" sold.out
sed '4s/,[a-z]*$/,perhaps/; 9s/,[a-z]*$/,/' sold.csv >words.csv
run predict rs words.csv
check "a class that nobody knows, and none: all rows" cmp -s "$out" sold.out
sed 's/$/\r/' plain.csv >crlf.csv
predicts "U65_ CRLF" crlf.csv
{ printf '\357\273\277' && cat plain.csv; } >bom.csv
predicts "U65_ byte order mark" bom.csv
head -c -1 plain.csv >unended.csv
predicts "U65_ no final newline" unended.csv
sed '3s/^/\n\n/' plain.csv >empty.csv
predicts "U65_ empty lines are no rows" empty.csv
run predict rp empty.csv
check "and are counted" grep -q "empty.csv: 2 empty lines passed over" "$err"
if gzip -c plain.csv >plain.csv.gz 2>/dev/null; then
    predicts "packed" plain.csv.gz
fi
tr , ';' <plain.csv >semicolon.csv
predicts "another delimiter" semicolon.csv
for order in "rp -" "- rp" "-q - rp"; do
    # shellcheck disable=SC2086
    "$slope" predict $order <plain.csv >"$out" 2>"$err"
    check "U66_ standard input: $order" cmp -s "$out" plain.out
done

# --- --keep, --set, -o
awk -F, -v OFS=, 'NR == 1 { print $0, "note"; next } { print $0, "\"a, \"\"b\"\" " NR "\"" }' plain.csv >note.csv
run predict rp note.csv --keep note,id -q
check "--keep: the header" same "$(head -n 1 "$out")" "note,id,prediction"
check "--keep: texts as they are" same "$(sed -n 3p "$out" | sed 's/,[^,]*$//')" '"a, ""b"" 3",h001'
check "--keep: the predictions are the same" sh -c 'sed "s/.*,//" "$1" | cmp -s - plain.out' sh "$out"
run predict rp note.csv --keep idd
check "--keep of no column: the nearest name" sh -c 'test "$1" = 2 && grep -q "unknown column .idd.: did you mean .id." "$2"' \
    sh "$status" "$err"
row=$(sed -n 2p plain.csv)
run predict rp --set rooms="$(echo "$row" | cut -d, -f2)" --set city="$(echo "$row" | cut -d, -f3)" \
    --set built="$(echo "$row" | cut -d, -f4)" --set garden="$(echo "$row" | cut -d, -f5)"
check "--set: the row of the file" same "$(sed -n 2p "$out")" "$(sed -n 2p plain.out)"
run predict rp --set rooms=4x
check "--set: what is no number" grep -q "slope predict: --set: column rooms: '4x' is no number" "$err"
run predict rp --set price=4
check "--set of the target is refused" sh -c 'test "$1" = 2 && grep -q "set price: it is what is predicted" "$2"' \
    sh "$status" "$err"
awk 'NR == 1 || NR == FNR { print } NR > 1 { for (i = 0; i < 260; i++) print }' plain.csv >big.csv
sed -i '10001s/,[0-9]*,/,many,/' big.csv
run predict rp big.csv -o big.out
check "a bad row far down: status 2, its line, no file" sh -c \
    'test "$1" = 2 && grep -q "big.csv, line 10001, column 6: column rooms: .many. is no number" "$2" && ! ls big.out* 2>/dev/null' \
    sh "$status" "$err"
cut -d, -f1,2,4 plain.csv >lacks.csv
run predict rp lacks.csv
check "columns that are missing are named" grep -q "lacks 2 of 4 input columns: city, garden: the first line names id, rooms, built" "$err"

# --- S48: rows that are unlike those of training
cat >odd.csv <<'END'
garden,built,city,rooms
yes,2010-05-11,Oslo,3
no,2044-05-11,Lima,12
,2012-05-11,Kiev,
yes,2012-05-11,Rom,-1
END
run predict rp odd.csv
check "S48_ range_and_first_row" grep -q \
    "column rooms: 1 of 4 rows below 1, the lowest of training (down to -1); 1 of 4 rows above 8, the highest of training (up to 12); 1 of 4 rows has no value, .* median; first in row 2" "$err"
check "S48_ unseen_words" grep -q "column city: 2 of 4 rows have words that no training row had ('Lima', 'Kiev'), taken for " "$err"
check "S48_ dates" grep -q "column built: 1 of 4 rows above 20[0-9-]*, the highest of training (up to 2044-05-11); first in row 2" "$err"
check "S48_ a_line_a_column" test "$status" = 0 -a "$(wc -l <"$err")" = 4 -a "$(wc -l <"$out")" = 5
run predict rp odd.csv -q
check "-q says nothing" test "$status" = 0 -a ! -s "$err"
awk 'BEGIN { for (r = 0; r < 60; r++) { line = ""; for (c = 0; c < 14; c++) line = line (r ? (r * (c + 3)) % 17 : "c" c) ","
     print line (r ? r % 2 ? "a" : "b" : "y") } }' >wide.csv
run train wide.csv --target y --epochs 1 -o rw -q
awk 'NR == 1 { print } NR > 1 { gsub(/[0-9]+/, "99"); print }' wide.csv >far.csv
run predict rw far.csv
check "S48_ at_most_ten_lines" test "$(wc -l <"$err")" = 10
check "the last one counts the others" grep -q "5 more columns lie outside of what training had" "$err"

# --- intervals
run train price.csv --target price --interval 90 --epochs 5 -o ri -q
run predict ri plain.csv -q
check "an interval: three columns, in order" sh -c 'test "$(head -n 1 "$1")" = prediction,low,high &&
    awk -F, "NR > 1 && !(\$2 <= \$1 && \$1 <= \$3) { exit 1 }" "$1"' sh "$out"

# --- eval, errors, show
run eval rp
check "eval: the test part again" grep -q "price.csv, test: 60 rows" "$out"
sed '5s/,[a-z]*$/,/' sold.csv >holes.csv
run eval rs holes.csv
check "eval leaves a row without a target out, and counts it" sh -c \
    'grep -q "holes.csv, all rows: 299 rows" "$1" && grep -q "1 row without a target left out" "$2"' sh "$out" "$err"
run eval rs words.csv
check "eval: an unknown class, with its place" grep -q "words.csv, line 4, column [0-9]*: column sold: 'perhaps' is none of the 2 classes: open, sold" "$err"
run eval rs plain.csv
check "eval without a target says which" sh -c 'test "$1" = 2 && grep -q "plain.csv: it has no column sold, the target" "$2"' \
    sh "$status" "$err"
run train price.csv --target price --epochs 2 -o rn -q
run eval rn
check "eval without a test part says what it shows" grep -q "these are rows that the network was trained on" "$err"
run errors rp --top 3
check "errors: names, words and dates" sh -c 'grep -q "rooms  *city  *built" "$1" &&
    awk "NR > 1 && NR < 5 && !/(Oslo|Rom|Wien)   20..-0.-11/ { exit 1 }" "$1"' sh "$out"
check "errors: no line is wider than 80" awk 'length > 80 { exit 1 }' "$out"
run errors rp --top 3 --json
check "errors: JSON has words and numbers" grep -q '"inputs":{"rooms":[0-9],"city":"[A-Z][a-z]*","built":"20[0-9-]*","garden":"\(yes\|no\)"}' "$out"
run show rp
check "show: what columns become" sh -c 'grep -q "^  rooms   integer     standardised: mean " "$1" &&
    grep -q "^  id      identifier  left out: " "$1" && grep -q "^  price   number      the target" "$1"' sh "$out"
check "show: the rule for missing values" sh -c 'tr -s " \n" " " <"$1" | grep -q "the median stands for one that is: [0-9]"' sh "$out"
check "show: no line is wider than 80" awk 'length > 80 { exit 1 }' "$out"
run show rp --json
check "show: JSON has them" grep -q '"columns":\[{"name":"id","type":"identifier","role":"left out","becomes":null' "$out"

# --- other locales
for locale in de_DE tr_TR; do
    name=
    for known in $locale.UTF-8 $locale.utf8; do
        locale -a 2>/dev/null | grep -qx "$known" && name=$known
    done
    if [ -z "$name" ] && localedef -i $locale -f UTF-8 "$PWD/$locale.UTF-8" 2>/dev/null; then
        name=$locale.UTF-8
        export LOCPATH="$PWD"
    fi
    if [ -z "$name" ]; then
        echo "skip  no locale $locale here, and none can be made"
        continue
    fi
    LC_ALL=$name "$slope" train price.csv --target price --test 0.2 --epochs 10 -o "r$locale" -q >"$out" 2>"$err"
    check "$locale: the same model" cmp -s rp/model.safetensors "r$locale/model.safetensors"
    LC_ALL=$name "$slope" predict "r$locale" plain.csv >"$out" 2>"$err"
    check "$locale: the same predictions" cmp -s "$out" plain.out
    unset LOCPATH
done
finish
