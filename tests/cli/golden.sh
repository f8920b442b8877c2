#!/bin/sh
# What earlier versions wrote is read for ever (tests/golden/VERSION/, made by script/golden): models answer as they did,
# figures are as they were, finished runs say their result again, stopped ones go on to the end they would have had.
. "$(dirname "$0")/kit"

golden=${SLOPE_SOURCE_ROOT:?}/tests/golden

# fields FILE: a line of JSON as a line a "key": value
fields() {
    tr ',{}' '\n\n\n' <"$1" | sed 's/^ *//; s/ *$//' | grep ':'
}

versions=0
for case in "$golden"/[0-9]*/*/; do
    name=$(basename "$(dirname "$case")")/$(basename "$case")
    rm -rf case
    cp -r "$case" case
    cd case || exit 1
    data=data.csv
    [ -f data.csv ] || data=$(sed -n 's/.*"data": "\([^"]*\)".*/\1/p' run/run.json)
    if [ -f rows.csv ]; then
        run predict run rows.csv
        check "$name: the same predictions" cmp "$out" predictions.csv
    fi
    run eval run "$data" --json
    check "$name: eval" test "$status" = 0
    fields eval.json >wanted
    fields "$out" >given
    check "$name: the same figures" same "$(grep -cvxFf given wanted)" 0
    run show run
    check "$name: show" test "$status" = 0
    run report run -o report.html
    check "$name: report" test "$status" = 0
    run train --resume run --json
    check "$name: --resume" test "$status" = 0
    if [ -f resumed.txt ]; then
        check "$name: the end that it would have had" grep -qF "$(cat resumed.txt)" "$out"
    else
        check "$name: its result again" grep -qF "\"digest\": \"$(sed -n 's/.*\\"digest\\": \\"\([0-9a-f]*\)\\".*/\1/p' run/run.json)\"" "$out"
    fi
    cd ..
    versions=$((versions + 1))
done
check "there are such files" test $versions -ge 7
finish
