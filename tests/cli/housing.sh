#!/bin/sh
# California housing from the raw file, as it is published.
. "$(dirname "$0")/kit"

csv=${SLOPE_SOURCE_ROOT:?}/../shared/data/california-housing/housing.csv
if [ ! -e "$csv" ]; then
    echo "$csv is not here"
    exit 77
fi
value() { # KEY
    tr ',{}' '\n\n\n' <"$out" | sed -n "s/^ *\"$1\": *//p"
}
run train "$csv" --target median_house_value --test 0.2 --epochs 6 --json -o run
check "S177_ it trains" test "$status" = 0
check "S177_ the holes are counted" grep -q "total_bedrooms .* 207 missing" "$err"
check "S177_ five islands share a slot" grep -q "ocean_proximity .* one slot for 1 of fewer than 10 rows" "$err"
# measured elsewhere: linear regression 68,628 on its own rows, always the mean 115,396
check "S177_ the linear baseline is the known one" awk -v is="$(value baseline_linear_rmse)" 'BEGIN { exit !(is > 66500 && is < 71500) }'
check "S177_ the net is below 60,000" awk -v is="$(value test_rmse)" 'BEGIN { exit !(is > 40000 && is < 60000) }'

finish
