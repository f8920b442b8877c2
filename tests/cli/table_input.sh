#!/bin/sh
# Tables that are broken, or not what was meant: a sentence each with the place and the fix, status 2, nothing made.
. "$(dirname "$0")/kit"

# refused WHAT PATTERN ARGUMENT ...: train ends with status 2 and this sentence (a basic expression), and makes nothing
refused() {
    what=$1
    pattern=$2
    shift 2
    run train "$@" --epochs 1 -o made
    check "$what" sh -c 'test "$1" = 2 && ! test -e made && tr "\n" " " <"$2" | tr -s " " | grep -q "slope train: $3"' \
        sh "$status" "$err" "$pattern"
    rm -rf made
}

# a file of rows that are fine but for what is printed in its place
file() { # NAME AWK: print lines for i = 1 .. 100
    awk "BEGIN { print \"a,b,y\"; for (i = 1; i <= 100; i++) { $2 } }" >"$1"
}
file fine.csv 'print i "," i * 7 % 31 "," i * 2'

# --- the file as such
printf 'a,b,y\n1,2,3\n4,5\n6,7,8,9\n' >ragged.csv
refused "ragged rows, all of them" \
    "ragged.csv: 2 problems: line 3: 2 fields, and the first line has 3 names line 4: 4 fields" ragged.csv --target y
file many.csv 'print i % 2 ? i : i ",2,3"'
refused "the first 20 of 50 problems" "many.csv: 50 problems, the first 20: line 2: 1 field" many.csv --target y
check "20 lines and the headline" test "$(wc -l <"$err")" = 21
printf 'a,b,y\n1,"2,3\n4,5,6\n' >quote.csv
refused "an unclosed quote" "quote.csv, line 2, column 3: the quote that opens this field is never closed" quote.csv --target y
printf 'a,b,y\n1,2\000,3\n4,5,6\n' >nul.csv
refused "a NUL byte" "nul.csv, line 2, column 4: a NUL byte" nul.csv --target y
printf 'a,b,y\n1,caf\351,3\n4,5,6\n' >latin.csv
refused "bytes that are not UTF-8" "latin.csv, line 2, column 6: the byte 0xE9 is not UTF-8 here" latin.csv --target y
printf '\377\376a\000,\000y\000\n\0001\000,\0002\000\n\000' >utf16.csv
refused "UTF-16 with its mark" "utf16.csv: it is UTF-16 .*iconv -f UTF-16" utf16.csv --target y
printf 'a\000,\000y\000\n\0001\000,\0002\000\n\000' >unmarked.csv
refused "UTF-16 without: one sentence" "unmarked.csv: it is no text: 8 of its first 16 bytes are NUL: if it is UTF-16" unmarked.csv --target y
head -c 4000 "$slope" >binary.csv
refused "a program called .csv" "binary.csv: " binary.csv --target y
head -c 4000 "$slope" >binary
refused "a program" "binary: this kind of file is not known: wants " binary --target y
: >empty.csv
refused "an empty file" "empty.csv: it is empty: wants a line of names, and rows behind it" empty.csv --target y
printf 'a,b,y\n' >header.csv
refused "a header alone" "header.csv: it has a line of names and no rows behind it" header.csv --target y
refused "no such file" "no.csv: there is no such file or folder: wants a file" no.csv --target y
mkdir folder
refused "a folder" "folder: no data is known by its name in this folder" folder --target y
cp fine.csv unreadable.csv
chmod 000 unreadable.csv
if [ -r unreadable.csv ]; then
    echo "skip  a file that cannot be read: this user reads all"
else
    refused "a file that cannot be read" "unreadable.csv: cannot be opened: " unreadable.csv --target y
fi

