#!/bin/sh
# Files, folders, runs and columns with names that nobody should give: blanks, quotes, line ends, dashes, escape
# sequences, bytes that are no UTF-8. They are found again, nothing of them is obeyed by a terminal, a shell or a
# browser, and what is written stays valid.
. "$(dirname "$0")/kit"

awk 'BEGIN { print "a,b,y"; for (i = 0; i < 60; i++) print i % 7 "," i * 13 % 11 "," (i % 7 + i * 13 % 11 > 8 ? "yes" : "no") }' >rows.csv
long=$(awk 'BEGIN { while (n++ < 246) printf "l" }')
evil=$(printf 'e vil "q\047 \\ %%s $(touch owned) `touch owned` * \t\001 \033[31m\302\233 \377\303\274 <b>&x;\nnew')
if ! : >"$evil.csv" 2>/dev/null || ! : >"$long.long.csv"; then
    echo "this file system does not take such names"
    exit 77
fi

# harmless FILE: what a terminal may be sent: lines of UTF-8 without control characters
harmless() {
    if LC_ALL=C grep -n "$(printf '[\001-\010\013-\037\177]')" "$1" >bad || LC_ALL=C grep -n "$(printf '\302[\200-\237]')" "$1" >bad; then
        sed 's/^/      | /' bad | od -c | head -n 6
        return 1
    fi
    utf8 "$1"
}
# utf8 FILE: and a tab, which JSON does not have, is no harm
utf8() {
    ! command -v iconv >/dev/null || iconv -f UTF-8 -t UTF-8 <"$1" >/dev/null
}
both_harmless() { harmless "$out" && harmless "$err"; }
went_well() { [ "$status" = 0 ] && both_harmless; }

# --- each of them by itself -----------------------------------------------------------------------------
number=0
odd() { # NAME: a table, a run, a result are called so
    number=$((number + 1))
    what=$(printf %s "$1" | LC_ALL=C tr '\001-\037\177-\377\\\\' '?' | cut -c 1-24)
    file=$1.csv
    case $file in -*) file=./$file ;; esac
    cp rows.csv "$file"
    mkdir "in$number"
    run train "$file" --target y --net "3 tanh" --epochs 2 -o "in$number/$1" --json
    check "$what: train" went_well
    check "$what: the JSON and run.json are UTF-8" sh -c '! command -v iconv >/dev/null || iconv -f UTF-8 -t UTF-8 "$1" "$2" >/dev/null' sh "$out" "in$number/$1/run.json"
    digest=$(value digest <"$out")
    check "$what: the bits are those of any name" same "$digest" "$first"
    run eval "in$number/$1" --json
    check "$what: eval finds the data again" went_well
    run predict "in$number/$1" "$file" -o "in$number/$1.out" -q
    check "$what: predict writes there" test "$status" = 0 -a "$(wc -l <"in$number/$1.out")" = 61 -a "$(ls "in$number" | tr -d '\n' | wc -c)" = $((2 * $(printf %s "$1" | tr -d '\n' | wc -c) + 4))
    sed 's/"status": "finished"/"status": "stopped"/' "in$number/$1/run.json" >edited && cp edited "in$number/$1/run.json"
    (cd "in$number" && "$slope" train --resume "$1" --json) >"$out" 2>"$err" </dev/null
    status=$?
    [ "${1#-}" = "$1" ] || status=0 # --resume takes no word with a dash
    check "$what: --resume, from elsewhere" went_well
}
run train rows.csv --target y --net "3 tanh" --epochs 2 -o plain --json
first=$(value digest <"$out")
odd "with blanks  two "
odd "single'quote"
odd 'double"quote'
odd "$(printf 'line\nend')"
odd "$(printf 'tab\there')"
odd 'back\slash\n'
odd '%s%n%d'
odd '$(touch owned)`touch owned`'
odd '*'
odd '-dash'
odd '--dash=x'
odd '~'
odd '#?&=;|<>!'
odd 'grün 数'
odd "$(printf 'latin \374')"
odd "$(printf '\377\376\200')"
odd "$(printf 'es\033[31mc\007')"
odd "$(printf 'c1 \302\2332J')"
odd "$(echo "$long" | cut -c 1-251)"
odd "$evil"
run train "rows.csv" --target y --net "3 tanh" --epochs 2 -o "$long.longrun!" --json
check "a folder with a name of 255 bytes" went_well
cp rows.csv "$long.long.csv"
run predict plain "$long.long.csv" -o "$long.long.out" -q
check "files with names of 254 and 255 bytes" test "$status" = 0
run predict plain "$PWD/in1/../rows.csv" -o "$PWD/in1/../in1/up.csv" -q
check "absolute names, and .." test "$status" = 0 -a -s in1/up.csv
run train rows.csv --target y --net "3 tanh" --epochs 2 -o slashes// --json
check "a folder with slashes behind it" test "$status" = 0 -a -s slashes/run.json
run eval plain/ rows.csv
check "and one that is read" test "$status" = 0

