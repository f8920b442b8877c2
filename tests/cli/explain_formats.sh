#!/bin/sh
# explain_formats: an explanation as text, Markdown, HTML, LaTeX and JSON: its lines computed by Python from what
# stands there, pages that are well formed, documents that compile.
. "$(dirname "$0")/kit"

have() { command -v "$1" >/dev/null 2>&1; }

# A line of text is NAME = ARITHMETIC = VALUE, gone on with below; the arithmetic is Python's but for ^.
cat >recompute.py <<'EOF'
import ast, math, re, sys

def softplus(z): return max(z, 0) + math.log1p(math.exp(-abs(z)))
known = dict(exp=math.exp, log=math.log, sqrt=math.sqrt, abs=abs, sin=math.sin, cos=math.cos, tanh=math.tanh,
             erf=math.erf, sigmoid=lambda z: 1 / (1 + math.exp(-z)), softplus=softplus, min=min, max=max,
             sign=lambda z: (z > 0) - (z < 0))
lines, inside = [], False
for line in open(sys.argv[1]).read().split("\n"):
    bare = line.strip()
    if re.match(r"^ +([-+=*/({\d]|more)", line) and inside:
        lines[-1] += " " + bare
    elif line.startswith("    "):
        lines.append(bare)
        inside = True
    else:
        inside = False
count = 0
for line in lines:
    parts = re.split(r" +(?<![<>=])=(?!=) ", line)
    if len(parts) < 3 or "[" in parts[-1]:
        continue
    name, formula, value = parts[0], parts[-2], float(parts[-1])
    formula = re.sub(r"\{[^:}]*:([^}]*)\}", r"(\1)", formula).replace("^", "**")
    result = float(eval(compile(ast.parse(formula.strip(), mode="eval"), "line", "eval"), {"__builtins__": {}}, known))
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 6) if value else 1e-9
    if abs(result - value) > 2.1 * unit:
        sys.exit(f"{line}: gives {result}")
    count += 1
print(count)
EOF

# --- S72: input -> relu -> sigmoid -> binary cross entropy ---
weights=0.5,-1,0.25,1,-0.5,0.75,1,-2,0.5
xor="--weights $weights --biases 0.1,0.2,0.3,-0.4 --x 1,-2 --y 1 --loss binary_cross_entropy --lr 0.1"
# shellcheck disable=SC2086
run explain --net "3 relu" $xor
check "S72_ every rule, with shapes" sh -c 'grep -Eq "^  z1 = W1 x \+ b1 +\[3\] = \[3, 2\] \[2\] \+ \[3\]$" "$1" &&
    grep -Eq "^  z_out = W2 a1 \+ b2 +\[1\] = \[1, 3\] \[3\] \+ \[1\]$" "$1" &&
    grep -Eq "^  dL/dz_out = p - y +\[1\]$" "$1" && grep -Eq "^  dL/dW2 = dL/dz_out a1'"'"' +\[1, 3\] = \[1\] \[3\]'"'"'$" "$1" &&
    grep -Eq "^  dL/da1 = W2'"'"' dL/dz_out +\[3\] = \[1, 3\]'"'"' \[1\]$" "$1" &&
    grep -Eq "^  dL/dz1 = dL/da1 \* da1/dz1 +\[3\]$" "$1" &&
    grep -Eq "^  dL/dW1 = dL/dz1 x'"'"' +\[3, 2\] = \[3\] \[2\]'"'"'$" "$1" && grep -Eq "^  dL/db1 = dL/dz1 +\[3\]$" "$1"' sh "$out"
# by hand: z1 = 2.6, -1.55, -1.7 -> a1 = 2.6, 0, 0; z = 2.2; p - 1 = -1/(1 + e^2.2)
awk 'BEGIN { d = 1 / (1 + exp(-2.2)) - 1; printf "%.6f %.6f %.6f %.6f\n", d, d * 2.6, d, d * 1 * -2 }' >wanted
awk '/^    dL\/dz_out\[0\]/ { a = $NF } /^    dL\/dW2\[0,0\]/ { b = $NF } /^    dL\/db1\[0\]/ { c = $NF }
    /^    dL\/dW1\[0,1\]/ { d = $NF } END { printf "%.6f %.6f %.6f %.6f\n", a, b, c, d }' "$out" >found
