#!/bin/sh
# slope vary: each training is the one that slope train does, the figures are those of awk, the best goes by the
# validation rows, starting weights are the same, and what cannot be is refused before the first step.
. "$(dirname "$0")/kit"

LC_ALL=C
export LC_ALL

field() { # field FILE COLUMN: a column of a CSV file whose fields hold no commas, by its name
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' "$1"
}
cell() { # cell FILE COLUMN NAME VALUE [NAME VALUE ..]: of the row where these columns have these values
    awk -F, -v want="$*" 'BEGIN { n = split(want, w, " ") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { ok = 1; for (i = 3; i < n; i += 2) ok = ok && $(at[w[i]]) == w[i + 1]; if (ok) print $(at[w[2]]) }' "$1"
}

# --- one option at a time
run vary builtin:moons --net "8 tanh" --lr 0.001,0.01,0.1 --batch 8,64 --epochs 5 --seeds 3 --csv all.csv
check "one at a time" test "$status" = 0
check "S193_ one factor at a time: 3 + 2 - 1 settings, 3 seeds each" same "$(($(wc -l <all.csv) - 1))" 12
check "a row each, and the base" same "$(grep -cE '^(base|batch 64|lr 0.01|lr 0.1) ' "$out")" 4
check "S193_ with a figure for each factor" same "$(grep -cE 'validation accuracy over (lr|batch)' "$out")" 2
check "a table of at most 80 columns" sh -c 'awk "length > 80 { bad = 1 } END { exit bad }" "$1"' sh "$out"
check "silent where nobody looks" sh -c '! test -s "$1"' sh "$err"
check "nothing is kept" same "$(ls)" all.csv

# --- each is the training that slope train does
for lr in 0.001 0.01 0.1; do
    for seed in 1 2 3; do
        run train builtin:moons --net "8 tanh" --lr $lr --batch 8 --epochs 5 --seed $seed --json -o again --overwrite -q
        check "lr $lr, seed $seed: as slope train" same "$(value digest <"$out") $(value validation_accuracy <"$out")" \
            "$(cell all.csv digest lr $lr batch 8 seed $seed) $(cell all.csv validation_accuracy lr $lr batch 8 seed $seed)"
        check "and from the weights that its run.json names" same "$(value start_digest <again/run.json)" \
            "$(cell all.csv start_digest lr $lr batch 8 seed $seed)"
    done
done
check "S119_ the same start for all, by seed" same "$(field all.csv start_digest | sort -u | wc -l | tr -d ' ')" 3
run vary builtin:moons --net "8 tanh" --lr 0.001,0.01,0.1 --batch 8,64 --epochs 5 --seeds 3 --json
cp "$out" all.json
run vary builtin:moons --net "8 tanh" --lr 0.001,0.01,0.1 --batch 8 --epochs 5 --seeds 3
check "S119_ and that is said with the digests" sh -c \
    'tr "\n" " " <"$1" | grep -q "All settings start from the same weights, by digest: seed 1 $2"' sh "$out" \
    "$(cell all.csv start_digest lr 0.01 batch 8 seed 1)"

# --- mean, deviation, best: awk's
numbers=$(cell all.csv validation_accuracy lr 0.1 batch 8 | awk '{ v[NR] = $1; s += $1 } END { m = s / NR
    for (i in v) q += (v[i] - m) ^ 2; printf "%.2f +- %.2f %%", 100 * m, 100 * sqrt(q / (NR - 1)) }')
check "mean and deviation are those of awk: $numbers" grep -qF "$numbers" "$out"
most=$(for lr in 0.001 0.01 0.1; do
    cell all.csv validation_accuracy lr $lr batch 8 | awk -v lr=$lr '{ s += $1 } END { print s / NR, lr }'
done | sort -g | tail -n 1 | cut -d' ' -f2)
check "the best by validation: lr $most" grep -q "^\* best by validation accuracy: lr $most\." "$out"
check "and marked in its row" grep -qE "^$most .* \*[ +]?$" "$out"
check "no test part: no test column" sh -c '! grep -q "test accuracy" "$1"' sh "$out"
if command -v python3 >/dev/null; then
    python3 - all.json <<'END' >numbers 2>"$err"
