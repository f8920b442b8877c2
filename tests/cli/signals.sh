#!/bin/sh
# Signals, closed streams, readers that go away, locales and permissions: what a program that runs over night meets.
# Ctrl-C of train on a terminal is in live.sh, of its checkpoints in train.sh and kill.sh.
. "$(dirname "$0")/kit"

for helper in signals terminal; do
    if ! ${CC:-cc} -O1 -o $helper "$kit_source/$helper.c" 2>"$err"; then
        echo "$helper.c cannot be compiled: $(head -n 1 "$err")"
        exit 77
    fi
done
LC_ALL=C # what terminals were sent is cut anywhere, and looked at as bytes
export LC_ALL
mkdir helper place
mv signals terminal helper
signals=$PWD/helper/signals
prompt=5000 # milliseconds within which a command must have ended; sanitizers and a busy machine are slow
[ -z "${SLOPE_SANITIZE-}" ] || prompt=20000

# send OPTIONS ... -- COMMAND ...: in the folder place; status, milliseconds, was_stopped, killed_by, and all that was
# said in $out and $err
send() {
    (cd place && "$signals" "$@") >"$out" 2>"$err" </dev/null
    last=$(grep '^ended ' "$err" | tail -n 1)
    grep -v '^ended [0-9]* after' "$err" >helper/said
    cat helper/said >"$err"
    # shellcheck disable=SC2086
    set -- $last
    status=$2 milliseconds=$4 was_stopped=$6 killed_by=${8-}
}
nothing_beside() { # no file that is being written, in place
    find place -name '*.tmp' -o -name '*.part' -o -name 'slope-*' -o -name '*.pack' | sort >left
    [ ! -s left ] || { sed 's/^/      | left: /' left; return 1; }
}
clean() {
    rm -rf place
    mkdir place
}

# --- train ----------------------------------------------------------------------------------------------
long="train builtin:spiral --net '64 tanh' --epochs 1000000 --patience 0"
for signal in INT TERM HUP; do
    clean
    eval "send -f cut/last.safetensors -k $signal '$slope' $long -o cut"
    check "train, SIG$signal: saved, said, status 130" sh -c 'test "$1" = 130 && grep -q "^stopped after step .*saved in cut" "$2" && grep -q "^  slope train --resume cut$" "$2"' sh "$status" "$err"
    check "and soon" test "$milliseconds" -lt $prompt
    check "run.json says so, nothing is left over" sh -c 'grep -q "\"status\": \"stopped\"" place/cut/run.json && test -s place/cut/model.safetensors' sh
    check "no file is half written" nothing_beside
done
clean
eval "send -f cut/last.safetensors -k INT -k TERM -k HUP '$slope' $long -o cut"
check "several at once end it too" test "$status" = 130 -a "$milliseconds" -lt $prompt
send -f cut/last.safetensors -d 200 -k INT "$slope" train --resume cut
check "and what is there can be gone on with" grep -q "^stopped after step" "$err"
clean # a step of seconds: the second one does not wait for its end
send -d 1500 -k INT -d 100 -k INT "$slope" train "builtin:digits?rows=60000" --net "20 x 2048 relu" --batch 8192 --epochs 50 -o slow -q
check "a second Ctrl-C does not wait for the step: status 130" test "$status" = 130 -a "$milliseconds" -lt 1000
for signal in HUP INT; do # nohup, and background jobs of a script
    clean
    send -i $signal -f cut/last.safetensors -k $signal "$slope" train builtin:spiral --net "64 tanh" --epochs 300 --patience 0 -o cut --json
    check "SIG$signal that was ignored stays so: the training ends by itself" test "$status" = 0 -a -n "$(value digest <"$out")"
done

