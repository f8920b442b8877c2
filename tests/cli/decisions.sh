#!/bin/sh
# decisions: --why on every command: what is decided is told with the reason, docs/decisions.md lists all of it, and
# the numbers in the reasons are those of the data
. "$(dirname "$0")/kit"
source=${SLOPE_SOURCE_ROOT:-$(dirname "$0")/../..}
case $source in
/*) ;;
*) source=$OLDPWD/$source ;;
esac
LC_ALL=C
export LC_ALL
told=$kit_folder/told
: >"$told"

# why ARGUMENT ...: the program with --why; its decisions are kept
why() {
    run "$@" --why
    # a name is what stands before two blanks, and does not begin with one
    awk '/^decided  / { on = 1; next } on && /^[^ ]/ && /[^ ]  +[^ ]/ { sub(/  +.*/, ""); print }
         on && /^[^ ]*:/ { on = 0 }' "$err" >>"$told"
}
# decided NAME CHOSEN: in the run before; the lines of a cell joined
decided() {
    awk -v name="$1" -v chosen="$2" '
        /^decided  / { at = index($0, "chosen"); on = 1; next }
        on { what = substr($0, 1, at - 1); sub(/ +$/, "", what); rest = substr($0, at)
             if (/^[^ ]/) { hit = what == name; if (hit) all = all "|" }
             if (hit) { sub(/^ +/, "", rest); gsub(/  +/, "  ", rest); all = all " " rest } }
        END { exit index(all, chosen) == 0 }' "$err"
}

# --- a table whose columns are counted here ---
awk 'BEGIN { print "n,skewed,word,many,hole,flag,id,y"
    for (i = 1; i <= 400; i++) printf "%d.5,%d,%s,m%d,%s,%s,r%d,%s\n", i * 7919 % 1000 - 500, i % 20 ? i % 5 + 1 : i * i,
        substr("redgreblu", i % 3 * 3 + 1, 3), i % 40, i % 8 ? i % 13 : "", i % 2 ? "yes" : "no", i, (i * 31 % 7 > 3) ? "up" : "down" }' >t.csv
rows=$(awk 'NR > 1' t.csv | wc -l | tr -d ' ')
holes=$(awk -F, 'NR > 1 && $5 == ""' t.csv | wc -l | tr -d ' ')
words=$(awk -F, 'NR > 1 { seen[$3] = 1 } END { for (w in seen) n++; print n }' t.csv)
why train t.csv --target y --net "8 relu" --epochs 1 -o t -q
check "S85: train --why" test "$status" = 0
check "S85: the delimiter, with its records and fields" decided delimiter "',' splits each of the first 100 records into"
check "S85: the type of a column of words, counted" decided "column word" "category, an"
check "S85: its words as counted" grep -q "$words different words in $rows" "$err"
check "S85: a column that tells rows apart is left out" decided "column id" "left out"
check "S85: values that are missing, counted" grep -q "$((rows - holes)) of $rows values" "$err"
check "S85: the task" decided task classification
check "S85: the loss" decided loss binary_cross_entropy
check "S85: the output unit" decided output "1 linear"
check "S85: init" decided init "dense_1: he"
check "S85: a number below 0 has no logarithm" decided "input n" standard
check "S85: a skewed one has" decided "input skewed" log
check "S85: the validation part" decided validation "there are $rows"
check "S85: what was asked for is not listed" sh -c '! grep -qE "^(epochs|net|out|target) " "$1"' - "$err"
check "S85: no line is longer than 80" awk 'length($0) > 80 { bad = 1 } END { exit bad }' "$err"
check "the result is the same without --why" sh -c '
    "$1" train t.csv --target y --net "8 relu" --epochs 1 -o t2 -q --json >a && "$1" train t.csv --target y --net "8 relu" \
    --epochs 1 -o t3 -q --json --why 2>/dev/null >b && [ "$(grep -o "digest.*folder" a)" = "$(grep -o "digest.*folder" b)" ]' - "$slope"

