#!/bin/sh
# slope descend: the walks that lectures show, with their numbers; what it says about them; formulas that do not parse.
. "$(dirname "$0")/kit"

column() { # column NAME: of the CSV in $out, a line a row
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print $at }' "$out"
}
near() { # near ROW NAME VALUE TOLERANCE: row from 0
    column "$2" | awk -v row="$1" -v value="$3" -v tolerance="$4" '
        NR == row + 1 { off = $1 - value; found = 1; bad = off > tolerance || off < -tolerance; got = $1 }
        END { if (!found || bad) print "      | row " row ": " got ", wants " value; exit !found || bad }'
}
walks() { # walks NAME "V0 V1 ...": the first rows of a column, to half a unit of the fourth decimal
    row=0
    for value in $2; do
        near "$row" "$1" "$value" 0.00006 || return 1
        row=$((row + 1))
    done
}
says() { grep -q "$1" "$out"; }
text() { tr '\n' ' ' <"$out" >"$out.line" && grep -q "$1" "$out.line"; } # over line ends

# --- the exercise: (10 - 2 theta)^2 from 6 with steps of 0.01
run descend exercise --steps 3 --csv
check "S88_ theta by hand" walks x "6 5.92 5.8464 5.778688"
check "S88_ its gradients" walks slope_x "8 7.36 6.7712"
check "S88_ its losses" walks f "4 3.3856 2.86557184 2.4254"
run descend exercise --steps 1 --lr 0.125 --csv
check "S88_ 0.125 lands in one step" near 1 x 5 1e-12
run descend exercise --steps 60 --lr 0.26
check "S88_ beyond 0.25 it does not converge" text 'Step size 0.26 is above 2/curvature = 0.2500'
for pair in 1e-2:26 1e-3:54 1e-4:82 1e-6:137; do
    run descend exercise --stop "${pair%:*}" --json
    check "S87_ stops by ${pair%:*} after ${pair#*:} steps" same "$(value steps <"$out") $(value ended <"$out")" \
        "${pair#*:} stop"
done

# --- the quartic
run descend quartic --start 0.1 --lr 0.1 --schedule halving --csv
check "S92_ halved steps from 0.1" walks x "0.1 -0.5435 -1.50096 -2.1435 -2.32092"
check "S92_S97_ stop short at -2.404" near 20 x -2.404 0.0005
run descend quartic --start 0.1 --lr 0.1 --schedule inverse --steps 200 --csv
check "S97_ with 1/k they arrive" near 200 x -2.5 0.01
run descend quartic --start 1 --lr 0.1 --schedule halving --csv
check "S93_ from 1 into the other valley" walks x "1 2.1088 2.7471 2.5976"
check "S93_ to 2.599" near 20 x 2.599 0.0005
run descend quartic --start -3.5 --lr 0.1 --schedule halving --csv
check "S93_ from -3.5 far out and back" near 1 x 4.35 0.005
check "S93_ to -2.136" near 20 x -2.136 0.0005
run descend quartic --start -3.5 --lr 0.05 --steps 60 --csv
check "S94_ 0.05 jumps across" near 1 x 0.4253 0.0001
check "S94_ and ends in the other valley" near 60 x 2.6 0.02
run descend quartic --start -3.5 --lr 0.025 --steps 8 --csv
check "S95_ 0.025 stays" walks x "-3.5 -1.537325 -2.173909 -2.504476"
check "S95_ and arrives" near 8 x -2.5 0.00005
run descend quartic --start 1 --lr 0.06 --steps 200
check "S96_ 0.06 bounces, and that is said" says 'Goes to and fro between x = 2.1506 and x = 2.8750'
check "S96_ with the reason" text '0.06 is above 2/curvature = 0.0540 at x = 2.6000'
run descend quartic --start -2.5 --steps 1 --csv
check "T13_ the global minimum" near 0 f -47.25 0.005
run descend quartic --start 2.6 --steps 1 --csv
check "T13_ the other one" near 0 f -21.71 0.005
check "T13_ its curvature" near 0 curvature 37.026 0.0005
run descend quartic --start 2.5 --lr 0.02 --steps 100
check "the end is known for what it is" text 'Ends at a minimum, x = 2.6000: f = -21.71312, curvature 37.026. The global one lies elsewhere'

# --- the two weights of a net: (2 w1 w2 - 3)^2
run descend '(2*x*y-3)^2' --start 1,0.5 --lr 0.1 --steps 400 --csv
check "T2_ losses with 0.1" walks f "4 0.4096 0.980593 0.8643"
check "T2_ a cycle of two, 0.8022 and 1.9478" sh -c 'echo "$1" | tail -n 2 | cut -c 1-6 | sort | tr "\n" " " | grep -q "0.8021 1.9478"' sh "$(column f)"
run descend '(2*x*y-3)^2' --start 1,0.5 --lr 0.1 --steps 400
check "S80_ which is said" text '0.1 is above 2/curvature = 0.083'
run descend '(2*x*y-3)^2' --start 1,0.5 --lr 0.05 --steps 4 --csv
check "S80_ 0.05 is there within 4 steps" near 4 f 0 1e-4

# --- what lies at the end, and convexity
run descend saddle --start 1,0 --steps 80
check "S90_ a saddle point is one" text 'saddle point, .*: the gradient is 0, the curvatures are -2.0000 and 2.0000'
run descend quartic --start 0.1 --lr 0.01 --steps 30 --json
check "S90_ a failed chord has two ends" sh -c 'grep -q "\"chord\": \[\[-[0-9.]*\], \[[-0-9.]*\]\]" "$1"' sh "$out"
run descend quartic --start 0.1 --lr 0.01 --steps 30
check "S90_ and is shown" text 'f is not convex: at x = .*, above .*, which the chord from x = .* to x = .* has there'
run descend bowl --steps 30
check "S90_ a bowl is convex" text 'no chord between such places runs below f'
run descend saddle --steps 400
check "what leaves all bounds diverges, and that is a result" sh -c 'test "$1" = 0 && grep -q "^Diverges: after " "$2"' sh "$status" "$out"

