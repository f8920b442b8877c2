#!/bin/sh
# slope plot -o: the same file every time and everywhere, whole or not at all; programs that are missing, too old,
# or never done; figures asked for in the wrong way.
. "$(dirname "$0")/kit"

"$slope" train builtin:xor --net "3 tanh" --epochs 30 -o xor --quiet >/dev/null 2>"$err"
"$slope" train builtin:digits?rows=300 --net "12 relu" --epochs 2 -o digits --quiet >/dev/null 2>"$err"
printf 'text,label\n' >texts.csv
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    printf 'good nice film %s,pos\nbad awful movie %s,neg\n' "$i" "$i"
done >>texts.csv
"$slope" train texts.csv --target label --column text=text --net "embedding 8, mean_pool, 16 relu, dropout 0.2" \
    --epochs 2 -o texts --quiet >/dev/null 2>"$err"
check "runs to draw" test -d xor -a -d digits -a -d texts

# --- what is asked for
refuse() { # refuse SENTENCE ARGUMENT ...: status 2, nothing on stdout, nothing made
    sentence=$1
    shift
    before=$(find . | sort)
    run "$@"
    check "slope $*" test "$status" = 2 -a ! -s "$out" -a "$(grep -cF -- "$sentence" "$err")" -ge 1 -a \
        "$(find . | sort)" = "$before"
}
refuse "did you mean 'curves'" plot xor curve
refuse "did you mean 'curves'" plot curvs
refuse "no such run folder" plot runs/none
refuse "no such run folder" plot runs/none curves
refuse "of which run?" plot net
refuse "the run comes first: slope plot xor net" plot net xor
refuse "--row is not for curves: it takes --metric, --x" plot xor --row 3
refuse "--layer is not for net: it takes none of these options" plot xor net --layer dense_1
refuse "--csv prints the numbers: leave out --out" plot xor --csv -o a.svg
refuse "--width counts where something is drawn" plot xor --csv --width 100
refuse "--width: a diagram takes the room that its nodes need" plot xor net -o a.svg --width 100
refuse "its ending says the form: .svg, .png or .pdf" plot xor -o a.gif
refuse "its ending says the form: .svg, .png or .pdf" plot xor -o -
refuse "cannot write none/a.svg" plot xor -o none/a.svg
refuse "is a file: a figure wants the folder of a run" plot xor/model.safetensors curves
mkdir net.svg
refuse "cannot write net.svg" plot xor net -o net.svg
rmdir net.svg
mkdir curves
refuse "curves" plot curves
run plot ./xor curves --csv
check "a folder that is called like a figure does not hide it" test "$status" = 0 -a -s "$out"
rmdir curves
run plot xor curves --json
check "JSON: name, digest, notes" grep -qE \
    '^\{"figure": "curves", "title": "[^"]+", "panels": [0-9]+, "digest": "[0-9a-f]{16}", "notes": \[.*\]\}$' "$out"
digest=$(value digest <"$out")
run plot xor curves --json --quiet
check "no option is passed over" test "$status" = 2
run plot xor curves --json
check "the same digest again" same "$(value digest <"$out")" "$digest"
run help figures
check "slope help figures" grep -q "net  *every unit and weight" "$out"
run completion bash
check "figures are completed" grep -q "confusion.* net " "$out"

# --- diagrams as text (S158, S218)
run plot texts net --csv
check "S158_ the flow of texts: batch, words, numbers" sh -c '
    for shape in "[batch, seq]" "[batch, seq, 8]" "[batch, 8]" "[batch, 16]" "[batch, 1]"; do
        grep -qF "\"$shape\"" "$1" || exit 1
    done' sh "$out"
check "S158_ pool, linear and relu, dropout, sigmoid" sh -c '
    grep -q mean_pool "$1" && grep -q "16 relu" "$1" && grep -q "dropout 0.2" "$1" && grep -q sigmoid "$1"' sh "$out"
run plot xor/model.safetensors net --csv
check "S218_ a model file alone" test "$(grep -cE '^[0-9]+,[0-9]+,-?[0-9]' "$out")" = 9

# --- files
if ! command -v gnuplot >/dev/null || ! command -v dot >/dev/null; then
    echo "skip  pictures (gnuplot or graphviz is not installed)"
    finish
fi
mkdir house
cat >house/.gnuplot <<'END'
set terminal dumb
set title 'from the home'
END
for figure in curves net; do
    for format in svg png pdf; do
        run plot xor $figure -o "one.$format"
        check "$figure as $format" test "$status" = 0 -a ! -s "$out" -a -s "one.$format"
        check "$figure as $format: said" grep -qF "wrote one.$format" "$err"
        mkdir -p else/where
        (
            cd else/where || exit 1
            HOME=$PWD/../../house GNUTERM=dumb GNUPLOT_LIB=/nowhere GNUPLOT_DEFAULT_GDFONT=Times \
                TZ=Asia/Kolkata LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 \
                "$slope" plot ../../xor $figure -o "two.$format" 2>/dev/null
        )
        check "$figure as $format: the same bytes elsewhere" cmp "one.$format" "else/where/two.$format"
    done