import json, statistics, sys
r = json.load(open(sys.argv[1]))
ok = len(r["settings"]) == 4 and r["same_start"] and r["by"] == "validation"
done = [s for s in r["settings"]]
for s in done:
    v = [x["result"]["validation_accuracy"] for x in s["runs"]]
    t = [x["seconds"] for x in s["runs"]]
    ok = ok and abs(statistics.mean(v) - s["validation_accuracy"]) < 1e-12 and s["seconds"] == statistics.median(t)
    ok = ok and abs(statistics.stdev(v) - s["validation_accuracy_sd"]) < 1e-12
    ok = ok and s["validation_accuracy_best"] == max(v) and s["validation_accuracy_worst"] == min(v)
    ok = ok and s["digests"] == len({x["result"]["digest"] for x in s["runs"]})
best = max(done, key=lambda s: (s["validation_accuracy"], -s["train_loss"]))
ok = ok and best["best"] and sum(s["best"] for s in done) == 1
for s in done:
    wide = max(s["validation_accuracy_sd"], best["validation_accuracy_sd"])
    ok = ok and s["within"] == (s is not best and abs(s["validation_accuracy"] - best["validation_accuracy"]) <= wide)
print(ok)
pareto = [not any(o["validation_accuracy"] >= s["validation_accuracy"] and o["seconds"] <= s["seconds"] and
                  (o["validation_accuracy"] > s["validation_accuracy"] or o["seconds"] < s["seconds"]) for o in done) for s in done]
print(pareto == [s["pareto"] for s in done])
END
    check "the JSON's figures are those of python" same "$(head -n 1 numbers)" True
    check "S191_ the Pareto set of quality and seconds" same "$(tail -n 1 numbers)" True
else
    echo "skip  the figures of the JSON (python3 is not here)"
fi

# --- a grid
run vary builtin:spiral --net "8 tanh" --grid --optimizer sgd,momentum,adam --lr 0.001,0.01,0.1 --epochs 3 --seeds 2 --csv grid.csv
check "S189_ the step sizes of each optimizer, in one command" same "$status $(($(wc -l <grid.csv) - 1)) $(grep -cE '^(sgd|momentum|adam) +0.0?0?1 ' "$out")" "0 18 9"
check "S189_ in one figure, a line an optimizer" grep -q "optimizer sgd .* optimizer momentum .* optimizer adam" "$out"
check "S119_ the optimizers start alike" same "$(field grid.csv start_digest | sort -u | wc -l | tr -d ' ')" 2
run train builtin:spiral --net "8 tanh" --optimizer momentum --lr 0.01 --epochs 3 --seed 2 --json -o again --overwrite -q
check "one of them is slope train's" same "$(value digest <"$out")" "$(cell grid.csv digest optimizer momentum lr 0.01 seed 2)"

# --- batch sizes: loss, time, noise
run vary builtin:moons --net "8 tanh" --batch 4,16,64,all --epochs 8 --csv batch.csv
check "S110_ four batch sizes: loss, time and noise in one table" grep -qE "^batch .* train loss .*noise .* s" "$out"
check "S110_ one figure with the curves" grep -qF -- "4   " "$out"
check "S110_ of small batches the losses stray more" sh -c 'awk -v a="$1" -v b="$2" "BEGIN { exit !(a > 2 * b) }"' sh \
    "$(cell batch.csv step_noise batch 4 seed 1)" "$(cell batch.csv step_noise batch 64 seed 1)"