# a terminal that is closed
clean
(cd place && TERM=xterm exec ../helper/terminal timeout --foreground 60 "$slope" train builtin:spiral --net "64 tanh" --epochs 1000000 --patience 0 -o gone) >"$out" 2>"$err" </dev/null &
window=$!
tries=0
while [ ! -s place/gone/last.safetensors ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -9 $window
wait $window 2>/dev/null
tries=0
until grep -q '"status": "stopped"' place/gone/run.json 2>/dev/null || [ $tries -ge 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
if [ $tries = 0 ] && ! [ -e place/gone ]; then
    echo "skip  a terminal that is closed: no pseudo-terminal here"
else
    check "a window that is closed: the run is saved" grep -q '"status": "stopped"' place/gone/run.json
fi

# --- Ctrl-Z ---------------------------------------------------------------------------------------------
clean
eval "send -f cut/last.safetensors -k TSTP -d 300 -k CONT -d 300 -k TERM '$slope' $long -o cut"
check "Ctrl-Z stops it, fg goes on" test "$was_stopped" = 1 -a "$status" = 130
for size in 80x24 1x5 20x6 500x50; do
    clean
    (cd place && TERM=xterm LC_ALL=C.UTF-8 ../helper/terminal -s $size -o raw "$signals" -f cut/last.safetensors -d 300 -k TSTP -d 300 -k CONT -d 400 -k TERM "$slope" train builtin:spiral --net "64 tanh" --epochs 1000000 --patience 0 -o cut) >"$out" 2>"$err" </dev/null
    check "a window of $size: stopped, gone on and ended" sh -c 'LC_ALL=C tr -d "\r\n " <place/raw | grep -q "ended130after[0-9]*stopped1"' sh
    check "colours are reset" sh -c 'test "$(LC_ALL=C grep -o "$(printf "\033\\[[0-9;]*m")" place/raw | tail -n 1 | tr -d "\033")" = "$1"' sh "$(LC_ALL=C grep -q "$(printf '\033\\[[0-9;]*m')" place/raw && echo '[0m')"
done

clean
(cd place && TERM=xterm-256color LC_ALL=C.UTF-8 ../helper/terminal -s 200x60 -z 3 -o raw "$signals" -f cut/last.safetensors -d 3000 -k TERM -d 100 -k TERM "$slope" train builtin:spiral --net "64 tanh" --epochs 1000000 --patience 0 -o cut) >"$out" 2>"$err" </dev/null
check "a terminal that stands still: the second signal ends it at once" test "$(LC_ALL=C tr -d '\r\n ' <place/raw | sed -n 's/.*ended130after\([0-9]*\)stopped.*/\1/p')" -lt 700

# --- other long commands ---------------------------------------------------------------------------------
awk 'BEGIN { for (i = 0; i < 60000; i++) { s = ""; for (j = 0; j < 12; j++) s = s " w" (i * 7 + j * j * 13) % 997; print s } }' >texts.txt
run train builtin:moons --net "16 tanh" --epochs 3 -o run -q
run train builtin:digits --net "32 relu" --epochs 1 -o digits -q
while IFS='|' read -r wait words; do
    name=${words%% *}
    case $words in gallery*) command -v gnuplot >/dev/null && command -v dot >/dev/null || { echo "skip  gallery: gnuplot or graphviz is missing"; continue; } ;; esac
    for signal in INT TERM HUP; do
        clean
        cp -r run digits texts.txt place
        eval "send -d $wait -k $signal '$slope' $words"
        check "$words, SIG$signal: it ends" test "$status" = 130 -o "$killed_by" != "" -o "$status" = $((128 + $(kill -l "$signal" 2>/dev/null || echo 0)))
        check "$name: soon" test "$milliseconds" -lt $prompt
        check "$name: nothing is left" nothing_beside
    done
done <<'LIST'
400|train builtin:digits --net '256 relu' --epochs 1000 --folds 3 -o folds
100|train builtin:digits --net '1024 relu, 1024 relu' --lr-range
300|vary builtin:digits --net '64 relu' --lr 0.1,0.01 --epochs 100 --seeds 20
300|vectors texts.txt -o words.vec --epochs 100
300|diagnose builtin:digits --net '256 relu' --epochs 500
300|bench digits128 --seconds 60
300|predict run 'builtin:moons?rows=1000000' --part all -o out.csv
300|descend quartic --starts 100000 --steps 100000 --lr 0.00001
600|gallery -o pictures
LIST

# --- a program that draws for us, and never ends: it ends with us -----------------------------------------
cat >helper/gnuplot <<'FAKE'
#!/bin/sh
case $* in *--version*) echo "gnuplot 5.4 patchlevel 4" && exit ;; esac
echo $$ >gnuplot.pid
exec sleep 60
FAKE
chmod +x helper/gnuplot
for words in "plot run curves -o curves.svg" "gallery -o pictures"; do
    case $words in gallery*) file=pictures/gnuplot.pid && command -v dot >/dev/null || { echo "skip  ${words%% *}: graphviz is missing"; continue; } ;; *) file=gnuplot.pid ;; esac
    for signal in INT TERM HUP; do
        clean
        cp -r run place
        eval "PATH=$PWD/helper:\$PATH send -f $file -k $signal '$slope' $words"
        check "$words, SIG$signal: what draws ends too" sh -c '! kill -0 "$1" 2>"$2"' sh "$(cat place/$file)" "$err"
        check "${words%% *}: soon, and nothing is left" test "$milliseconds" -lt $prompt -a "$killed_by" != "" -a "$(nothing_beside)" = ""
    done