check "S72_ its numbers, by hand" same "$(cat found)" "$(cat wanted)"

# --- text ---
check "no line beyond 80 columns" awk 'length > 80 { exit 1 }' "$out"
check "no blanks at the ends of lines" sh -c '! grep -q " $" "$1"' sh "$out"
check "no colours in a file" sh -c '! grep -q "$(printf "\033")" "$1"' sh "$out"
if have python3; then
    cp "$out" one.txt
    check "every line gives what it says" sh -c 'test "$(python3 recompute.py one.txt)" -gt 40' sh
    run explain --net "20 tanh, 9 relu" --x "1,2,3,4;0.1,0.2,0.3,0.4" --y "1;0" --loss bce --seed 4
    cp "$out" two.txt
    check "with sums that are shortened too" sh -c 'test "$(python3 recompute.py two.txt)" -gt 80' sh
    sed 's/= -0\.\([1-9]\)/= -0.0\1/' one.txt >wrong.txt
    check "a wrong one is seen" sh -c '! python3 recompute.py wrong.txt >said 2>&1' sh
else
    echo "skip  lines are computed again: there is no python3"
fi
if have script && have stty; then
    for columns in 40 132; do
        env -u NO_COLOR TERM=xterm script -qec "stty rows 24 cols $columns; $slope explain --net '3 relu' $xor" /dev/null </dev/null |
            tr -d '\r' >seen
        check "$columns columns, with colours" sh -c 'grep -q "$(printf "\033")\[1mforward" "$2" &&
            sed "s/$(printf "\033")\[[0-9;]*m//g" "$2" | awk -v most="$1" "length > most { exit 1 }"' sh "$columns" seen
    done
    env NO_COLOR=1 TERM=xterm script -qec "$slope explain --net '3 relu' $xor" /dev/null </dev/null >seen
    check "none where NO_COLOR is set" sh -c '! grep -q "$(printf "\033")" seen && grep -q forward seen'
else
    echo "skip  a terminal: there is no script(1)"
fi

# --- files ---
for ending in txt md html tex json; do
    # shellcheck disable=SC2086
    run explain --net "3 relu" $xor -o "step.$ending"
    check "-o step.$ending" test "$status" = 0 -a -s "step.$ending" -a ! -s "$out"
done
check "text in a file is as on the screen" cmp -s step.txt one.txt
# shellcheck disable=SC2086
run explain --net "3 relu" $xor -o step.pdf
check "an unknown ending" sh -c 'test "$1" = 2 && grep -q "wants a name that ends in .txt, .md, .html, .tex or .json" "$2" && ! test -e step.pdf' sh "$status" "$err"
# shellcheck disable=SC2086
run explain --net "3 relu" $xor -o step.out --format markdown
check "--format goes before it" cmp -s step.out step.md
# shellcheck disable=SC2086
run explain --net "3 relu" $xor --json --format html
check "--json and --format" sh -c 'test "$1" = 2 && grep -q "wants one of them" "$2"' sh "$status" "$err"

# --- Markdown ---
check "Markdown: headings, formulas, tables" sh -c 'grep -q "^## forward$" step.md && grep -q "^### dense_1: 3 relu$" step.md &&
    test "$(grep -c "^\$\$$" step.md)" = "$(($(grep -c "^\$\$$" step.md) / 2 * 2))" &&
    grep -Fq "| \`a1[0]\` | \`max(0, 2.6)\` | **2.6** |" step.md' sh

# --- HTML ---
if have python3; then
    cat >wellformed.py <<'EOF'
import html.parser, sys, xml.etree.ElementTree as tree
class Page(html.parser.HTMLParser):
    stack, rows = [], 0
    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "br"): self.stack.append(tag)
        self.rows += tag == "tr"
    def handle_startendtag(self, tag, attributes): pass
    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag: sys.exit(f"line {self.getpos()[0]}: </{tag}>")
text = open(sys.argv[1], encoding="utf-8").read()
page = Page(); page.feed(text); page.close()
if page.stack: sys.exit(f"left open: {page.stack}")
part = text[text.index('<div class="explained">'):text.rindex("</div>") + 6]
tree.fromstring(part)
print(page.rows)
EOF
    check "HTML is well formed, and has a row a line" sh -c 'test "$(python3 wellformed.py step.html)" = "$(grep -c "\*\* |$" step.md)"' sh
    check "JSON: numbers by step and part" python3 - <<'EOF'
