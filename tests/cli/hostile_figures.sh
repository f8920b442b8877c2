#!/bin/sh
# Names from data are text in pictures and nothing else: no shell, no gnuplot, no dot, no markup.
. "$(dirname "$0")/kit"

if ! command -v gnuplot >/dev/null || ! command -v dot >/dev/null; then
    echo "skip  hostile names (gnuplot or graphviz is not installed)"
    finish
fi

# xml TEXT: as it stands in an svg
xml() {
    printf '%s' "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g'
}

# shows WHAT FILE TEXT: the svg has the text, whatever way its quotes are written
shows() {
    kit_shown=$(sed "s/&quot;/\"/g; s/&gt;/>/g; s/&#39;/'/g; s/&#45;/-/g; s/&#160;/ /g" "$2")
    case $kit_shown in
    *"$(xml "$3")"*) pass "$1" ;;
    *)
        fail "$1"
        echo "      | $3"
        ;;
    esac
}

number=0
while IFS= read -r name; do
    number=$((number + 1))
    NAME=$name awk 'BEGIN {
        quoted = ENVIRON["NAME"]; gsub(/"/, "\"\"", quoted)
        print "\"in " quoted "\",b,\"t " quoted "\""
        for (i = 0; i < 40; i++) print (i * 7) % 11 / 2 "," (i * 3) % 5 / 2 ",\"" (i % 2 ? quoted : "other") "\""
    }' >data.csv
    run train data.csv --target "t $name" --net "2 tanh" --epochs 1 --validation 0 -o "run $number" --quiet
    if [ "$status" != 0 ]; then
        fail "$name: trains"
        sed 's/^/      | /' "$err" | head -n 3
        continue
    fi
    run plot "run $number" net -o net.svg
    check "$name: a diagram" test "$status" = 0
    shows "$name: reads as written in it" net.svg "in $name"
    run plot "run $number" confusion --part train -o confusion.svg
    check "$name: a picture" test "$status" = 0
    shows "$name: reads as written in it" confusion.svg "$(printf '%.20s' "$name")" # long ones are cut
    if command -v xmllint >/dev/null; then
        check "$name: XML" xmllint --noout net.svg confusion.svg
    fi
    run plot "run $number" confusion --part train -o confusion.png
    check "$name: as png" test "$status" = 0
done <<'END'
'; system("touch pwned"); '
`touch pwned`
$(touch pwned)
"; !touch pwned
@x ARG0 $x
a\nb\
{/Symbol a}^2_3
<script>touch()</script>
%s%n %d
&lt;b&gt; &amp;
"] ; n0 [label="x
\N \G \"
' . system('touch pwned') . '
# comment
é 日本 ✓
END
check "nothing has run" test ! -e pwned -a -z "$(find . -name 'pwned*')"

# the name of a run
run train builtin:xor --net "2 tanh" --epochs 2 -o "'; system(\"touch pwned\"); '\`touch pwned\`\\" --quiet
run plot "'; system(\"touch pwned\"); '\`touch pwned\`\\" curves -o run.svg
check "a hostile folder: drawn" test "$status" = 0 -a -s run.svg
shows "a hostile folder: reads as written" run.svg "'; system(\"touch pwned\"); '\`touch pwned\`\\"
run plot "'; system(\"touch pwned\"); '\`touch pwned\`\\" net -o run.svg
check "a hostile folder: its diagram" test "$status" = 0 -a -s run.svg
check "still nothing has run" test -z "$(find . -name 'pwned*')"
finish