check "and what noise is, is said" grep -q "a stand-in for the" "$out"
run train builtin:moons --net "8 tanh" --batch 4 --epochs 8 --json -o steps -q
check "S110_ the noise is awk's, of steps.csv" sh -c 'awk -v a="$1" -v b="$2" "BEGIN { d = (a - b) / a; exit !(d < 1e-4 && d > -1e-4) }"' sh \
    "$(cell batch.csv step_noise batch 4 seed 1)" \
    "$(awk -F, 'NR > 1 { l[NR - 2] = $2 } END { n = NR - 1; for (i = int(n / 2) + 1; i < n; i++) { q += (l[i] - l[i - 1]) ^ 2; c++ } printf "%.9g", sqrt(q / c / 2) }' steps/steps.csv)"

# --- nets and what they start from
run vary builtin:moons --net "8 tanh, 2 x 4 relu, residual [4 relu, 4]" --hidden 5,6 --dropout 0.1,0.2 --epochs 1 --seeds 1 --grid -o nets -q --csv nets.csv
check "units and dropout in the words of a net" same \
    "$(grep -o '"net": *"[^"]*"' nets/04-*/run.json | head -n 1 | cut -d'"' -f4)" \
    "6 tanh, dropout 0.2, 2 x [6 relu, dropout 0.2], residual [6 relu, 6]"
check "S119_ other nets start otherwise, and that is said" sh -c 'tr "\n" " " <"$1" | grep -q "other values of --hidden make other weights"' sh "$out"
check "the dropout alone changes no start" same "$(cell nets.csv start_digest hidden 5 | sort -u | wc -l | tr -d ' ')" 1
check "-o keeps the runs and the table" test -s nets/01-hidden-5--dropout-0.1-seed-1/model.safetensors -a -s nets/table.csv
check "the table is that of --csv" cmp -s nets/table.csv nets.csv
if command -v gnuplot >/dev/null; then
    check "and a picture" grep -q "<svg" nets/figure.svg
fi
run vary builtin:moons --hidden 4,8 --epochs 1 --seeds 1
check "--hidden alone: one layer, named" grep -q 'The net of the first: --net "4 relu"' "$out"
run vary builtin:moons --net "16 tanh, dropout 0.5; 8 tanh, 8 tanh" --epochs 2 --seeds 2 --each
check "nets are parted by semicolons" same "$(grep -c '^8 tanh, 8 tanh ' "$out")" 3

# --- fewer rows
run vary builtin:moons --net "8 tanh" --rows 0.1,0.5,1 --epochs 4 --seeds 2 --csv rows.csv -o rows
check "S140_ a learning curve over data" same "$status $(grep -c 'validation accuracy over rows' "$out")" "0 1"
check "S140_ of 450 training rows 46, 226 (a half of each class more), all" same \
    "$(for r in rows/*seed-1/run.json; do sed -n 's/.*"rows": *\([0-9]*\).*/\1/p' "$r" | tail -n 1; done | tr '\n' ' ')" "46 226 450 "
run train builtin:moons --net "8 tanh" --epochs 4 --json -o whole -q
check "all rows: as without --rows" same "$(value digest <"$out") $(value validation_loss <"$out")" \
    "$(cell rows.csv digest rows 1 seed 1) $(cell rows.csv validation_loss rows 1 seed 1)"
run train builtin:moons --net "8 tanh" --epochs 4 --rows 45 --json -o few -q
check "45 rows are a tenth of them" same "$(value digest <"$out")" "$(cell rows.csv digest rows 0.1 seed 1)"
run eval few --part validation --json
check "S140_ the validation rows are the same" same "$(value loss <"$out")" "$(cell rows.csv validation_loss rows 0.1 seed 1)"
run eval few --part train --json
check "eval draws the fewer rows again" same "$(value rows <"$out")" 46
run train builtin:moons --rows 451
check "more rows than there are" grep -q -- "--rows is 451: there are 450 training rows" "$err"

# --- what does each net say here?
run vary builtin:xor --net "4 tanh" --seeds 10 --at 0.5,0.5 --csv xor.csv
check "S47_ ten nets, ten answers at (0.5, 0.5)" same "$(field xor.csv p_1 | sort -u | wc -l | tr -d ' ')" 10
check "S47_ a line for each" same "$(grep -cE '^ +([1-9]|10)  0\.[0-9]{4} ' "$out")" 10
check "S47_ and how far off the rows are: half a diagonal, of corners that are 1 apart" sh -c \
    'tr "\n" " " <"$1" | grep -q "The nearest of the 4 rows of builtin:xor is 0.7071 away, and a row is usually 1.0000 from its"' sh "$out"
run train builtin:xor --net "4 tanh" --seed 7 -o xor7 -q
if command -v python3 >/dev/null; then
    python3 - <<'END' # the row as an array of numpy, [1, 2]
import struct
head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".ljust(117) + b"\n"
open("middle.npy", "wb").write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + struct.pack("<2f", 0.5, 0.5))
END
    run predict xor7 middle.npy
    check "S47_ seed 7 answers what predict says" sh -c 'awk -v a="$1" -v b="$2" "BEGIN { d = a - b; exit !(a > 0 && d < 1e-6 && d > -1e-6) }"' sh \
        "$(sed -n 2p "$out" | awk -F, '{ print $NF }')" "$(cell xor.csv p_1 seed 7)"
