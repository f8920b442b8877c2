#!/bin/sh
# slope lesson: the shipped pages are true, answers are graded and not given away, and what instructors write wrong is
# refused with its line.
. "$(dirname "$0")/kit"

root=${SLOPE_SOURCE_ROOT:?}
course=$root/docs/course
unset SLOPE_LESSONS
TMPDIR=$kit_folder/scratch
export TMPDIR
mkdir "$TMPDIR"

status_is() { [ "$status" = "$1" ] || { echo "      | status $status, wanted $1"; return 1; }; }
says() { grep -q -- "$1" "$out"; }
complains() { grep -q -- "$1" "$err" || { cat "$err" && return 1; }; }
silent() { ! grep -q -- "$1" "$out" "$err"; }
narrow() { awk '{ gsub(/[\200-\277]/, "") } length($0) > 80 { print "      | " $0; bad = 1 } END { exit bad }' "$out"; }
nothing_left() { [ -z "$(ls -A "$TMPDIR")" ] || { ls "$TMPDIR" && return 1; }; }

# --- the course ----------------------------------------------------------------------------------------------------

run lesson list
check "the course has lessons" sh -c 'test "$(wc -l <"$1")" -gt 4' sh "$out"
check "listed in 80 columns" narrow
check "no title is cut" silent '[.][.][.]$'
for page in "$course"/[0-9]*.md; do # cases are one entry (cases.sh)
    grep -qx 'Topic: cases' "$page" || sed -n '1s/^# //p' "$page"
done | LC_ALL=C sort >titles
awk '/ case-01 / { exit } NR > 1 && /^ *[0-9]+  / { if (t != "") print t; t = $0; sub(/^ *[0-9]+  [^ ]+ +/, "", t); next }
    NR > 1 { sub(/^ +/, ""); t = t " " $0 } END { print t }' "$out" | LC_ALL=C sort >listed
check "each title is there as a whole" cmp titles listed
run lesson
check "slope lesson alone says how to begin" sh -c 'test "$1" = 0 && test "$(grep -cE "^ +[0-9]+  " "$2")" = 5 && grep -q "slope lesson show" "$2" &&
    grep -q "slope lesson run" "$2" && grep -q "slope lesson check" "$2"' sh "$status" "$out"
check "in 80 columns" narrow
run lesson 16
check "a number alone" sh -c 'test "$1" = 2 && grep -q "slope lesson show 16" "$2"' sh "$status" "$err"
run lesson lsit
check "a word misspelt" sh -c 'test "$1" = 2 && grep -q "did you mean .list" "$2"' sh "$status" "$err"
run lesson show 1
second=$(basename "$course"/2-*.md .md)
check "show ends with the next one" same "$(tail -n 1 "$out")" "Next: slope lesson show ${second#*-}"
run lesson list --json
check "as JSON" sh -c 'grep -q "^\[{\"number\": [0-9]*, \"name\": \"[a-z-]*\", \"title\": " "$1" && test "$(wc -l <"$1")" = 1' sh "$out"
check "every page of docs/course is in the program" same "$(grep -o '"number"' "$out" | wc -l | tr -d ' ')" \
    "$(find "$course" -name '[0-9]*.md' | wc -l | tr -d ' ')"
