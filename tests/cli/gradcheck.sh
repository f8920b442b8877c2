#!/bin/sh
# slope gradcheck: everything that has a gradient, and any net with any loss; --json; what is refused.
. "$(dirname "$0")/kit"

json() { # $out is one line of JSON, in which the expression (of `it`) holds
    command -v python3 >/dev/null || return 0
    python3 -c 'import json, sys
text = sys.stdin.read()
it = json.loads(text)
sys.exit(0 if text.count("\n") == 1 and eval("(" + sys.argv[1] + ")") else 1)' "$1" <"$out" 2>"$err"
}

run gradcheck --all
check "S75_ everything is right" test "$status" = 0 -a ! -s "$err"
check "the last line counts" grep -qE '^all [0-9]+ are right to 1e-7$' "$out"
for kind in operator layer loss; do
    check "it has all words of kind $kind" same \
        "$(sed -n "/^$kind /,/^\$/p" "$out" | sed '1d; s/ .*//; /^$/d')" \
        "$("$slope" catalogue "$kind" | sed -n 's/^\([a-z_0-9]\{1,\}\)\( (also .*\)\{0,1\}$/\1/p')"
done
check "a function without a slope is refused, and that is right" grep -qE '^step .*no slope: refused$' "$out"
run gradcheck --all --json
check "--all --json says nothing else" test "$status" = 0 -a ! -s "$err"
check "--all --json" json 'it["right"] is True and it["wrong"] == 0 and len(it["words"]) > 70 and
    all(word["worst"] < 1e-7 and word["trials"] for word in it["words"])'

run gradcheck builtin:spiral --net "4 tanh, batch_norm, residual [4 silu, 4]" --json
check "S75_ a net of yours" json 'it["right"] is True and it["loss"] == "binary_cross_entropy" and
    [p["name"] for p in it["parameters"]][-2:] == ["output.weight", "output.bias"]'
run gradcheck builtin:spiral --net "4 tanh"
check "for people" grep -q '^all gradients are right to 1e-7$' "$out"
for loss in $("$slope" catalogue loss | sed -n 's/^\([a-z_0-9]\{1,\}\)\( (also .*\)\{0,1\}$/\1/p'); do
    data=builtin:spiral
    case $loss in
    kl) continue ;; # wants a distribution a row, which no data source has
    mean_* | huber | interval | quantile) data=builtin:plane ;;
    esac
    case $loss in
    poisson) run gradcheck "builtin:line?rows=2&seed=2" --net "4 tanh" --loss poisson ;; # targets above 0
    *) run gradcheck "$data" --net "4 tanh" --loss "$loss reduction=sum" ;;
    esac
    check "S75_ with the loss $loss" test "$status" = 0
done
run gradcheck builtin:digits --net "3 tanh" --rows 2 --init normal
check "images, more classes" test "$status" = 0

run gradcheck
check "neither data nor --all is refused" same "$status" 2
run gradcheck --all builtin:xor
check "both are refused" same "$status" 2
run gradcheck builtin:spiral --net "4 step"
check "a net that cannot learn is refused" same "$status" 2
run gradcheck builtin:spiral --net "4 tanh" --loss kl
check "a loss that does not fit the data is refused" same "$status" 2
run gradcheck builtin:spiral --net "4 tahn"
check "with the nearest word" grep -q "did you mean 'tanh'" "$err"
check "nothing is written" same "$(ls | wc -l | tr -d ' ')" 0
finish