done
run plot digits curves -o curves.svg
check "svg: text stays text" grep -q '>epoch<' curves.svg
check "svg: the picture is named" grep -q '<title>.*digits.*</title>' curves.svg
check "svg: its parts are not" same "$(grep -c '<title>' curves.svg)" 1
check "svg: no white ground" sh -c '! grep -q "fill=.white. *stroke=.none\|<rect[^>]*fill=.#fff" curves.svg'
check "svg: fonts that others have too" grep -q 'font-family="DejaVu Sans,Verdana,sans-serif"' curves.svg
check "svg: no version, no time" sh -c '! grep -qiE "produced by|generated by" curves.svg one.svg'
if command -v xmllint >/dev/null; then
    check "svg is XML" xmllint --noout curves.svg one.svg
fi

# --- programs that do not do it
mkdir empty bad
run_bad() {
    status=0
    PATH=$1 "$slope" plot xor "$2" -o bad.svg >"$out" 2>"$err" </dev/null || status=$?
}
run_bad "$PWD/empty" curves
check "gnuplot is missing: status 1, what to install" test "$status" = 1 -a "$(grep -c 'apt install gnuplot-nox' "$err")" = 1
run_bad "$PWD/empty" net
check "dot is missing: status 1, what to install" test "$status" = 1 -a "$(grep -c 'apt install graphviz' "$err")" = 1
status=0
PATH=$PWD/empty "$slope" plot xor net >"$out" 2>"$err" || status=$?
check "the terminal still shows it" test "$status" = 0 -a -s "$out"
fake() {
    printf '#!/bin/sh\n%s\n' "$1" >bad/gnuplot
    chmod +x bad/gnuplot
}
fake 'case $1 in --version) echo "gnuplot 4.6 patchlevel 6" ;; *) echo "line 3: unrecognized" >&2; exit 1 ;; esac'
run_bad "$PWD/bad:$PATH" curves
check "gnuplot is too old" test "$status" = 1 -a "$(grep -c 'too old: gnuplot 5' "$err")" = 1
fake 'case $1 in --version) echo "gnuplot 5.4 patchlevel 4" ;; *) cat >/dev/null; printf "\n\n  ^\n line 3: no such terminal\n\n" >&2; exit 1 ;; esac'
run_bad "$PWD/bad:$PATH" curves
check "gnuplot fails: its complaint" grep -q 'failed with status 1: line 3: no such terminal' "$err"
fake 'exit 0'
run_bad "$PWD/bad:$PATH" curves
check "gnuplot draws nothing, and reads nothing" test "$status" = 1
fake 'kill -SEGV $$'
run_bad "$PWD/bad:$PATH" curves
check "gnuplot crashes" grep -q 'failed with status 139' "$err"
fake 'head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero | tr "\0" x; cat >/dev/null'
run_bad "$PWD/bad:$PATH" curves
check "much on both pipes" test "$status" = 0
rm -f bad.svg
fake 'echo $$ >pid; exec sleep 100'
PATH=$PWD/bad:$PATH "$slope" plot xor curves -o bad.svg >"$out" 2>"$err" </dev/null &
job=$!
i=0
while [ ! -s pid ] && [ $i -lt 100 ]; do
    sleep 0.1
    i=$((i + 1))
done
kill -TERM "$job" "$(cat pid)" 2>/dev/null # a shell's Ctrl-C reaches both; a script's children ignore it
status=0
wait "$job" || status=$?
check "stopped while gnuplot hangs" test "$status" = 143
check "nothing is left of all these" test -z "$(find . -name '*bad.svg*' -o -name '*.part')"

# --- places that are full
if [ -e /dev/full ]; then
    ln -s /dev/full full.svg
    run plot xor curves -o full.svg
    check "a full disk: status 1" test "$status" = 1 -a "$(grep -c 'cannot write' "$err")" = 1
fi
echo before >kept.svg
chmod 444 kept.svg
ln -s kept.svg link.svg
run plot xor curves -o link.svg
check "a link keeps pointing" test "$status" = 0 -a -L link.svg -a "$(grep -c '<svg' kept.svg)" = 1
mkfifo pipe.svg
cat pipe.svg >read.svg &
run plot xor curves -o pipe.svg
wait
check "into a pipe" grep -q '</svg>' read.svg
finish
