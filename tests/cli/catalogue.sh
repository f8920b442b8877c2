#!/bin/sh
# The catalogue: every kind and word is listed, docs/catalogue.md is what it prints, every word that it lists works in a
# training, and every option refuses what lies outside of its range. All of it follows from --json: a new word is tested
# by itself. After a new word: build/slope catalogue --markdown >docs/catalogue.md
. "$(dirname "$0")/kit"


run catalogue
check "catalogue" test "$status" = 0 -a -s "$out" -a ! -s "$err"
check "no line of it is wider than 80" sh -c '! grep -q "^.\{81,\}" "$1"' sh "$out"
kinds=$(sed -n 's/^\([a-z]*\): .*/\1/p' "$out")
check "it has the kinds" same "$(echo $kinds)" \
    "layer activation init loss optimizer schedule metric augmentation encoding view tokenizer check finding figure data function operator"
for kind in $kinds; do
    run catalogue "$kind"
    check "catalogue $kind" test "$status" = 0 -a ! -s "$err"
    check "catalogue $kind lists a word" grep -q '^  formula ' "$out"
    check "no line of catalogue $kind is wider than 80" sh -c '! grep -q "^.\{81,\}" "$1"' sh "$out"
done
run catalogue leaky_relu
check "a word alone: its kind, formula, option, range, default" \
    sh -c 'grep -q "^activation: " "$1" && grep -q "formula  *y = " "$1" && grep -q "slope: .*at least 0 and below" "$1" &&
    grep -q "default 0.01" "$1"' sh "$out"
run catalogue loss huber
check "a word of a kind" sh -c 'test "$(grep -c "formula" "$1")" = 1 && grep -q "delta: " "$1"' sh "$out"
run catalogue mse
check "an alias" grep -q '^mean_squared (also mse)' "$out"
run catalogue layer residual
check "a layer has its example" grep -q 'example  *residual \[5 tanh, 5\]' "$out"
run catalogue dropout
check "a layer and an operator of one name: both" same "$(grep -c '^dropout' "$out")" 2
run catalogue leaky_rleu
check "an unknown word" same "$status" 2
check "and the nearest one" grep -q 'did you mean leaky_relu' "$err"
run catalogue los
check "an unknown kind" sh -c 'test "$1" = 2 && grep -q "did you mean loss" "$2"' sh "$status" "$err"
run catalogue loss relu
check "a word of another kind" same "$status" 2
run catalogue --json --markdown
check "two forms at once are refused" same "$status" 2
if [ -n "${SLOPE_SOURCE_ROOT-}" ]; then
    run catalogue --markdown
    check "docs/catalogue.md is what catalogue --markdown prints" cmp -s "$out" "$SLOPE_SOURCE_ROOT/docs/catalogue.md"
else
    echo "skip  docs/catalogue.md (where the sources are is not said)"
fi

if ! command -v python3 >/dev/null; then
    echo "skip  every word in a training (python3, which reads the JSON, is not here)"
    finish
fi
{
    echo text,label
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        echo "one two three four $i,yes" | tr 123456789 aaaaaaaaa
        echo "five six one two $i,no" | tr 123456789 aaaaaaaaa
    done
} | sed 's/ [a-z0-9]*,/ seven,/' >texts.csv
run catalogue --json
cat >words.py <<'END'
# The JSON -> a line a training: exit status, what it says (fields of the error, with | between), arguments; by tabs.
import json, re, sys

all_words = json.load(sys.stdin)
small = "builtin:spiral?rows=40"
digits = "builtin:digits?rows=20&test_rows=10"


def line(what, status, says, *arguments):
    print("\t".join([what, str(status), "|".join(says)] + list(arguments)))


def net(words):
    return [small, "--net", words, "--steps", "2"]


def loss(word):  # data that its targets can be of
    name = word.split(" ")[0]
    if name == "poisson":  # not below 0: class numbers as numbers
        return [small, "--task", "regression", "--loss", word, "--steps", "2"]
    numbers = name.startswith("mean_") or name in ("huber", "quantile", "interval", "mse", "mae")
    return ["builtin:plane?rows=40" if numbers else small, "--loss", word, "--steps", "2"]


def data(words):
    return ["builtin:" + words, "--steps", "2"]


def optimizer(word):
    perceptron = word.split(" ")[0] == "perceptron"
    return [small, "--optimizer", word, "--batch", "all", "--steps", "2"] + (
        ["--loss", "perceptron"] if perceptron else ["--net", "3 tanh"])


def activation(word):  # of a layer that is not the last: softmax there is the loss's
    return net("4 %s, 3" % word)


def texts(*words):  # 7 different words: what the examples have rows for
    return ["texts.csv", "--target", "label", "--column", "text=text", "--steps", "2"] + list(words)


def layer(word):
    if re.match("bag|embedding", word):
        return texts("--net", word)
    if word.startswith("category"):  # wants categories first: 0 and 1
        return ["builtin:xor", "--net", word + ", 5 tanh", "--steps", "2"]
    return net("5 tanh, " + word)


