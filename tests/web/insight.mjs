// insight.mjs PAGE.html ENGINE.js PLAYGROUND.wasm WANTED.json SLOPE: the step with its numbers, formulas, what is wrong and its fix,
// broken runs, the small nets of the lectures, the challenge: against arithmetic done again here, and the command line.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { browse, check, step, until } from "./browser.mjs";

const [file, , , , slope] = process.argv.slice(2);
const command = (...words) => execFileSync(slope, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
const link = (settings) => new URLSearchParams({ data: "builtin:circle", test: "0.5", validation: "0", optimizer: "sgd", lr: "0.1", batch: "10", patience: "0", seed: "1", ...settings }).toString();
const close = (a, b, within) => Math.abs(Number(a) - b) <= within;

/** A step of gradient descent on one row: tanh layers, one sigmoid, cross entropy. layers: [{ w: [out][in], b }], as they are changed. */
function descend(layers, x, y, lr) {
    const acts = [x];
    for (const [k, { w, b }] of layers.entries()) {
        const z = w.map((row, i) => row.reduce((sum, v, j) => sum + v * acts[k][j], b[i]));
        acts.push(k < layers.length - 1 ? z.map(Math.tanh) : z.map((v) => 1 / (1 + Math.exp(-v))));
    }
    const p = acts[layers.length][0];
    let slopes = [p - y]; // dL/dz of the layer
    for (let k = layers.length - 1; k >= 0; k--) {
        const { w, b } = layers[k], back = acts[k].map((a, j) => slopes.reduce((sum, s, i) => sum + s * w[i][j], 0) * (1 - a * a));
        slopes.forEach((s, i) => {
            b[i] -= lr * s;
            for (let j = 0; j < w[i].length; j++) w[i][j] -= lr * s * acts[k][j];
        });
        slopes = back;
    }
    return { p, loss: -Math.log(y ? p : 1 - p) };
}
/** The numbers of a model file, by the name of a parameter. */
function tensors(path) {
    const bytes = readFileSync(path), length = Number(bytes.readBigUInt64LE(0)), head = JSON.parse(bytes.toString("utf8", 8, 8 + length));
    return (name) => {
        const [from, to] = head[name].data_offsets;
        return Array.from({ length: (to - from) / 4 }, (_, i) => bytes.readFloatLE(8 + length + from + 4 * i));
    };
}
/** [a][b] times [b][c]. */
const times = (a, b) => a.map((row) => b[0].map((_, c) => row.reduce((sum, v, k) => sum + v * b[k][c], 0)));

await browse(file, async (open) => {
    const text = async (page, where) => (await page.locator(where).allTextContents()).join(" | ");
    const says = (page, where, wanted, what, ms) => until(page, async () => wanted.test(await text(page, where)), `${what}: ${wanted}`, ms);
    const rows = (page, table) => page.$$eval(`${table} tr`, (all) => all.map((row) => [...row.children].map((cell) => cell.textContent.trim().replace(/^= /, ""))));
    /** The weights, layer by layer, from the file that the page keeps. */
    const weights = async (page) => {
        if (!(await page.$("#export[open]"))) await page.click("#export > summary");
        const [got] = await Promise.all([page.waitForEvent("download"), page.click("#keep-json")]);
        await got.saveAs("insight-net.json");
        const { layers, weights } = JSON.parse(readFileSync("insight-net.json", "utf8"));
        return layers.map(({ name }) => {
            const { shape: [out, into], values } = weights[`${name}.weight`];
            return { w: Array.from({ length: out }, (_, i) => values.slice(i * into, (i + 1) * into)), b: weights[`${name}.bias`].values };
        });
    };

    // --- step by step, a row at a time, as the rows stand ---
    let page = await open(link({ net: "4 tanh, 2 tanh", batch: "1", sampling: "order" }));
    const net = await weights(page);
    await page.click("#explain-panel > summary");
    await page.selectOption("[name=explain-digits]", "7");
    await page.selectOption("[name=explain-depth]", "3");
    await until(page, async () => {
        const now = await rows(page, "#explanation .lines");
        return now.length > 80 && now.some(([name, , value]) => name === "x[0]" && value.length > 8);
    }, "every number of the step");
    const lines = new Map();
    for (const [name, , value] of await rows(page, "#explanation .lines")) lines.set(name, Number(value)); // of two the later: after the update
    const before = structuredClone(net);
    const { p, loss } = descend(net, [lines.get("x[0]"), lines.get("x[1]")], lines.get("y[0]"), 0.1);
    check("forward and loss are those of arithmetic done again", close(lines.get("p[0]"), p, 2e-6) && close(lines.get("L"), loss, 2e-6), `${lines.get("p[0]")}, ${lines.get("L")}, wanted ${p}, ${loss}`);
    check("each gradient is what the weight moves by", net.every(({ w }, k) => w.every((row, i) => row.every((v, j) => close(lines.get(`dL/dW${k + 1}[${i},${j}]`), (before[k].w[i][j] - v) / 0.1, 5e-6)))));
    await page.click("#explain-step");
    await says(page, "#explanation", /behind step 1:/, "the next step's numbers");
    const real = await weights(page);
    const updated = (value) => real.every(({ w, b }, k) => w.every((row, i) => row.every((v, j) => close(value(k, i, j), v, 1e-6))) && b.every((v, i) => close(value(k, i, null), v, 1e-6)));
    check("S84_ one step at a time: the weights that it promises are those behind the real step", updated((k, i, j) => lines.get(j === null ? `b${k + 1}[${i}]` : `W${k + 1}[${i},${j}]`)), JSON.stringify(real));
    check("S84_ and those of arithmetic done again", updated((k, i, j) => (j === null ? net[k].b[i] : net[k].w[i][j])), `${JSON.stringify(real)}, wanted ${JSON.stringify(net)}`);
    await page.getByRole("button", { name: "Previous row" }).click();
    await says(page, "#explanation", /row 250 of builtin:circle \(train\)/, "the row before the first is the last");
    await page.selectOption("[name=explain-part]", "test");
    await says(page, "#explanation", /row 1 of builtin:circle \(test\)/, "a test row");
    await page.selectOption("[name=explain-part]", "train");
    await page.fill("[name=explain-rows]", "3");
    await page.keyboard.press("Tab");
    await says(page, "#explanation", /rows 1(-|, 2, | to )3 of/, "three rows at once");
    check("rows are gone through, also several at once", true);

    // --- formulas: behind the second step, on row 2 ---
    await page.fill("[name=explain-rows]", "1");
    await page.fill("[name=explain-row]", "2");
    await page.keyboard.press("Tab");
    await says(page, "#explanation", /row 2 of builtin:circle \(train\)/, "row 2");
    await page.click("#formulas-panel > summary");
    await page.selectOption("[name=formula-layer]", "1");
    await page.fill("[name=formula-to]", "1");
    await page.fill("[name=formula-from]", "3");
    await page.keyboard.press("Tab");
    await says(page, "#formula-said", /^Weight W2\[1,3\] is .* behind step 1; a step on train row 2 alone/, "the formulas of a weight");
    const [, is, will] = /is (-?[\d.]+) behind.*to (-?[\d.]+\d)/.exec(await text(page, "#formula-said"));
    await page.click("#step");
    await says(page, "#formula-said", /behind step 2;/, "the second step");
    const now = /is (-?[\d.]+) behind/.exec(await text(page, "#formula-said"))[1];
    check("a formula's weight now, and where it says the step takes it", close(is, real[1].w[1][3], 6e-5) && close(will, (await weights(page))[1].w[1][3], 6e-5) && close(now, Number(will), 1.1e-4), `${is}, ${will}, ${now}, wanted ${real[1].w[1][3]}`);
    const formulas = await text(page, "#formulas");
    check("with the words of the catalogue", /z = W x \+ b/.test(formulas) && /tanh/.test(formulas) && /w - lr|w = w/.test(formulas), formulas);
    await page.close();

    // --- it breaks, the cause is found, and mended ---
    for (const lr of ["3", "1e9"]) {
        page = await open(link({ data: "builtin:plane", net: "8 relu, 8 relu", lr }));
        await page.click("#play");
        await says(page, "#broke", /Training broke: step \d+, epoch 1: the loss is inf; the first number that is not finite: inf in \w+.*learning rate/, `lr ${lr}`, 60000);
        await says(page, "#broke", /Fix and rerun: --lr/, "a fix", 120000);
        const fix = /Fix and rerun: --lr ([\d.e-]+)/.exec(await text(page, "#broke"))[1];
        await page.click("#diagnose-panel > summary");
        const found = await text(page, "#findings article");
        const curvature = Number(/largest curvature: ([\d.]+)/.exec(found)[1]), stable = Number(/largest stable step size: ([\d.]+)/.exec(found)[1]);
        check(`lr ${lr} breaks: where is said, and the cause is that steps are above 2 / curvature`, /^lr too high/.test(found) && close(stable * curvature, 2, 0.002) && Number(fix) < stable, found);
        await page.locator("#broke").getByRole("button", { name: /Fix and rerun/ }).click();
        await until(page, async () => (await page.isHidden("#broke")) && (await page.inputValue('[name="lr"]')) === fix && (await step(page)) >= 500, "the training anew", 60000);
        await page.click("#play");
        await until(page, async () => /Play/.test(await page.textContent("#play")), "a pause");
        await page.focus("#curves canvas");
        await page.keyboard.press("Home");
        for (let i = 0; i < 19; i++) await page.keyboard.press("ArrowRight");
        await says(page, "#curves .said", /^epoch 20, /, "epoch 20");
        const { data, ...others } = Object.fromEntries(new URLSearchParams(link({ data: "builtin:plane", net: "8 relu, 8 relu", lr: fix })));
        const same = JSON.parse(command("train", data, ...Object.entries(others).flatMap(([name, value]) => [`--${name}`, value]), "--epochs", "20", "-o", `insight-${lr}`, "--json", "--quiet").trim().split("\n").pop());
        const epoch = readFileSync(`insight-${lr}/metrics.csv`, "utf8").trim().split("\n").pop().split(","), got = /train ([\d.]+)/.exec(await text(page, "#curves .said"))[1];
        check(`lr ${lr}: fixed and run again, its loss is finite and that of the command line`, same.epochs === 20 && Number(got) < 0.1 && close(got, Number(epoch[3]), 6e-4 * Number(epoch[3]) + 1e-7), `${got}, wanted ${epoch[3]}`);
        await page.close();
    }

    // --- broken runs: the same number is the same run; who looks, or asks, finds the cause ---
    page = await open();
    await page.click("#diagnose-panel > summary");
    const drawn = async (number) => {
        await page.fill("[name=broken-seed]", String(number));
        await page.click("#broken-draw");
        await until(page, async () => (await page.locator("#broken-out .row button").count()) === 5 && (await page.isEnabled("#broken-draw")), `broken run ${number}`, 120000);
        return page.locator("#broken-out .row button").allTextContents();
    };
    const answered = async (word) => {
        await page.locator("#broken-out .row").getByRole("button", { name: word, exact: true }).click();
        const answer = await text(page, "#broken-answer");
        await until(page, () => page.isEnabled("#diagnose"), "the diagnosis", 120000);
        return [answer, (await text(page, "#findings article:not(.weak) h3")).split(" | ")[0], await text(page, "#findings")];
    };
    const choices = await drawn(1);
    let [answer, finding] = await answered("symmetric weights");
    check("a wrong guess is told", answer === "No: unshuffled data. 0 of 1 right." && finding === "unshuffled data", `${answer} ${finding}`);
    check("the same number gives the same choices", JSON.stringify(await drawn(1)) === JSON.stringify(choices), choices);
    [answer, finding] = await answered("unshuffled data");
    check("S194_ a broken run is solved, and the diagnosis says the same", answer === "Yes: unshuffled data. 1 of 2 right." && finding === "unshuffled data", `${answer} ${finding}`);
    await drawn(4);
    [answer, finding] = await answered("unscaled inputs");
    check("S194_ another one", answer === "Yes: unscaled inputs. 2 of 3 right." && finding === "unscaled inputs", `${answer} ${finding}`);
    await drawn(6);
    const healthy = await answered("nothing: it is healthy");
    check("S194_ and one that is healthy", healthy[0] === "Yes: nothing: it is healthy. 3 of 4 right." && /No fault was found/.test(healthy[2]), healthy.join("\n"));
    await page.close();

    // --- the small nets ---
    page = await open();
    const tell = async (label) => {
        const control = page.locator("#lessons-panel").getByRole("button", { name: label });
        await control.click();
        await until(page, async () => (await control.isEnabled()) && (await text(page, "#lesson-out")) !== "", label, 120000);
    };
    await page.click("#lessons-panel > summary");
    await tell("The four rows");
    let table = await rows(page, "#lesson-out tbody");
    check("S46_ the XOR net of the lecture answers 0, 1, 1, 0", table.map((row) => row[0]).join(" ") === "0, 0 0, 1 1, 0 1, 1" && table.map((row) => row[4]).join() === "0,1,1,0"
        && table.map((row) => row[3]).join(" ") === "0, 0 1, 0 1, 0 2, 1", JSON.stringify(table));
    await tell("What it says at");
    check("S47_ and 1 in the middle", /At \(0\.5, 0\.5\) it says 1 exactly/.test(await text(page, "#lesson-out")), await text(page, "#lesson-out"));
    await tell("Train ten others");
    table = await rows(page, "#lesson-out tbody");
    const middles = [1, 8].map((seed) => {
        command("train", "builtin:xor", "--net", "8 relu", "--optimizer", "adam", "--lr", "0.03", "--batch", "4", "--seed", String(seed), "--steps", "500", "--validation", "0", "--patience", "0", "-o", `insight-xor-${seed}`, "--quiet");
        const param = tensors(`insight-xor-${seed}/last.safetensors`), [w, b, v, c] = ["dense_1.weight", "dense_1.bias", "output.weight", "output.bias"].map(param);
        return 1 / (1 + Math.exp(-(b.reduce((sum, bias, i) => sum + v[i] * Math.max(0, bias + (w[2 * i] + w[2 * i + 1]) / 2), c[0]))));
    });
    check("S47_ ten nets that learned it say ten things there, as the command line's do", table.length === 10 && new Set(table.map((row) => row[5])).size === 10 && close(table[0][5], middles[0], 6e-5) && close(table[7][5], middles[1], 6e-5)
        && table.every((row) => row.slice(1, 5).map((v) => Math.round(Number(v))).join() === "0,1,1,0"), `${JSON.stringify(table)}, wanted ${middles}`);

    await page.selectOption("[name=lesson]", "linear");
    await page.click("#lesson-set-up");
    await until(page, async () => (await step(page)) > 300, "linear layers play");
    await page.click("#play");
    await until(page, async () => /Play/.test(await page.textContent("#play")), "a pause");
    await tell("Show it");
    const [one, two, out] = await weights(page), product = times(out.w, times(two.w, one.w))[0];
    const bias = out.b[0] + out.w[0].reduce((sum, v, k) => sum + v * (two.b[k] + two.w[k].reduce((inner, u, m) => inner + u * one.b[m], 0)), 0);
    const told = new Map((await rows(page, "#lesson-out .told .lines")).map((row) => [row[0], row[row.length - 1]]));
    check("the file names nothing twice", readFileSync("insight-net.json", "utf8").split('"format"').length === 2);
    check("linear layers are their product", ["W[0,0]", "W[0,1]", "b[0]"].every((name, i) => close(told.get(name), [...product, bias][i], 2e-4 * (1 + Math.abs([...product, bias][i])))), `${JSON.stringify([...told])}, wanted ${[...product, bias]}`);
    table = await rows(page, "#lesson-out .wide tbody");
    const places = [[0, 0], [1, 2], [-3, 1], [4, -4], [-2, -5]];
    check("and answer as one layer does", table.length === 5 && table.every((row, i) => [1, 2].every((c) => close(row[c], 1 / (1 + Math.exp(-(product[0] * places[i][0] + product[1] * places[i][1] + bias))), 3e-6))), JSON.stringify(table));

    await page.selectOption("[name=lesson]", "linear");
    await tell("Show it"); // sets it up and plays it: both answers are of one step all the same
    table = await rows(page, "#lesson-out .wide tbody");
    check("also when it was not set up before", table.length === 5 && table.every((row) => close(row[1], Number(row[2]), 3e-6)), JSON.stringify(table));
    await page.selectOption("[name=lesson]", "perceptron");
    await tell("Try four data sets");
    table = await rows(page, "#lesson-out tbody");
    check("the perceptron comes to rest where a line separates, and nowhere else", table.length === 4 && Number(table[0][1]) >= 1 && table[0][2] === "0 of 250"
        && table.slice(1).every((row) => row[1] === "not in 200" && parseInt(row[2], 10) > 0) && /^[1-4] of 4$/.test(table[3][2]), JSON.stringify(table));
    await page.selectOption("[name=lesson]", "rate");
    await tell("Train six rates");
    table = await rows(page, "#lesson-out tbody");
    check("of six rates one stands still, some learn, one breaks", table.length === 6 && close(table[0][1], Number(table[1][1]), 0.15) && Number(table[2][1]) < 0.1 && /broke behind step \d+/.test(table[5][3]), JSON.stringify(table));
    await page.close();

    // --- the challenge: taking part; what is known to be possible is trained again from its link ---
    page = await open();
    await page.click("#challenge > summary");
    await says(page, "#challenge-now", /Not valid: the data are builtin:circle/, "other data");
    await page.click("#take-part");
    await says(page, "#challenge-now", /In the league raw x and y with 6 neurons: test loss [\d.]+ after 0 steps, wants below 0\.1/, "taking part");
    check("taking part sets the data", (await page.inputValue("#net input[name=net]")) === "4 tanh, 2 tanh");
    const leagues = (await rows(page, "#challenge-pars tbody")).map((row) => row[0]);
    check("every league has a line", leagues.includes("raw x and y") && leagues.includes("any features"), leagues);
    const hash = (await page.getByRole("link", { name: "basis x1+x2+sin(x1)+sin(x2), 3 tanh" }).getAttribute("href")).slice(1), par = Object.fromEntries(new URLSearchParams(hash));
    await page.getByRole("link", { name: "basis x1+x2+sin(x1)+sin(x2), 3 tanh" }).click();
    await page.waitForSelector("#proof[data-kind=same], #proof[data-kind=different], #proof[data-kind=none]", { timeout: 120000 });
    check("five neurons, any features: the same bits again", /^The same bits: trained again for 10,000 steps, digest 0a2a60ad2930af00/.test(await text(page, "#proof-said")), await text(page, "#proof-said"));
    await page.click("#challenge > summary");
    await says(page, "#challenge-now", /^Reached: 5 neurons, 2 of them features, test loss 0\.0586\d after 10,000 steps\. League: any features\.$/, "the score");
    const { data, step: steps, digest, ...others } = par;
    const again = JSON.parse(command("train", data, ...Object.entries(others).flatMap(([name, value]) => [`--${name}`, value]), "-o", "insight-par", "--json", "--quiet").trim().split("\n").pop());
    check("and the command line's", again.digest_last === "0a2a60ad2930af00" && digest === again.digest_last && again.steps === Number(steps), JSON.stringify(again));
    await page.close();
});