done

# --- a reader that goes away ------------------------------------------------------------------------------
# The reader is gone when the program begins. broken WORDS: status in $status, what was said in $err
mkfifo pipe
broken() {
    { sleep 0.05; eval "'$slope' $1" 2>"$err"; echo $? >status; } | true
    status=$(cat status)
}
for words in "catalogue" "predict run builtin:moons" "eval run builtin:moons" "show run" "plot run" "errors run" \
    "explain --net tanh --x 2 --y 3" "compare run digits" "diagnose run" "descend quartic --start 1" "lesson list" \
    "help net" "--help" "completion bash" "replay run --to 10" "linreg" "gradcheck builtin:moons --net tanh" \
    "bench playground --seconds 0.01" "tokenizer word" "vary builtin:xor --lr 0.1,0.2 --seeds 1 --epochs 1 -q" \
    "train builtin:xor --epochs 3 -o read -q --overwrite"; do
    broken "$words"
    check "slope $words | true: ended by SIGPIPE, or done, in silence" test "$status" = 141 -o "$status" = 0
    check "not a word of it" sh -c '! grep -qi "pipe\|cannot write" "$1"' sh "$err"
done
check "the run is whole" grep -q '"status": "finished"' read/run.json
check "the first line alone: head" same "$("$slope" predict run builtin:moons 2>/dev/null | head -n 1)" "$("$slope" predict run builtin:moons -q -o all.csv; head -n 1 all.csv)"
(trap '' PIPE; { sleep 0.05; "$slope" catalogue 2>"$err"; echo $? >status; } | true)
check "where SIGPIPE is ignored: status 1, in silence" test "$(cat status)" = 1 -a ! -s "$err"
{ "$slope" train builtin:spiral --epochs 300 --patience 0 -o deaf --json 2>&1 >deaf.json; } | true
check "progress that nobody reads: training goes on" grep -q digest deaf.json

# --- streams that are closed at the start -----------------------------------------------------------------
"$slope" train builtin:moons --net "4 tanh" --epochs 5 -o open --json >open.json 2>"$err"
"$slope" predict open builtin:moons -o open.csv 2>"$err"
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 4000; i++) print i % 97 "," i * 7 % 31 "," (i % 5 + i % 7 > 5 ? "yes" : "no") }' >packed.csv
packed() { # rows in a file that stays open while messages are written
    "$slope" train packed.csv --target y --net "4 tanh" --epochs 5 --memory 1k "$@"
}
packed -o pack --json >pack.json 2>"$err"
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
    eval "'$slope' train builtin:moons --net '4 tanh' --epochs 5 -o closed --overwrite $closed" >"$out" 2>"$err"
    check "$closed: the model is that of open streams" cmp -s open/model.safetensors closed/model.safetensors
    check "and no message is in any file" sh -c '! grep -rl "slope train\|epoch  *step" closed/*.safetensors closed/*.csv closed/path.bin' sh
    eval "'$slope' predict closed builtin:moons -o closed.csv $closed" >"$out" 2>"$err"
    eval "packed -o kept --overwrite $closed" >"$out" 2>"$err"
    check "with rows in a file beside it too" cmp -s pack/model.safetensors kept/model.safetensors
    check "predict too" cmp -s closed.csv open.csv
done
"$slope" train - --target y -o nodata <&- >"$out" 2>"$err"
check "DATA - from a closed standard input: said, nothing made" test $? -gt 0 -a "$(grep -c '^slope train: standard input' "$err")" = 1 -a ! -e nodata
"$slope" predict run - <&- >"$out" 2>"$err"
check "and for predict" test $? -gt 0 -a "$(grep -c '^slope predict: standard input' "$err")" = 1
none=$PWD/nowhere # where no gnuplot is, a sentence says so while the page is written
PATH=$none "$slope" report open -o open/page.html >"$out" 2>"$err"
check "a report without gnuplot says so" test -s "$err"
PATH=$none "$slope" report open -o open/other.html >"$out" 2>&-
check "2>&-: the sentence is not in the page" same "$(cksum <open/other.html)" "$(cksum <open/page.html)"
if command -v setsid >/dev/null; then
    (unset TERM; setsid -w "$slope" train builtin:moons --net "4 tanh" --epochs 5 -o session --json </dev/null >"$out" 2>"$err")
    check "no terminal, no TERM: the same" same "$(value digest <"$out")" "$(value digest <open.json)"
    check "and no control sequence" sh -c '! grep -q "$(printf "\033")" "$1"' sh "$err"