ways = {
    "activation": activation,
    "layer": layer,
    "init": lambda word: [small, "--net", "4 tanh", "--init", word, "--steps", "2"],
    "loss": loss,
    "optimizer": optimizer,
    "schedule": lambda word: [small, "--schedule", word, "--steps", "50"],
    "augmentation": lambda word: [digits, "--augment", word, "--steps", "2"],
    "data": data,
    "view": lambda word: texts("--text", word, "--net", "3 tanh"),
    "tokenizer": lambda word: texts("--tokenizer", word.partition(" ")[2] or "case=fold"),  # its options stand alone
}


def outside(text):
    """Values that a range like "a number above 0 and at most 1" leaves out."""
    found = []
    low = re.search(r"(above|at least|from) (-?[0-9.e+-]+)", text)
    high = re.search(r"(below|at most|to) (-?[0-9.e+-]+)", text)
    if low:
        found.append(low[2] if low[1] == "above" else "-2e30" if low[2] == "-1e30" else str(float(low[2]) - 1) if "e" in low[2] else str(int(low[2]) - 1))
    if high:
        found.append(high[2] if high[1] == "below" else "%g" % (float(high[2]) * 2 + 1))
    return found if low or high else ["nonsense"]


bare = {"dense": "units", "input": "units", "category": "units", "fourier": "units", "dropout": "rate",
        "noise": "deviation"}


def with_option(kind, word, setting):
    if kind == "data":
        return word["name"] + "?" + setting
    if kind == "layer" and re.match("bag|embedding", word["example"]):
        first, comma, rest = word["example"].partition(",")
        kept = [w for w in first.split(" ")[1:] if "=" in w and w.split("=")[0] != setting.split("=")[0]]
        units = [] if setting.startswith("units=") else ["3"]
        if word["name"].endswith("_pool"):  # its own, not the embedding's
            return "%s,%s %s" % (first, rest, setting)
        return " ".join([first.split(" ")[0]] + units + kept + [setting]) + comma + rest
    if kind != "layer":
        return word["name"] + " " + setting
    if bare.get(word["name"]) == setting.split("=")[0]:
        return word["name"] + " " + setting
    example, key = word["example"], setting.split("=")[0]
    if " %s=" % key in example:
        return re.sub(" %s=[^ ]*" % key, " " + setting, example)
    return example.replace(" [", " %s [" % setting) if "[" in example else example + " " + setting


for kind, words in all_words.items():
    for word in words:
        for key in ("name", "summary", "formula"):
            assert word[key], (kind, word)
        for option in word["options"]:
            for key in ("name", "summary", "default", "range"):
                assert option[key], (kind, word, option)
        if kind not in ways:  # metrics are printed; operators are the library's
            continue
        if word["name"] == "kl":  # wants a distribution a row: no data source has several target columns
            continue
        for name in [word["name"], word["alias"]]:
            if name:
                text = word["example"] if kind == "layer" else name
                flat = (kind, name) == ("activation", "step")  # nothing is learned through it
                says = ["its slope is 0", "take sigmoid, or the perceptron rule"] if flat else []
                if (kind, name) == ("view", "documents"):  # of 24 texts
                    says = ["too little to learn vectors from"]
                line("%s %s" % (kind, name), 2 if says else 0, says, *ways[kind](text))
        for option in word["options"]:
            if option["range"] in ("NAME", "28x28", "x1+x2^2+sin(x1)"):
                continue
            for value in outside(option["range"]):
                says = [option["name"], "wants"]
                if kind != "data" and " or " not in option["range"]:
                    says += [option["range"], "default"]
                setting = "%s=%s" % (option["name"], value)
                line("%s %s %s" % (kind, word["name"], setting), 2, says,
                     *ways[kind](with_option(kind, word, setting)))
END
python3 words.py <"$out" >words.txt 2>"$err"
check "its JSON parses; every word and option is described" test $? = 0 -a -s words.txt
check "it tells of many trainings" test "$(wc -l <words.txt)" -gt 150
tab=$(printf '\t')
while IFS= read -r line; do
    what=${line%%"$tab"*} line=${line#*"$tab"}
    wanted=${line%%"$tab"*} line=${line#*"$tab"}
    says=${line%%"$tab"*} line=${line#*"$tab"}
    old=$IFS
    IFS=$tab
    # shellcheck disable=SC2086
    set -f -- $line
    IFS=$old
    run train "$@" -q -o word --overwrite
    verdict=fine
    [ "$status" = "$wanted" ] || verdict="status $status, wanted $wanted"
    while [ -n "$says" ]; do
        piece=${says%%|*}
        case $says in *"|"*) says=${says#*|} ;; *) says= ;; esac
        grep -qF -- "$piece" "$err" || verdict="'$piece' is not said"
    done
    check "$what" same "$verdict" fine
    set +f
done <words.txt
finish