# --- names
printf 'a,b,a,y\n1,2,3,4\n' >twice.csv
refused "a name that is there twice" "twice.csv, line 1, column 5: the name 'a' of column 3 is there already" twice.csv --target y
printf 'a,,y\n1,2,3\n' >unnamed.csv
refused "a column without a name" "unnamed.csv, line 1, column 3: column 2 has no name" unnamed.csv --target y
printf '1,2,3\n4,5,6\n' >numbers.csv
refused "no line of names" "numbers.csv: its first line has numbers only" numbers.csv --target y
refused "no --target: the columns" "fine.csv has no targets: .*--target COLUMN .*a, b, y" fine.csv
refused "a target in another case" "fine.csv: --target: unknown column 'Y': did you mean 'y'? There are a, b, y" fine.csv --target Y
refused "a target that is not there" "fine.csv: --target: unknown column 'zz': there are a, b, y" fine.csv --target zz
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "column_%d,", i; print "y"; for (i = 0; i < 3001; i++) printf "1%s", i < 3000 ? "," : "\n" }' >wide.csv
refused "of 3,001 columns not all are listed" "wide.csv: --target: .* .. (3001 in all)" wide.csv --target price
refused "--column of an unknown column" "fine.csv: --column: unknown column 'c': there are a, b, y" fine.csv --target y --column c=number
refused "--column with an unknown word" "fine.csv: --column: unknown word 'nmber': did you mean 'number'" fine.csv --target y --column b=nmber
refused "the target is not ignored" "fine.csv: --column y: it is the target, which is neither encoded nor left out" fine.csv --target y --column y=ignore
refused "the wrong --delimiter" "fine.csv: --target: there is no column 'y', but one alone, 'a,b,y': .*--delimiter" fine.csv --target y --delimiter ';'

# --- values
file words.csv 'print i "," (i == 20 || i == 40 || i == 60 ? "x" i : i * 7 % 31) "," i * 2'
refused "three words among numbers" "words.csv: 3 problems: line 21, column 4: column b: 'x20' is no number, as 97 of 100 values are.* line 61, column 4" \
    words.csv --target y
awk 'BEGIN { print "a;b;y"; for (i = 1; i <= 100; i++) print i ",5;" i * 7 % 31 ",25;" i * 13 % 29 ",1" }' >comma.csv
refused "a decimal comma" "comma.csv: 3 problems: line 2, column 1: column a: '1,5' (and 99 more such values) has a decimal comma: --decimal , reads it" \
    comma.csv --target y
run train comma.csv --target y --decimal , --epochs 1 -o comma -q
check "and --decimal , reads it" test "$status" = 0
file same.csv 'print i "," i * 7 % 31 ",5"'
refused "targets that are all the same" "same.csv: --target y: all 100 values are the same: there is nothing to learn" same.csv --target y
awk 'BEGIN { print "id,note,a,y"; for (i = 1; i <= 100; i++) print "k" i ",a note of some words " i "," i * 7 % 31 "," i % 9 ".5" }' >text.csv
refused "a target of text" "text.csv: --target note: it is text .*never what is learned: name the column that holds the answers" text.csv --target note
refused "a target that only tells rows apart" "text.csv: --target id: it cannot be learned as identifier" text.csv --target id
file holes.csv 'print i "," i * 7 % 31 "," (i % 10 ? i * 2 : "")'
run train holes.csv --target y --epochs 1 -o holes
check "rows without a target are left out, and counted" sh -c \
    'test "$1" = 0 && grep -q "holes.csv: 10 rows without a target left out" "$2"' sh "$status" "$err"
file nothing.csv 'print i "," i * 7 % 31 ","'
refused "no target at all" "nothing.csv: --target y: it has .*: there is nothing to learn" nothing.csv --target y

# --- what can be read only once
if command -v mkfifo >/dev/null; then
    mkfifo pipe.csv
    cat fine.csv >pipe.csv &
    run train pipe.csv --target y --epochs 1 -o pipe -q
    check "a pipe is read once, and used twice" test "$status" = 0
    wait
fi
finish