fi

# --- locales ----------------------------------------------------------------------------------------------
{ echo 'Id,flag,size,note'; awk 'BEGIN { for (i = 0; i < 80; i++) print i "," (i % 3 ? "TRUE" : "false") "," (i % 9 == 4 ? "NULL" : i * 7 % 31 + 0.5) "," (i % 2 ? "INFINITE title" : "I did it") }'; } >words.csv
said() { # all that may differ taken out
    for words in "train words.csv --target flag --column 'note=text' --net '6 relu' --epochs 3 -o said --overwrite --json -q" \
        "eval said words.csv --json" "predict said words.csv" "show said" "catalogue" "plot said --csv" \
        "explain --net TANH --x 1,5 --y 3 -o -" "explain --net tanh --x 1.5 --y 3 --json" "train words.csv --target FLAG" "lesson list" "train builtin:MOONS"; do
        eval "LC_ALL=$1 '$slope' $words" 2>&1 </dev/null | sed '/\*$/d; s/"seconds": *[0-9.e-]*//; s/ [0-9.]* steps\/s.*//'
    done
}
said C >said.C
check "the C locale's words" grep -q '"digest"' said.C
mkdir locales
for locale in C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
    if [ $locale != C.UTF-8 ] && ! LC_ALL=$locale locale charmap 2>/dev/null | grep -q UTF-8; then
        if ! localedef -i ${locale%.*} -f UTF-8 locales/$locale >/dev/null 2>&1; then
            echo "skip  $locale: neither there nor to be made"
            continue
        fi
        LOCPATH=$PWD/locales
        export LOCPATH
    fi
    said $locale >"said.$locale"
    check "$locale: all is the same as in C" cmp -s said.C "said.$locale" || diff said.C "said.$locale" | head -n 6
done

# --- modes, owners, links ---------------------------------------------------------------------------------
mode() { ls -ld "$1" | cut -c 1-10; }
for mask in 022 077; do
    rm -rf masked masked.csv
    (umask $mask; "$slope" train builtin:moons --net "4 tanh" --epochs 2 -o masked -q; "$slope" predict masked builtin:moons -o masked.csv; "$slope" report masked -o masked/page.html; "$slope" vectors --least 1 --size 2 --epochs 1 texts.txt -o masked/words.bin -q) >"$out" 2>"$err"
    case $mask in 022) want=-rw-r--r-- ;; 077) want=-rw------- ;; esac
    for file in masked/* masked.csv; do
        [ "$(mode "$file")" = $want ] || fail "umask $mask: $file has $(mode "$file")"
    done
    check "umask $mask: all files have $want" test -s masked/words.bin -a "$(mode masked.csv)" = $want
done
printf 'old\n' >secret.csv
chmod 640 secret.csv
run predict run builtin:moons -o secret.csv
check "a file that is replaced keeps its mode" same "$(mode secret.csv)" -rw-r-----
ln -s secret.csv link.csv
mkdir real
ln -s real linked
ln -s nowhere.csv dangling.csv
run predict run builtin:moons -o link.csv
check "a link goes on to point to the file, which is written" test -L link.csv -a "$(wc -l <secret.csv)" -gt 100
run predict run builtin:moons -o dangling.csv
check "also where there was none" test -L dangling.csv -a "$(wc -l <nowhere.csv)" -gt 100
run train builtin:moons --net "4 tanh" --epochs 2 -o linked -q
check "a run folder may be a link" test "$status" = 0 -a -L linked -a -s real/model.safetensors
run train builtin:moons --net "4 tanh" --epochs 3 -o linked -q --overwrite
check "which --overwrite keeps" test "$status" = 0 -a -L linked -a "$(wc -l <real/metrics.csv)" = 4
"$slope" vectors texts.txt --size 4 --epochs 1 -o first.bin -q >"$out" 2>"$err"
ln -s first.bin second.bin
chmod 600 first.bin
"$slope" vectors texts.txt --size 4 --epochs 1 -o second.bin -q >"$out" 2>"$err"
check "files that the library writes: links and modes too" test -L second.bin -a "$(mode first.bin)" = -rw-------
finish