else
    echo "skip  the answer of predict (python3 is not here)"
fi
run vary builtin:xor --net "4 tanh" --seeds 1 --at 0,1 --epochs 1
check "a row that is there" sh -c 'tr "\n" " " <"$1" | grep -q "1 of the 4 rows of builtin:xor is there"' sh "$out"
run vary builtin:xor --net "4 tanh" --seeds 1 --at 0,3 --epochs 1
check "farther than rows are from one another: no row is there" sh -c \
    'tr "\n" " " <"$1" | grep -q "No row of builtin:xor is there: the nearest of its 4 is 2.0000 away, and .* 1.0000 from"' sh "$out"
run vary builtin:moons --test 0.2 --validation 0.2 --net "8 tanh" --lr 0.01,0.1 --batch 8,16 --at 0.5,0.5 --epochs 1 --seeds 2
check "lines of single trainings in 80 columns" sh -c 'awk "length > 80 { bad = 1 } END { exit bad }" "$1"' sh "$out"
check "and what is left out is said" sh -c 'sed "/^$/q" "$1" | grep -q "more in a wider terminal"' sh "$out"

# --- the columns of --csv
twice() { head -n 1 "$1" | tr , '\n' | sort | uniq -d; }
run vary builtin:moons --seeds 1 --epochs 1 --csv plain.csv
check "nothing but the seed" grep -q "nothing varies" "$out"
run vary --help
grep -oE '^ +(-[a-z], )?--[a-z0-9-]+ [^ ]*[,;]\.\.' "$out" | grep -oE -- '--[a-z0-9-]+' | cut -c3- | sort >varied
check "options that can be varied: those of the help" test "$(wc -l <varied)" -gt 20
head -n 1 plain.csv | tr , '\n' | tail -n +2 | sort >columns # the first is --epochs itself
check "no column has the name of such an option" test -z "$(comm -12 varied columns)"
run vary builtin:moons --epochs 1,2 --seeds 1 --csv epochs.csv
check "epochs, and those that were taken" same "$(twice epochs.csv) $(field epochs.csv epochs | tr '\n' ' ')$(field epochs.csv epochs_taken | tr '\n' ' ')" " 1 2 1 2 "
run vary builtin:moons --steps 3,5 --seeds 1 --csv steps.csv
check "steps" same "$(twice steps.csv) $(field steps.csv steps_taken | tr '\n' ' ')" " 3 5 "
run vary builtin:moons --metric loss --epochs 1 --seeds 1 --csv loss.csv
check "--metric loss has no column twice" test -z "$(twice loss.csv)"
run vary builtin:xor --net "4 tanh" --metric loss --lr 0.01,0.1 --epochs 1 --seeds 2 --each
check "nor in its tables, without validation rows" same "$(grep -c 'train loss.*train loss' "$out")" 0