import json, math
steps = json.load(open("step.json"))["steps"]
assert len(steps) == 1 and list(steps[0]) == ["forward", "loss", "backward", "update", "after the step"]
slope = 1 / (1 + math.exp(-2.2)) - 1
assert abs(steps[0]["backward"]["dL/dW2[0,0]"] - slope * 2.6) < 1e-14
assert abs(steps[0]["update"]["W2[0,0]"] - (1 - 0.1 * slope * 2.6)) < 1e-14
assert abs(steps[0]["loss"]["L"] - math.log1p(math.exp(-2.2))) < 1e-14
EOF
    # shellcheck disable=SC2086
    run explain --net "3 relu" $xor --steps 3 --depth 1 --json
    check "JSON: an object a step, lists whole" python3 - "$out" <<'EOF'
import json, sys
text = open(sys.argv[1]).read()
assert text.count("\n") == 1
steps = json.loads(text)["steps"]
assert len(steps) == 3 and steps[0]["forward"]["a1"] == [2.6, 0, 0] and steps[2]["after 3 steps"]["L"] < steps[2]["loss"]["L"]
assert steps[1]["loss"]["L"] < steps[0]["loss"]["L"]
EOF
else
    echo "skip  HTML and JSON are read: there is no python3"
fi
check "a page that fetches nothing" sh -c 'head -1 step.html | grep -q "<!DOCTYPE html>" && grep -q "<title>3 relu: a step, explained</title>" step.html &&
    ! grep -Eq "src=|href=|url\(" step.html' sh

# --- LaTeX ---
check "LaTeX: formulas and shapes" sh -c 'grep -Fq "z^{(1)} = W^{(1)} \\, x + b^{(1)}" step.tex &&
    grep -Fq "W^{(1)} \\in \\mathbb{R}^{3 \\times 2}" step.tex && grep -Fq "\\partial L/\\partial W_{0, 1}^{(1)} &= " step.tex' sh
if have pdflatex; then
    compiles() { # FILE: no error, nothing that stands out of the page
        pdflatex -interaction=nonstopmode -halt-on-error "$1" >said 2>&1 || { tail -n 15 said; return 1; }
        ! grep -E "^Overfull .hbox \([0-9]{2,}\.|Missing character" "${1%.tex}.log"
    }
    check "S72_ the derivation compiles" compiles step.tex
    activations="relu tanh sigmoid linear"
    bad=0
    i=0
    while [ "$i" -lt 30 ]; do # nets by chance, from a fixed seed
        words=$(awk -v seed="$i" -v list="$activations" 'BEGIN { srand(seed); n = split(list, f, " ")
            count = 1 + int(rand() * 2)
            for (l = 1; l <= count; l++) printf("%s%d %s", (l > 1) ? ", " : "", 1 + int(rand() * 9), f[1 + int(rand() * n)])
            rows = 1 + int(rand() * 3); width = 1 + int(rand() * 9); printf("|")
            for (r = 1; r <= rows; r++) for (k = 1; k <= width; k++)
                printf("%.*f%s", int(rand() * 6), (rand() - 0.5) * 10 ^ int(rand() * 4), (k < width) ? "," : (r < rows) ? ";" : "|")
            for (r = 1; r <= rows; r++) printf("%d%s", rand() < 0.5, (r < rows) ? ";" : "|")
            print (rand() < 0.5 ? "mean_squared" : "binary_cross_entropy"), (rand() < 0.5 ? "sgd" : "adam"), 1 + int(rand() * 4) }')
        IFS='|' read -r net x y rest <<EOF
$words
EOF
        # shellcheck disable=SC2086
        set -- $rest
        run explain --net "$net" "--x=$x" --y "$y" --loss "$1" --optimizer "$2" --depth "$3" --seed "$((i + 1))" -o "net$i.tex"
        if [ "$status" != 0 ] || ! compiles "net$i.tex"; then
            bad=$((bad + 1))
            echo "      | $words"
            cat "$err"
        fi
        i=$((i + 1))
    done
    check "LaTeX of 30 nets by chance compiles" test "$bad" = 0
else
    echo "skip  LaTeX is compiled: there is no pdflatex"
fi
finish
