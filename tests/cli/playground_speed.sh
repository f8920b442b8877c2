#!/bin/sh
# bench/playground.mjs: the peer computes what TensorFlow Playground's algorithm does, slope's module learns as the peer
# does, and as the command does. No speed is asserted.
. "$(dirname "$0")/kit"

root=${SLOPE_SOURCE_ROOT:?}
if ! command -v node >/dev/null 2>&1; then
    echo "skip  playground's algorithm (node is not installed)"
    finish
fi

# A net 1-1-1 with weights of 0.5 and biases of 0.1, the example 2 -> 1, one update with lr 0.03: the chain rule in awk.
cat >one.mjs <<END
import { backward, build, forward, square, tanh, update } from "file://$root/bench/playground_peer.mjs";
const net = build([1, 1, 1], tanh, tanh, () => 1);
const said = [forward(net, [2])];
backward(net, 1, square);
said.push(square.error(said[0], 1), net[1][0].linksIn[0].slope, net[2][0].linksIn[0].slope);
update(net, 0.03, 0);
for (const layer of net.slice(1)) said.push(layer[0].linksIn[0].weight, layer[0].bias);
console.log(said.map((value) => value.toFixed(9)).join(" "));
END
by_hand=$(awk 'function tanh(x) { return (exp(2 * x) - 1) / (exp(2 * x) + 1) }
    BEGIN {
        h = tanh(0.1 + 0.5 * 2); o = tanh(0.1 + 0.5 * h)
        d2 = (o - 1) * (1 - o * o); d1 = d2 * 0.5 * (1 - h * h)
        printf "%.9f %.9f %.9f %.9f %.9f %.9f %.9f %.9f\n", o, (o - 1) ^ 2 / 2, d1 * 2, d2 * h,
            0.5 - 0.03 * d1 * 2, 0.1 - 0.03 * d1, 0.5 - 0.03 * d2 * h, 0.1 - 0.03 * d2
    }')
check "a net 1-1-1: output, loss, slopes, and what an update makes of them" same "$(node one.mjs 2>"$err")" "$by_hand"

# Every slope of 2-4-2-1 beside the difference quotient of the loss; and what a batch does: one update by the mean.
cat >slopes.mjs <<END
import { Page, backward, build, forward, square, tanh } from "file://$root/bench/playground_peer.mjs";
let state = 1;
const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
const net = build([2, 4, 2, 1], tanh, tanh, random), input = [0.3, -1.2];
const loss = () => square.error(forward(net, input), -1);
loss();
backward(net, -1, square);
let most = 0, links = 0;
for (const layer of net.slice(1)) for (const neuron of layer) for (const link of neuron.linksIn) {
    const weight = link.weight, step = 1e-5;
    link.weight = weight + step;
    const above = loss();
    link.weight = weight - step;
    const quotient = (above - loss()) / (2 * step);
    link.weight = weight;
    most = Math.max(most, Math.abs(quotient - link.slope));
    links++;
}
console.log(links, most < 1e-9 ? "slopes" : most);
const train = [{ x: 1, y: 2, label: 1 }, { x: -2, y: 0.5, label: -1 }];
const page = new Page({ sizes: [2, 1], train, test: train, batch: 2, random: () => 0.75 });
const link = page.layers[1][0].linksIn[0], before = link.weight;
page.epoch();
let mean = 0;
for (const { x, y, label } of train) {
    const o = Math.tanh(0.1 + 0.25 * x + 0.25 * y);
    mean += (o - label) * (1 - o * o) * x / 2;
}
console.log(Math.abs(link.weight - (before - 0.03 * mean)) < 1e-15 ? "mean" : link.weight);
END
check "a net 2-4-2-1: all 18 slopes; a batch is updated by the mean" same "$(node slopes.mjs 2>"$err" | tr '\n' ' ')" "18 slopes mean "

"$root/script/wasm" >made 2>"$err"
case $? in
0) ;;
77)
    echo "skip  slope's module beside playground's algorithm ($(sed 's/^script.wasm: //' made))"
    finish
    ;;
*) fail "script/wasm makes the module" ;;
esac
node "$root/bench/playground.mjs" --check >"$out" 2>"$err"
check "600 steps of both from the same weights: no weight and no loss is 1e-4 apart" test $? = 0
run train 'builtin:circle?rows=500' --validation 0.5 --net '4 tanh, 2 tanh' --optimizer sgd --lr 0.03 --batch 10 \
    --steps 100 -o run --json
check "100 steps of the command's training: the same weights" same "$(value digest_last <"$out")" \
    "$(node "$root/bench/playground.mjs" --check | sed -n 's/.* digest=//p')"
node "$root/bench/playground.mjs" --rounds 1 >"$out" 2>"$err"
check "one round: four ratios" test "$(grep -c '^| an* [es].* | [0-9.,]* | [0-9.,]* | [0-9.]* |$' "$out")" = 4
node "$root/bench/playground.mjs" --rounds none >"$out" 2>"$err"
check "what is no number is refused" test $? = 2
finish