# --- how it is said
run vary builtin:xor --net "4 tanh" --lr 0.01,0.1 --epochs 1 --seeds 1
check "seconds below 0.1 with three figures" grep -qE '^0.01 .* [0-9][0-9.]{3}ms ' "$out"
run vary builtin:xor --net "4 tanh" --metric loss --lr 0.01,0.0100001 --epochs 1 --seeds 2
check "the other of two" sh -c 'tr "\n" " " <"$1" | grep -q "= the other is within the spread of it"' sh "$out"

# --- what goes wrong
run vary nosuch.csv --lr 0.1,0.2
check "no file: no setting is blamed" sh -c 'test "$1" = 2 && grep -q nosuch "$2" && ! grep -q "this was the setting" "$2"' sh "$status" "$err"
run vary builtin:moons --net "8 relu" --optimizer sgd --loss mean_squared --task regression --lr 0.01,1e20 --epochs 5 --seeds 2
check "what diverges is a row, not a failure" sh -c 'test "$1" = 0 && grep -q "^1e20 *diverged" "$2"' sh "$status" "$out"
check "and is not the best" sh -c '! grep -q "lr 1e20\." "$1"' sh "$out"
"$slope" vary builtin:moons --net "64 tanh, 64 tanh" --lr 0.001,0.01 --epochs 40 --seeds 400 >"$out" 2>"$err" &
child=$!
sleep 3
kill -TERM $child
wait $child
status=$?
check "a signal ends it with 130" same "$status" 130
check "and what was done is shown" sh -c 'grep -q "stopped in training" "$1" && grep -q "^0.001 " "$2"' sh "$err" "$out"

refused() { # refused PIECE ARGUMENT ...
    piece=$1
    shift
    run vary "$@"
    check "refused: $*" sh -c 'test "$1" = 2 && grep -q -- "$2" "$3" && ! test -s "$4"' sh "$status" "$piece" "$err" "$out"
}
refused "value 2 of its list is empty" builtin:moons --lr 0.1,,2
refused "0.10 is there twice" builtin:moons --lr 0.1,0.10
refused "wants a number above 0" builtin:moons --lr a,b
refused "--batch is 0: wants a whole number of 1 or more, or all" builtin:moons --batch 8,0
refused "did you mean 'adam'" builtin:moons --optimizer sgd,adm
refused "--hidden is 0" builtin:moons --hidden 8,0
refused "wants a number of 0 or more and below 1" builtin:moons --net "8 relu" --dropout 0.1,1
refused "without hidden layers" builtin:moons --dropout 0.1,0.2
refused "has no hidden layer with units" builtin:moons --net "batch_norm" --hidden 4
refused "give one of them" builtin:moons --epochs 3 --steps 4
refused "'x' is no number" builtin:moons --at 1,x
refused "are refused: name fewer values" builtin:moons --lr 0.1,0.2 --most 5
refused "unknown activation .relo.: did you mean .relu" builtin:moons --net "8 relu; 4 relo"
refused "can be read once" - --lr 0.1,0.2
refused "nothing is kept" builtin:moons --overwrite
refused "has 3 numbers, and a row of builtin:moons has 2" builtin:moons --at 1,2,3 --epochs 1
refused "--metric rmse: this task has none: wants one of accuracy, loss" builtin:moons --hidden 4,8 --epochs 2 --seeds 2 --metric rmse
refused "the net wants 9" builtin:moons --net "2 tanh" --weights 1,2,3,4,5,6 --hidden 3,4 --epochs 1
run vary builtin:moons --net "2 tanh" --weights 0.5,1,0.2,0.3,0.4,-0.5 --lr 0.1,0.01 --epochs 2 --seeds 2
check "given weights are those of all trainings" same "$(tr '\n' ' ' <"$out" | grep -o 'seed [12] [0-9a-f]\{16\}' |
    sed 's/seed [12] //' | sort -u | wc -l | tr -d ' ')" 1
check "and no seed draws them" grep -q "a seed draws order" "$out"
refused "no built-in set .mooons.: did you mean moons" builtin:mooons --lr 0.1,0.2
finish