# --- the other decisions of training ---
why train t.csv --target y -q --epochs 1 -o recipe
check "S85: the recipe says why" grep -q "no net, optimizer, schedule or loss" "$err"
why train t.csv --target y --resume t -q
why train --resume t -q
check "S85: --resume goes by what is recorded" decided settings recorded
awk 'NR == 1 || NR < 30' t.csv >few.csv
why train few.csv --target y --net linear --epochs 1 --batch 1000 -o few -q
check "S85: no validation part, and why" decided validation "28 rows are fewer than 50"
check "S85: a batch larger than the data" decided batch "1000 were asked for, and there are 28 rows"
sed 's/,/;/g' t.csv | { printf '\357\273\277'; cat; echo; echo; echo "1;2;red;m1;3;yes;r9;"; } >marked.csv
why train marked.csv --target y --net linear --epochs 1 -o marked -q
check "S85: another delimiter is found out" decided delimiter "; "
check "S85: rows without a target" decided "rows without target" "1 of them"
why train t.csv --target n --net linear --epochs 1 -o number -q --interval 90
check "S85: a target of numbers is standardised" decided target-scale standard
why train t.csv --target n --net "4 batch_norm" -q -o norm
why train t.csv --target n --net "4, batch_norm" --optimizer perceptron -q -o bad
why train t.csv --target y --net linear --optimizer perceptron --epochs 1 -q -o perceptron
check "S85: a rule that wants its own loss" decided loss perceptron
why train t.csv --target y --net "8 relu, batch_norm" --batch 110 --epochs 1 -q -o joined
check "S85: a last batch of few rows" decided "last batch" joined
why train t.csv --target n --net linear --loss huber --epochs 1 -q -o huber
for optimizer in nesterov nadam rprop rmsprop lbfgs; do
    why train t.csv --target y --net linear --optimizer $optimizer --epochs 1 -q -o "run-$optimizer" --overwrite
done
why train t.csv --target y --net linear --optimizer lbfgs -q -o free
why train t.csv --target y --net linear --lr 0.01 --lr-batch 64 --epochs 1 -q -o scaled
check "S85: --lr-batch" decided lr "0.01 is meant for batches of 64"
why train t.csv --target y --net linear --lr-range -q
why train t.csv --target y --net linear --group many --test 0.01 --epochs 1 -q -o groups
why train builtin:digits?rows=300 --net "8 relu" --epochs 1 -q -o digits
check "S85: bytes" decided inputs "divided by 255"
why train builtin:digits?rows=300 --test 0.2 --epochs 1 -q -o digits2
why train builtin:gauss?rows=12000 --net linear --epochs 1 -q -o gauss
why train builtin:spiral --net "8 tanh" -q -o spiral
check "S85: how long" decided epochs "at most 200"
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 150000; i++) print (i * 7919 % 1000 / 8) "," (i * 31 % 77) "," (i % 3 ? "up" : "down") }' >long.csv
why train long.csv --target y --net linear --batch 1000 --epochs 1 --memory 2M -q -o long
check "S85: rows that are packed" decided "packed rows" "a third of the memory"

# --- texts ---
awk 'BEGIN { split("good bad fine poor great awful nice dull film story", w, " ")
    for (i = 0; i < 120; i++) { l = i % 2 ? "pos" : "neg"; t = ""
        for (j = 0; j < 8; j++) t = t " " w[(i * 7 + j * j * (i % 2 + 3)) % 10 + 1]
        printf "__label__%s the%s here %d\n", l, t, i } }' >labels.txt
{ echo "text,label"; sed 's/__label__\([a-z]*\) \(.*\)/\2,\1/' labels.txt; echo ",pos"; } >texts.csv
why train labels.txt -q -o texts --epochs 1
check "S85: labels of a format" decided target label
why train texts.csv --target label --net "8 relu" -q -o texts2 --epochs 1 --column text=text
sed 's/.*_[a-z]* //' labels.txt >plain.txt
{ echo "10 3"; for word in good bad fine poor great awful nice dull film story; do echo "$word 1 2 3"; done; } >v.txt
why train labels.txt --net "embedding 3, mean_pool, 4 relu" --vectors v.txt --epochs 1 -q -o vectors
why train labels.txt --net linear --text "words, documents size=4" --unlabelled plain.txt --epochs 1 -q -o unlabelled

