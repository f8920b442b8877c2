#!/bin/sh
# slope diagnose --precheck: a list of what was checked, with its numbers; --function: what is wrong with a walk.
. "$(dirname "$0")/kit"

LC_ALL=C
export LC_ALL

row() { # row CHECK: value, wanted, verdict of a line of the table
    grep "^  $1  " "$out" | head -n 1 | sed "s/^  $1  *//"
}
verdict() {
    row "$1" | awk '{ print $NF }'
}
narrow() { # no line above 80 columns
    awk 'length > 80 { bad = 1; print } END { exit bad }' "$out"
}

# --- healthy: every line is ok, and nothing is found
run diagnose "builtin:digits?rows=1000" --net "32 relu" --precheck
check "S149_ the list is printed" test "$status" = 0
for name in "rows not finite" "input scale" "rarest class" "order of rows" "rows in both parts" "loss at the start" \
    "layers at the start" "one batch learned" "gradient"; do
    check "$name is ok" same "$(verdict "$name")" ok
done
check "S149_ the loss is held against ln 10" grep -q 'ln 10 = 2.303' "$out"
check "no fault" grep -q '^No fault found' "$out"
check "80 columns" narrow
check "nothing was written" same "$(find . -type f | wc -l | tr -d ' ')" 0

# --- what is not as wanted names its finding
run diagnose builtin:spiral --net "16 relu, 16 relu" --init zeros --precheck
check "units that are alike" same "$(verdict "one batch learned")" symmetric_weights
check "are a suspicion" grep -q '^symmetric_weights (suspicion)' "$out"
check "the exit status stays 0" test "$status" = 0
check "80 columns with findings" narrow
run diagnose builtin:spiral --net "16 relu, 16 relu" --init "normal std=10" --precheck
check "S149_ a loss far above ln K" same "$(verdict "loss at the start")" init_too_large
printf 'age,income,y\n' >t.csv
awk -v OFS=, 'BEGIN { for (i = 0; i < 80; i++) print i % 9, 1000 * (i * 37 % 80), i * 37 % 80 + i % 9 }' >>t.csv
run diagnose t.csv --target y --task regression --numbers raw --net "8 relu" --precheck
check "S149_ inputs as they stand" same "$(verdict "input scale")" unscaled_inputs
check "by name" grep -q '(income)' "$out"
run diagnose t.csv --target y --task regression --net "8 relu" --precheck
check "S149_ and scaled" same "$(verdict "input scale")" ok
printf 'x,y\n' >far.csv
awk -v OFS=, 'BEGIN { for (i = 0; i < 80; i++) print i * 37 % 80, 200000 + 1000 * (i * 37 % 80) }' >>far.csv
run diagnose far.csv --target y --task regression --target-scale none --net "8 relu" --precheck
check "S149_ targets around 200,000" same "$(verdict "target scale")" unscaled_target
check "S149_ are not learned by heart" same "$(verdict "one batch learned")" unscaled_target
awk -F, -v OFS=, 'NR == 40 { $1 = "inf" } 1' t.csv >inf.csv
run diagnose inf.csv --target y --task regression --net "8 relu" --precheck
check "S149_ rows that are not finite" same "$(verdict "data and net")" nan_rows
check "the line is told" grep -q 'line 40' "$out"

# --- for programs
run diagnose builtin:moons --net "8 tanh" --precheck --json
check "one line of JSON" same "$(wc -l <"$out" | tr -d ' ')" 1
check "with the checks" grep -q '"checks": \[{"name": "rows not finite", "value": 0, "wanted": "0", "ok": true, "finding": "", "sentence": "' "$out"
run diagnose builtin:moons --net "8 tanh" --precheck --json --threads 1
cp "$out" one
run diagnose builtin:moons --net "8 tanh" --precheck --json --threads 2
check "the same for any number of threads" cmp -s one "$out"
run diagnose builtin:moons --net "8 tanh" --epochs 2 --json
check "a training has none" grep -q '"checks": \[\]' "$out"

# --- the lecture's example
run diagnose builtin:point --net "1 relu" --weights 0.5,1.0 --optimizer sgd --lr 0.1 --steps 200 --json
check "S80_ lr_too_high first" grep -q '"findings": \[{"name": "lr_too_high", "level": "fault"' "$out"
check "S80_ curvature 24 and its limit" grep -q '"largest curvature", "value": 24.00.*"largest stable step size", "value": 0.0833' "$out"
check "S80_ half of it converges" sh -c 'sed "s/\"name\": \"oscillation\".*//" "$1" | grep -q "\"fix\": \"--lr 0.042\".*\"proved\": true.*\"after\": 0, \"epochs\": 50, \"epochs_before\": 200"' sh "$out"

# --- walks
run diagnose --function quartic --start 1 --lr 0.06
check "S96_ a walk" test "$status" = 0
check "S96_ to and fro" sh -c 'tr -s "\n " "  " <"$1" | grep -q "it goes to and fro between x = 2.1506 and x = 2.875"' sh "$out"
check "S96_ curvature" grep -q 'curvature at the minimum 37.0' "$out"
check "S96_ limit" grep -q '2 / curvature 0.0540, wanted above 0.06' "$out"
check "S96_ fix" grep -q '^  fix  *--lr 0.027' "$out"
check "S96_ proof" grep -q '^  proof  *f -20.141 before, -21.713 with it' "$out"
check "S96_ 80 columns" narrow
run diagnose --function quartic --start 1 --lr 0.06 --json
check "S96_ JSON" grep -q '"name": "lr_too_high", "level": "fault".*"proved": true, "measure": "f".*"place": "minimum", "bounces": false}}\]}' "$out"
after=$(value after <"$out")
run descend quartic --start 1 --lr 0.027 --json
check "S96_ the proof is that walk" same "$(sed 's/.*"end": [^,]*, "f": //; s/,.*//' "$out" | cut -c 1-8)" "$(echo "$after" | cut -c 1-8)"
run diagnose --function quartic --start -3.5 --lr 0.025
check "a walk that arrives" grep -q '^No fault found' "$out"
run diagnose --function "(x-1)^2 + (y+2)^2" --start 3,3 --lr 1.2
check "a formula of two variables" grep -q '^lr_too_high' "$out"
run diagnose --function "x^4" --start 100 --lr 10 --optimizer momentum --json
check "a walk that still goes out of all bounds is no proof" sh -c 'test "$1" = 0 && ! grep -q "\"proved\": true" "$2"' sh "$status" "$out"
run diagnose --function exercise --why
check "--why says what a walk decided" sh -c 'grep -q "^lr  *0.01  *the function" "$1" && ! grep -q "^budget" "$1"' sh "$err"

# --- what cannot be
refused() { # refused WHAT TEXT ARGUMENT ...
    kit_what=$1 kit_text=$2
    shift 2
    run diagnose "$@"
    check "$kit_what" sh -c 'test "$1" = 2 && grep -q -- "$3" "$2"' sh "$status" "$err" "$kit_text"
}
refused "nothing at all" "or --function"
refused "data and a walk" "leave one of them out" builtin:xor --function quartic
refused "a net and a walk" "leave --net out" --function quartic --net "2 tanh"
refused "--precheck and a walk" "leave --precheck out" --function quartic --precheck
refused "--start without a walk" "wants --function" builtin:xor --start 1
refused "two numbers for one" "wants one number" --function quartic --start 1,2
refused "one number for two" "wants two numbers" --function rosenbrock --start 1
refused "a word for a number" "wants one number" --function quartic --start one
refused "a formula without a start" "start" --function "x^2"
refused "no such function" "quartic" --function quartik

finish