# --- every command --------------------------------------------------------------------------------------
ln -s "$PWD/in$number/$evil" "$evil"
cp rows.csv "$evil.csv"
cp -r plain "other $evil"
"$slope" vectors --size 4 --least 1 -o "$evil.vec" "$evil.csv" >"$out" 2>"$err" || printf '2 2\na 1 2\nb 2 1\n' >"$evil.vec"
printf 'good film\nbad film\ngood actor\n' >"$evil.txt"
all() { # WHAT ARGUMENT ...
    what=$1
    shift
    run "$@"
    check "$what" both_harmless
}
for command in $("$slope" --help | sed -n '/^commands$/,/^$/s/^  \([a-z_]*\) .*/\1/p'); do
    case $command in
    train)
        all "train: there is a run" train "$evil.csv" --target y -o "$evil"
        all "train: no such column" train "$evil.csv" --target "$evil"
        all "train --why" train "$evil.csv" --target y --epochs 1 -o "why $evil" --why
        all "train --folds" train "$evil.csv" --target y --epochs 1 -o "folds $evil" --folds 2
        ;;
    eval | errors | diagnose | explain | report | replay | show | predict)
        all "$command RUN" "$command" "$evil"
        all "$command RUN DATA" "$command" "$evil" "$evil.csv"
        all "$command --why" "$command" "$evil" --why
        all "$command, there is none" "$command" "no $evil" "no $evil"
        ;;
    plot)
        for figure in curves confusion net histograms; do
            all "plot $figure" plot "$evil" $figure
        done
        all "plot, the other way round" plot confusion "$evil"
        ;;
    compare) all compare compare "$evil" "other $evil" ;;
    vary) all vary vary "$evil.csv" --target y --net "2 tanh;3 tanh" --seeds 1 --epochs 1 ;;
    gradcheck) all gradcheck gradcheck "$evil.csv" --target y --net tanh ;;
    vectors)
        all vectors vectors "$evil.txt" --least 1 --size 2 -o "$evil.bin"
        all "vectors near" vectors near good "$evil.vec"
        ;;
    tokenizer) all tokenizer tokenizer "$evil.txt" ;;
    linreg) all linreg linreg "$evil.csv" ;;
    descend) all descend descend "$evil" ;;
    bench | lesson | help | catalogue | gallery | completion)
        all "$command" "$command" "$evil" ;;
    playground) all playground playground -o "$evil.html" ;;
    *) fail "slope $command has no line in this test" ;;
    esac
done
all "an unknown command" "$evil"
all "an unknown option" train "--$evil"
all "an option's value" train rows.csv --net "$evil"
check "no shell and no program obeyed a name" test ! -e owned

# --- what is offered to be pasted -----------------------------------------------------------------------
if command -v bash >/dev/null; then
    run train "$evil.csv" --target y --net "2 tanh" --epochs 1 -o "paste $evil"
    PATH="$kit_folder/bin:$PATH"
    mkdir "$kit_folder/bin"
    ln -s "$slope" "$kit_folder/bin/slope"
    sed -n '/^next$/,$p' "$out" | grep '^  slope [es]' >pasted
    check "what to do next names the run" test "$(wc -l <pasted)" = 2
    PATH="$PATH" bash -e pasted >"$kit_folder/pasted.out" 2>"$err" </dev/null
    check "and can be pasted" test $? = 0
    # stopped, and gone on with
    for name in "paste $evil" "-dash run" "it's"; do
        rm -rf "./$name"
        where=$name
        timeout -s INT 1 "$slope" train "builtin:gauss?rows=4000" --net "64 relu" --epochs 100000 -o "$where" >"$out" 2>"$err" </dev/null
        run train builtin:xor "--out=$where"
        sed -n 's/.*continue it with `\(.*\)`, or replace.*/\1 --json/p' "$err" >pasted
        check "an unfinished run is offered to be gone on with" grep -q "^slope train --resume " pasted
        timeout -s INT 1 bash -e pasted >"$out" 2>"$err" </dev/null
        check "which a shell understands" grep -q "^stopped after step" "$err"
        sed -n '/To go on/{n;s/^ *//p;}' "$err" >pasted
        timeout -s INT 1 bash -e pasted >"$out" 2>"$err" </dev/null
        check "as it does what Ctrl-C said" grep -q "^stopped after step" "$err"
    done
else
    echo "skip  what is offered to be pasted: bash is missing"
fi

# --- pages ----------------------------------------------------------------------------------------------
run report "$evil" -o page.html
check "no tag of a name is in a page" sh -c 'grep -q "&lt;b&gt;&amp;x;" page.html && ! grep -q "<b>&x;" page.html'
check "which is text" harmless page.html

# --- columns, cells and operands ------------------------------------------------------------------------
awk -v q='"' 'BEGIN { printf "%sline\nend%s,%s=,\033[31m%s,%sy%s\n", q, q, q, q, q, q
    for (i = 0; i < 60; i++) printf "%d,%s%s%s,%s\n", i % 7, q, i % 2 ? "two\nlines" : "one", q, (i % 2) != (i % 10 == 0) ? "yes" : "no" }' >columns.csv
run train columns.csv --target y --net "3 tanh" --epochs 30 --lr 0.1 -o columns
check "columns and words with line ends" went_well
run predict columns --set "$(printf 'line\nend=3')" --set "$(printf '=,\033[31m=two\nlines')"
check "a value with a line end is one value" sh -c 'test "$1" = 0 && tail -n 1 "$2" | grep -q "^yes"' sh "$status" "$out"
run show columns
check "show" went_well
cp -r plain "$(printf 'a\nb')"
run compare "$(printf 'a\nb')" plain
check "a run with a line end is one run" test "$status" = 0 -a "$(grep -c 'a.nb' "$out")" -ge 1
finish