# --- what is done with runs ---
why eval t
check "S85: eval says where its rows are from" decided DATA t.csv
check "S85: why a baseline is there" decided "baseline always" shown
why eval t t2 t.csv --json
sed 's/red/violet/' t.csv >other.csv
why predict t other.csv
check "S85: words that training did not have" decided "unknown words" violet
check "predict --why of a table: no column of words" same "$(sed -n 1p "$out")" "prediction,p_down,p_up"
why predict t t2 other.csv
why predict texts --set text="good film"
check "predict --why of texts: words, and decisions" sh -c 'grep -q "without any word" "$1" && grep -q "^words that push" "$2"' - "$out" "$err"
why predict texts plain.txt --part all
why errors t --json
why show t
why compare t few
why report spiral -q
check "S85: report says which figures do not fit" decided "figure fit" "it wants"
why plot spiral
check "S85: plot" decided FIGURE curves
for figure in boundary landscape weights gradients saturation embedding activations errors; do
    why plot spiral $figure
done
why plot t few compare
why plot activations
why plot spiral curves -o c.svg
why gradcheck builtin:xor --net "4 tanh"
check "S85: gradcheck" decided rows "has no more"
why descend quartic
check "S85: descend" decided lr "the function's own"
why linreg
why vectors plain.txt -o v.vec --size 4 --least 1
why vectors plain.txt -o v.vec -q
why tokenizer "a text"
why bench digits32 --seconds 0.05
why explain --net "3 tanh" --x 1,2 --y 1
check "S85: weights that nobody gave" decided weights drawn
why explain --net "3 tanh" --x 1,2 --y 1 --equation
why explain spiral --row 3
why explain spiral --cost
check "S85: whose rows a cost is of" decided train-rows run
why vary builtin:xor --net "2 tanh" --lr 0.1,0.2 --epochs 2 -q
why diagnose builtin:xor --net "2 tanh" --epochs 2
why lesson list
why gallery --list
check "a default of the table of options" decided only "the default"
for command in help catalogue; do
    why $command
    check "$command decides nothing, and says so" grep -q "nothing was decided" "$err"
done
why completion bash
check "completion knows --why" grep -q -- --why "$out"
run help train
check "help knows --why" grep -q -- --why "$out"

# --- the page lists what is told, and nothing else ---
sed -n 's/^| `\([^`]*\)`.*/\1/p' "$source/docs/decisions.md" | sort -u >page
sed 's/^column .*/column NAME/; s/^input .*/input NAME/; s/^no value in.*/no value in NAME/; s/^features of.*/features of VIEW/
     s/^baseline .*/baseline NAME/; s/^figure .*/figure NAME/; s/.* of lbfgs$/OPTION of METHOD/' "$told" | sort -u >seen
comm -13 page seen | grep -vxE 'top|noise|only|seconds' >unlisted || true
check "all that is told stands in docs/decisions.md" same "none: $(cat unlisted)" "none: "
comm -23 page seen >untold
for word in figures checks "columns shown" colours; do grep -vx "$word" untold >left || true; mv left untold; done
check "all of docs/decisions.md is told here" same "none: $(cat untold)" "none: "

# --- an option whose default is said in words is told, or does nothing ---
for command in $("$slope" --help | sed -n '/^commands/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    "$slope" help "$command" | awk '
        function flush() { if (match(text, /default [^;)]*/)) print name "\t" substr(text, RSTART + 8, RLENGTH - 8); text = "" }
        /^  (    |-., )--/ { flush(); name = $0; sub(/^[^-]*(-., )?--/, "", name); sub(/ .*/, "", name) }
        /^[a-z ]/ { line = $0; gsub(/  +/, " ", line); text = text line }
        END { flush() }'
done | awk -F '\t' '$2 ~ / / && $2 !~ /^(none|0:|no limit)/ { print $1 }' | grep . | sort -u >worded
grep -oE -- '--[a-z0-9-]+' "$source/docs/decisions.md" | sed 's/^--//' | sort -u >overrides
check "there are such options" test "$(wc -l <worded)" -gt 20
check "options with a default in words are decisions" same "none: $(comm -23 worded overrides | tr '\n' ' ')" "none: "
finish
