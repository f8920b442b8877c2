#!/bin/sh
# readme_picture.sh SLOPE: the pictures in docs/pictures are those that `slope gallery` makes today, by the digests of
# their numbers, and small enough for a page.
. "$(dirname "$0")/kit"

pictures=${SLOPE_SOURCE_ROOT:?}/docs/pictures
names=$(sed 's/ .*//' "$pictures/digests.txt" | paste -s -d , -)
check "there are pictures" test -n "$names"
for name in $(echo "$names" | tr , ' '); do
    check "README.md shows $name" grep -q "docs/pictures/$name.svg" "$SLOPE_SOURCE_ROOT/README.md"
    check "it has its command there" grep -q "slope gallery -o [a-z]* --only $name" "$SLOPE_SOURCE_ROOT/README.md"
    check "it is less than 120 kB" test "$(wc -c <"$pictures/$name.svg")" -lt 120000
    check "it has a ground of its own" grep -q '<rect x="0" y="0" [^>]*fill="white"' "$pictures/$name.svg"
done
if ! command -v gnuplot >/dev/null || ! command -v dot >/dev/null; then
    echo "skip  the numbers behind them: gnuplot or dot is not installed"
    finish
fi
run gallery -o gallery --only "$names" -q
check "their numbers are those of today (else script/pictures makes them anew)" cmp -s gallery/digests.txt "$pictures/digests.txt"
for name in $(echo "$names" | tr , ' '); do # also what is drawn: the same words and numbers at the axes
    for file in "gallery/$name.svg" "$pictures/$name.svg"; do
        grep -o '<text>[^<]*</text>' "$file"
        echo
    done | awk 'BEGIN { part = 0 } NF == 0 { part++; next } { text[part] = text[part] "\n" $0 } END { exit text[0] != text[1] }' &&
        pass "$name says what it says today" || fail "$name says something else today: script/pictures makes it anew"
done
finish