# --- several walks, many starts
run descend bowl --optimizer "sgd,momentum,adam lr=0.3,newton" --steps 60
check "optimizers from one start, a line each" same "$(grep -cE '^(sgd|momentum|adam lr=0.3|newton) ' "$out")" 4
run descend bowl --optimizer sgd,adam --lr 0.1,0.05 --start 1,1 --start -2,1 --csv
check "each with every other" same "$(sed 1d "$out" | grep -o '^"[^"]*"' | sort -u | wc -l | tr -d ' ')" 8
run descend quartic --starts 1000 --lr 0.01,0.025,0.05 --json
check "S219_ shares of 1,000 starts" same "$(grep -o '"starts": 1000' "$out" | wc -l | tr -d ' ')" 3
# with 0.01 no step crosses the hilltop at 0.4, so that 4.4 of 8.5 parts of the range lead to -2.5
share=$(sed 's/.*"lr": 0.01,[^}]*"valley": \([0-9]*\).*/\1/' "$out")
check "S219_ with short steps the share of the range on its side of the hill" test "$share" -gt 470 -a "$share" -lt 560
run descend quartic --starts 1000 --noise 0,30 --lr 0.02 --steps 200 --json
quiet=$(sed 's/.*"noise": 0,[^}]*"valley": \([0-9]*\).*/\1/' "$out")
noisy=$(sed 's/.*"noise": 30,[^}]*"valley": \([0-9]*\).*/\1/' "$out")
check "S104_ noise leads more of them to the global valley" test "$noisy" -gt "$((quiet + 200))"
cp "$out" first
run descend quartic --starts 1000 --noise 0,30 --lr 0.02 --steps 200 --json
check "again the same" cmp -s first "$out"
run descend quartic --starts 1000 --noise 30 --lr 0.02 --steps 200 --json --seed 2
check "another seed, others" sh -c '! grep -q "\"valley\": '"$noisy"'," "$1"' sh "$out"
run descend saddle --starts 10
check "where there is no lowest point they are refused" sh -c 'test "$1" = 2 && grep -q "no lowest point" "$2"' sh "$status" "$err"
run descend "x^4-3*x^2+x" --starts 200
check "of a formula it is looked for" says 'global minimum x = -1.3008'

# --- formulas that do not parse: the sentence, the formula, a caret below the place
caret() { # caret FORMULA COLUMN PATTERN: column from 0
    run descend "$1" --start 1
    check "$1 is refused" same "$status" 2
    check "$1: the caret is at $2" same "$(sed -n '3s/^  \( *\)^$/\1/p' "$err" | awk '{ print length($0) } END { if (!NR) print "none" }')" "$2"
    check "$1: the sentence" grep -q "$3" "$err"
}
caret "x^2+3*sinn(x)" 6 'did you mean sin?'
caret "x^2+" 4 'ends too early'
caret "2x" 1 'written with \*'
caret "(x+1" 0 'not closed'
caret "x+1)" 3 'not opened'
caret "x^x" 1 'exp(b\*log(a))'
caret "3+4" 0 'neither x nor y'
caret "x/0" 1 'divides by 0'
caret "x + 1e999" 4 'no finite number'
caret "sin x" 3 'in brackets'
caret "x**2" 1 'x^2'
caret "x & y" 2 'does not go on'
run descend rosenbrok
check "an unknown function" grep -q "did you mean 'rosenbrock'" "$err"
run descend "x^2"
check "a formula without a start" sh -c 'test "$1" = 2 && grep -q -- "--start 1" "$2"' sh "$status" "$err"
run descend "log(x)" --start -1
check "a start without a value" grep -q 'no finite value' "$err"
run descend quartic --start 1,2
check "a start of two numbers for one variable" same "$status" 2
run descend bowl --start 1
check "one number for two" grep -q -- '--start 1,-2' "$err"
run descend quartic --lr 0.1,-1
check "a step size below 0" same "$status" 2
run descend quartic --optimizer newton --lr 0.1
check "a step size for a method that finds its own" same "$status" 2
run descend quartic --optimizer newton --noise 1
check "noise for one that compares values" same "$status" 2
run descend quartic --starts 10 --start 1
check "random and given starts at once" same "$status" 2
run descend -- "-x^2+x^4" --start 0.5
check "a formula that begins with -" same "$status" 2
run descend --start 0.5 -- "-x^2+x^4"
check "options come before --" same "$status" 0
check "nothing is written" same "$(ls | wc -l | tr -d ' ')" 1

# --- pictures
run descend quartic --figure
check "drawn below the numbers" sh -c 'grep -q "the walk on the curve" "$1" && grep -q "f over the steps" "$1"' sh "$out"
run descend himmelblau --figure
check "level lines of two variables" grep -q "the walk on level lines of f" "$out"
run descend quartic --figure --json
check "not into JSON" same "$status" 2
run descend quartic -o walk.bmp
check "another kind of file is refused" same "$status" 2
if command -v gnuplot >/dev/null; then
    run descend "x^2+y^2" --start 1,2 -o walk.svg
    check "as a file" sh -c 'test "$1" = 0 && grep -q "<svg" walk.svg' sh "$status"
    cp walk.svg again.svg
    run descend "x^2+y^2" --start 1,2 -o walk.svg
    check "the same again, to the byte" cmp -s walk.svg again.svg
else
    echo "skip  pictures as files: gnuplot is not here"
fi
finish