for page in "$course"/[0-9]*.md; do
    name=$(basename "$page" .md) && name=${name#*-}
    run lesson run "$name" --page
    cp "$out" page
    check "$name: its commands print what the page says, its checks can be computed" \
        sh -c 'test "$1" = 0 && diff "$2" "$3" | head -n 20 && cmp -s "$2" "$3"' sh "$status" "$page" page
    run lesson show "$name"
    awk '/^    |^  [^ ]/ { next } { print }' "$out" >text && cp text "$out" # blocks stay as they are
    check "$name: shown in 80 columns, without checks" sh -c '"$1" lesson show "$2" >shown &&
        test -s shown && ! grep -qE "^ *(kind|seal|tolerance|pick|hint[^:]*|right): |<!--" shown' sh "$slope" "$name"
    check "$name: no line of its text is wider" narrow
    run lesson show "$name" --markdown
    check "$name: nor as Markdown" silent '<!-- check'
done
check "no folder is left behind" nothing_left

# --- numbers ---------------------------------------------------------------------------------------------------------

awk '/^````markdown/ { on = 1; next } /^````$/ { on = 0 } on' "$root/docs/lessons.md" >1-descent.md
mkdir own && mv 1-descent.md own/
run lesson run descent --from own --page
check "the example in docs/lessons.md is a lesson, and true" sh -c 'test "$1" = 0 -a -s "$2" && cmp "$2" own/1-descent.md' sh "$status" "$out"
# theta of (10 - 2 theta)^2 from 6 with 0.005: the error shrinks by 1 - 8 * 0.005 = 0.96: 5.96, 5.9216
run lesson check 1.1 5.96 5.9216 --from own
check "right numbers" status_is 0
check "are called right" says '^Right, all of them'
run lesson check descent.1 theta2=5.9216 theta1=5.96 --from own
check "with names, in any order, by the lesson's name" status_is 0
run lesson check 1.1 5.96 5.92 --from own
check "a wrong number" status_is 1
check "is named" says '^1 of 2 right. Wrong: theta2[.]'
check "and a hint is given" says '^Hint: the gradient at 6 is 8'
check "and the right value is not" silent '9216'
run lesson check 1.1 5.96 5.92166 --from own
check "beyond the tolerance is wrong" status_is 1
run lesson check 1.1 -5.96 5.9216 --from own --json
check "numbers below 0 are no options; JSON" same "$(cat "$out")" '{"lesson": 1, "name": "descent", "task": 1, "kind": "numbers", "of": 2, "right": 1, "wrong": ["theta1"], "hints": ["the gradient at 6 is 8; multiply it by the step size, and take that off"]}'
check "its status" status_is 1
refused() { # refused WHAT PATTERN ARGUMENT ...: an answer in the wrong form
    refused_what=$1 refused_pattern=$2
    shift 2
    run lesson check "$@" --from own
    check "$refused_what: status 2" status_is 2
    check "$refused_what: what is wanted" complains "$refused_pattern"
}
refused "one number of two" '1 given: wants 2 numbers: slope lesson check 1.1 theta1=1.5 theta2=2.5' 1.1 5.96
refused "a word" 'not understood: abc: wants 2 numbers' 1.1 abc 5
refused "an unknown name" 'not understood: theta3=5' 1.1 theta1=5 theta3=5
refused "a name twice" 'not understood: theta1=6' 1.1 theta1=5 theta1=6
refused "no task" 'has 2 tasks: wants one of 1.1 to 1.2' 1 5
refused "a task too many" 'has 2 tasks' 1.3 5
refused "no such lesson" 'there is no lesson 7' 7 5
refused "a lesson misspelt" 'did you mean descent' decsent.1 5
check "no hint at the answer in any of them" silent '9216'

# --- choices ---------------------------------------------------------------------------------------------------------

run lesson check 1.2 b --from own
check "the right choice" sh -c 'test "$1" = 0 && grep -q "^beyond 2/curvature" "$2"' sh "$status" "$out"
run lesson check 1.2 a --from own
check "a wrong one, with its own hint" sh -c 'test "$1" = 1 && grep -q "^Wrong[.]" "$2" && grep -q "^Hint: that is the step" "$2"' sh "$status" "$out"
check "and not what belongs to the right one" silent 'beyond 2/curvature'
run lesson check 1.2 c --from own
check "the hint of another option is not given" silent 'Hint'
refused "no option" 'd: wants one of a b c, or several' 1.2 d
run lesson seal 1.2 b --from own
check "the seal in the page is that of b" grep -q "^$(cat "$out")\$" own/1-descent.md
run lesson seal 1.2 b a --from own
cp "$out" first
run lesson seal 1.2 a b --from own
check "several options in any order" cmp -s first "$out"

mkdir renamed && cp own/1-descent.md renamed/1-other.md
run lesson check 1.2 b --from renamed
check "a lesson renamed: no answer is called wrong" sh -c 'test "$1" = 2 && ! test -s "$2" &&
    grep -q "1-other.md line [0-9]*: the seal fits none of the options: was the lesson renamed" "$3"' sh "$status" "$out" "$err"
run lesson run other --from renamed --page
check "script/lessons says so, too" sh -c 'test "$1" != 0 && grep -q "slope lesson seal other.2 ANSWER" "$2"' sh "$status" "$err"
run lesson seal other.2 b --from renamed
seal=$(cat "$out")
sed "s/^seal: .*/$seal/" renamed/1-other.md >sealed && mv sealed renamed/1-other.md
run lesson check 1.2 b --from renamed
check "sealed anew it is right" status_is 0

# --- files -----------------------------------------------------------------------------------------------------------

# made FILE: with a head before what comes in
made() { { printf '# T\n\nTopic: t\n\nGoal: g\n\n' && cat; } >"own/$1"; }
made 2-table.md <<'END'
```csv file=points.csv
a,b
1,2
3,5
```

<!-- check 1
kind: file
command: slope descend exercise --steps 2 --json
pick: walks.0.path.x walks.0.path.f
shape: 2 x 3
tolerance: 0.1 %
hint row 2 column 3: look at it
-->
END
printf '6,5.92,5.8464\n4,3.3856,2.8656\n' >good.csv
printf '[[6, 5.92, 5.8464], [4, 3.3856, 2.8656]]' >good.json
printf '6 5.92 5.8464 4 3.3856 2.8656' >good.txt
for file in good.csv good.json good.txt; do
    run lesson check 2 $file --from own
    check "$file: six numbers within 0.1 %" sh -c 'test "$1" = 0 && grep -q "^Right, all" "$2"' sh "$status" "$out"
done
printf '6,5.92,5.8464\n4,3.3856,2.9\n' >off.csv
run lesson check table off.csv --from own
check "a file with one that is off" status_is 1
check "its place" says '5 of 6 right. Wrong: row 2 column 3[.]'
check "its hint" says 'Hint: look at it'
printf '6,4\n5.92,3.3856\n5.8464,2.8656\n' >turned.csv
refused "the shape turned" '3 rows of 2: wants 2 rows of 3' 2 turned.csv
printf '6,5.92\n' >short.csv
refused "too few" '2 numbers: wants 6' 2 short.csv
printf '6,5.92,x\n' >words.csv
refused "no numbers" "line 1: 'x' is no number" 2 words.csv
refused "no file" 'wants a file of numbers: No such file' 2 nowhere.csv
refused "a folder" 'wants a file of numbers' 2 own

# --- weights, digests: the shipped lesson ------------------------------------------------------------------------------

run train builtin:xor --net "4 tanh" --epochs 300 --lr 0.05 --quiet -o net
run lesson check xor-by-a-net.1 net
check "S188_ a net that has learned XOR is right" sh -c 'test "$1" = 0 && grep -q "^accuracy 1.0*: Right" "$2"' sh "$status" "$out"
run lesson check xor-by-a-net.1 net/model.safetensors
check "S188_ as a file of weights too" status_is 0
run train builtin:xor --net linear --epochs 20 --quiet -o line
run lesson check xor-by-a-net.1 line
check "S188_ a line does not reach it" sh -c 'test "$1" = 1 && grep -q "^accuracy 0.*: not there yet" "$2"' sh "$status" "$out"
# or and and of signs, by hand: h = tanh(10 a + 10 b - 5), tanh(10 a + 10 b - 15), y = 10 h1 - 10 h2 - 10
echo '10 10 10 10 -5 -15 10 -10 -10' >byhand.txt
run lesson check xor-by-a-net.2 byhand.txt
check "S188_ weights written by hand" status_is 0
echo '10 10 10 10 -5 -5 10 -10 -10' >wrong.txt
run lesson check xor-by-a-net.2 wrong.txt
check "S188_ wrong ones" sh -c 'test "$1" = 1 && grep -q "^accuracy 0.5" "$2"' sh "$status" "$out"
run lesson check xor-by-a-net.2 good.txt
check "too few weights" sh -c 'test "$1" = 2 && grep -q "6 numbers: wants the 9 weights and biases" "$2"' sh "$status" "$err"
run lesson check xor-by-a-net.2 net
check "another net" sh -c 'test "$1" = 2 && grep -q "the net is .*4 tanh.*: wants 2 tanh, 1" "$2"' sh "$status" "$err"
run lesson check xor-by-a-net.1 byhand.txt
check "numbers where any net will do" complains 'wants a run folder or a .safetensors file'
run lesson check xor-by-a-net.1 nowhere.safetensors
check "no such file" status_is 2
run train builtin:xor --net "4 tanh" --epochs 300 --lr 0.05 --seed 3 --json --quiet -o three
digest=$(value digest_last <"$out")
run lesson check xor-by-a-net.3 "$digest"
check "the digest of the same settings" status_is 0
run lesson check xor-by-a-net.3 0123456789abcdef
check "another digest" sh -c 'test "$1" = 1 && ! grep -q "$2" "$3"' sh "$status" "$digest" "$out"
run lesson check xor-by-a-net.3 0123
check "no digest" sh -c 'test "$1" = 2 && grep -q "16 hex digits" "$2"' sh "$status" "$err"

# --- running -----------------------------------------------------------------------------------------------------------

run lesson run descent --from own
check "run shows command and output" sh -c 'grep -q "^[$] slope descend exercise --steps 3" "$1" && grep -q "5.778688" "$1"' sh "$out"
run lesson run descent --from own --json
check "as JSON" says '"status": 0, "output": "exercise: f'
made 3-refused.md <<'END'
```sh status=2
slope train builtin:nowhere -o made
```

```text
```
END
run lesson run refused --from own --page
check "what is refused can be shown" sh -c 'test "$1" = 0 && grep -q "^slope train: .*nowhere" "$2"' sh "$status" "$out"
made 4-status.md <<'END'
```sh
slope train builtin:nowhere
```
END
run lesson run status --from own
check "a command that ends otherwise than said" sh -c 'test "$1" = 1 && grep -q "ended with status 2, and the page says 0" "$2"' sh "$status" "$err"
made 66-columns.md <<'END'
```sh
slope vary builtin:xor --net "2 tanh" --lr 0.01,0.1 --epochs 2 --seeds 2
```

```text head=4 mask=s,+
```
END
run lesson run columns --from own --page
check "a column of seconds is masked, and the + that follows from it" sh -c 'grep -qE "^lr .*  train loss  s  epochs" "$1" &&
    test "$(grep -cE "^0[.][01]+ .*  [0-9.]+  #       2      2 +2  [*=]$" "$1")" = 2' sh "$out"
made 5-files.md <<'END'
```csv file=points.csv
x,y
1,2
2,4
3,6
4,8
5,10
```

```sh
slope linreg points.csv --target y --json
slope train builtin:xor --epochs 2 --quiet -o made
slope show made --json
```
END
run lesson run files --from own
check "its files are there, and what a command makes is there for the next" status_is 0
check "and all of it is gone" sh -c '! ls -d points.csv made 2>/dev/null'
check "no folder is left" nothing_left
sed 's/^Goal: g/Goal: g\n\nFolder: current/' own/5-files.md >own/6-here.md
run lesson run here --from own
check "in the current folder where the lesson says so" test -d made -a -e points.csv
echo other >points.csv
run lesson run here --from own
check "a file that is there is left alone" sh -c 'test "$1" = 1 && grep -q "holds something else" "$2" && grep -q other points.csv' sh "$status" "$err"
made 7-long.md <<'END'
```sh
slope train builtin:digits --net "256 relu" --epochs 5000 --quiet -o long
slope train builtin:digits --net "256 relu" --epochs 5000 --quiet -o longer
```
END
made 8-long-walk.md <<'END'
```sh
slope descend quartic --starts 100000 --steps 100000 --lr 0.00001
slope descend quartic --start longer
```
END
for name in long long-walk; do # the one ends by itself when it is asked to, the other is ended
    "$slope" lesson run $name --from own >"$out" 2>"$err" &
    process=$!
    sleep 2
    kill -TERM $process
    status=0
    wait $process || status=$?
    check "$name, stopped: status 130" status_is 130
    check "$name: the second command did not start" silent 'longer'
    check "$name: its folder is gone" nothing_left
done
SLOPE_LESSONS=own run lesson list
check "SLOPE_LESSONS" says '^  1  descent'

# --- what instructors write wrong ------------------------------------------------------------------------------------------

wrong() { # wrong WHAT PATTERN PAGE, with printf's \n
    mkdir -p bad && rm -f bad/*
    # shellcheck disable=SC2059
    printf "$3" >bad/1-bad.md
    run lesson list --from bad
    check "$1" sh -c 'test "$1" = 2 && grep -q -- "$2" "$3"' sh "$status" "$2" "$err"
}
wrong "file and line" "bad/1-bad.md line 1: 'no title': wants the title" 'no title'
wrong "a pipe" 'line 5: .*no shell reads it' '# T\nTopic: t\nGoal: g\n```sh\nslope descend x | rm -rf .\n```\n'
wrong "another program" 'line 5: .*begins with slope' '# T\nTopic: t\nGoal: g\n```sh\nrm -rf .\n```\n'
wrong "a lesson within itself" 'list and show alone' '# T\nTopic: t\nGoal: g\n```sh\nslope lesson run 1\n```\n'
wrong "an unknown key" "line 6: 'name: a': wants 'key: value'" '# T\nTopic: t\nGoal: g\n<!-- check 1\nkind: numbers\nname: a\n-->\n'
cp own/1-descent.md bad/2-bad.md
cp own/1-descent.md bad/1-bad.md
run lesson list --from bad
check "a name twice" complains 'have one name'
mv bad/2-bad.md bad/01-other.md
run lesson list --from bad
check "a number twice" complains 'bad: 1-bad.md and 1-other.md have one number'
rm bad/*
run lesson list --from bad
check "an empty folder" complains 'no lesson is in it'
run lesson list --from nowhere
check "no folder" sh -c 'test "$1" = 2 && grep -q "wants a folder of lessons" "$2"' sh "$status" "$err"
made 9-pick.md <<'END'
<!-- check 1
kind: numbers
names: a
command: slope descend exercise --steps 2 --json
pick: walks.0.path.z
-->
END
run lesson check pick 1 --from own
check "a pick that finds nothing" sh -c 'test "$1" = 1 && grep -q "nothing stands at walks.0.path.z" "$2"' sh "$status" "$err"
run lesson run pick --page --from own
check "which script/lessons says" sh -c 'test "$1" = 1 && grep -q "nothing stands at" "$2"' sh "$status" "$err"

# --- usage ---------------------------------------------------------------------------------------------------------------

for arguments in "lesson --json" "lesson teach" "lesson show" "lesson list 1" "lesson show 12 --json" "lesson run 12 --markdown" \
    "lesson show 12 13" "lesson check 12" "lesson list --page"; do
    # shellcheck disable=SC2086 # words
    run $arguments
    check "slope $arguments: refused" sh -c 'test "$1" = 2 && test -s "$2"' sh "$status" "$err"
done
finish
