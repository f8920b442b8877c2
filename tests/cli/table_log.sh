#!/bin/sh
# What train says of a table whose names and words are not English: columns stand under one another.
. "$(dirname "$0")/kit"

{
    echo 'größe,ÄÖÜäöüÄÖÜäöüÄÖÜäöüÄÖÜäöüÄÖÜäöüÄÖÜäöü,y'
    awk 'BEGIN { for (i = 0; i < 120; i++) print i * 7 % 31 + 0.5 "," i * 5 % 17 + 0.25 "," i % 13 + 0.125 }'
} >names.csv
run train names.csv --target y --epochs 1 -o names
check "names in UTF-8 are trained on" same "$status" 0
check "a name that is too long ends behind a whole character" grep -q \
    "^            ÄÖÜäöüÄÖÜäöüÄÖÜäöüÄÖÜäöüÄÖÜäöüÄÖ  number  standardised" "$err"
check "names are as wide as their characters" grep -q \
    "^columns     größe                             number  standardised" "$err"
check "the recipe says for which tables it is" grep -q "for a table of fewer than 5,000 rows, since" "$err"

finish
