#!/bin/sh
# What is said of rows that chose or were learned: a small table learned anew with its validation rows, and
# figures of rows that chose the epoch.
. "$(dirname "$0")/kit"

# 300 rows of noise: nothing about y can be learned from them
awk 'BEGIN { print "a,b,c,d,e,f,g,h,y"
    for (i = 0; i < 300; i++) {
        for (j = 0; j < 8; j++) { s = (s * 69069 + 12345 + i * 7 + j) % 4294967296; printf "%.4f,", s / 4294967296 }
        s = (s * 69069 + 12345) % 4294967296; print (s / 4294967296 < 0.5 ? "no" : "yes") } }' >noise.csv

run train noise.csv --target y -o noise --json
cp "$out" noise.json
check "validation rows that will be learned choose nothing, and that is said" grep -q "tell how good it is and choose nothing" "$err"
best=$(value best_epoch <noise.json)
column() { awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $1, $at[name] }' noise/metrics.csv; }
least=$(column train_loss | sort -k 2,2g -k 1,1n | head -n 1 | cut -d ' ' -f 1)
check "the best epoch is that of the least train loss" same "$best" "$least"
check "the validation loss is of this epoch" awk -v a="$(value validation_loss <noise.json)" \
    -v b="$(column validation_loss | awk -v e="$best" '$1 == e { print $2 }')" 'BEGIN { d = a - b; exit !(a != "" && d < 1e-6 && d > -1e-6) }'
check "of noise it is worse than that of a coin, ln 2" awk -v a="$(value validation_loss <noise.json)" 'BEGIN { exit !(a > 0.6931) }'
check "all rows are learned in the end" same "$(value refit_rows <noise.json)" 300
run eval noise --part validation --json
check "eval says that the kept model has learned them" grep -q "in the end the network has learned these rows too" "$err"
check "and its loss is less than the loss that was reported" awk -v a="$(value loss <"$out")" -v b="$(value validation_loss <noise.json)" \
    'BEGIN { exit !(a != "" && a + 0 < b) }'
run train --resume noise --json
check "a finished run prints the same again" same "$(cat "$out")" "$(cat noise.json)"
run eval noise --part validation
check "and is still known to have learned them" grep -q "has learned these rows too" "$err"
run eval noise --part train --json
check "the train part of a table is drawn again" same "$(value rows <"$out")" 270

run train noise.csv --target y --patience 5 -o patient
check "who asks for patience wants validation rows to choose" sh -c '! grep -q "^refit" "$1"' sh "$err"
check "that they flatter the net is said" grep -q "^these rows chose the epoch, which flatters the net" "$out"
run eval patient --part validation
check "they were not learned" sh -c 'test "$1" = 0 && ! grep -q "has learned these rows" "$2"' sh "$status" "$err"
run train noise.csv --target y --test 0.2 -o tested
check "nothing flatters the figures of a test part" sh -c 'grep -q "on the test part" "$1" && ! grep -q "chose the epoch" "$1"' sh "$out"

run train "builtin:plane?rows=600&noise=0.2" --net "8 tanh" --interval 80 --epochs 5 -o bounds
check "bounds are moved by the rows that they are then measured on: said" grep -q "by these very rows the bounds were moved" "$out"
finish
