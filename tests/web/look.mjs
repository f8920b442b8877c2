// look.mjs PAGE.html ENGINE.js PLAYGROUND.wasm WANTED.json SLOPE: curves, figures, layers, pins, sweeps and the landscape show the
// numbers that the command line has for the same training.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { browse, check, step, until } from "./browser.mjs";

const [file, , , , slope] = process.argv.slice(2);
const command = (...words) => execFileSync(slope, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
const json = (...words) => JSON.parse(command(...words, "--json").trim().split("\n").pop());
const START = { data: "builtin:circle", test: "0.3", validation: "0.2", net: "4 tanh, 2 tanh", optimizer: "sgd", lr: "0.1", batch: "10", patience: "0", seed: "1" };
const link = (settings) => new URLSearchParams({ ...START, ...settings }).toString();
const trained = (settings, run, ...end) => {
    const { data, ...others } = { ...START, ...settings };
    return json("train", data, ...Object.entries(others).flatMap(([name, text]) => [`--${name}`, text]), ...end, "-o", run, "--quiet");
};
/** metrics.csv: epochs as objects. */
const metrics = (run) => {
    const [head, ...lines] = readFileSync(`${run}/metrics.csv`, "utf8").trim().split("\n").map((line) => line.split(","));
    return lines.map((line) => Object.fromEntries(line.map((text, i) => [head[i], Number(text)])));
};
/** Four figures are shown, of numbers in single precision. */
const near = (shown, wanted) => Math.abs(Number(shown) - wanted) <= 6e-4 * Math.abs(wanted) + 1e-7;

await browse(file, async (open) => {
    const text = async (page, where) => (await page.locator(where).allTextContents()).join(" | ");
    const says = (page, where, wanted, what, ms) => until(page, async () => wanted.test(await text(page, where)), `${what}: ${wanted}`, ms);
    const rows = (page, table) => page.$$eval(`${table} tr`, (all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    const epochs = async (page, count) => {
        for (let i = 0; i < count; i++) await page.click("#epoch");
    };

    // --- curves: 12 epochs of 25 steps ---
    const whole = trained({}, "look-run", "--epochs", "12"), history = metrics("look-run");
    let page = await open(link({}));
    await epochs(page, 12);
    await until(page, async () => (await step(page)) === 300, "12 epochs");
    await page.focus("#curves canvas");
    await page.keyboard.press("Home");
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
    await says(page, "#curves .said", /^epoch 6, /, "five to the right of the first epoch");
    let said = await text(page, "#curves .said"), got = /^epoch 6, step 150, lr 0.1: train ([\d.]+), validation ([\d.]+), test ([\d.]+)/.exec(said);
    check("the crosshair reads what the run folder's metrics.csv has", got && near(got[1], history[5].train_loss) && near(got[2], history[5].validation_loss), `${said}, wanted ${JSON.stringify(history[5])}`);
    await page.keyboard.press("End");
    await says(page, "#curves .said", /^epoch 12, /, "the last epoch");
    got = /test ([\d.]+)/.exec(await text(page, "#curves .said"));
    const evaluated = json("eval", "look-run", "--part", "test"); // of the best epoch, which here is the last;
    check("the last test loss is that of slope eval", near(got[1], evaluated.loss), `${got[1]}, wanted ${evaluated.loss}`);
    const box = await page.locator("#curves canvas").boundingBox();
    await page.mouse.move(box.x + 44 + ((box.width - 54) * 3) / 12, box.y + 60);
    await says(page, "#curves .said", /^epoch 3, step 75,/, "the mouse over epoch 3");
    await page.selectOption("#curves select[name=curve]", "accuracy");
    await page.mouse.move(box.x + 44 + ((box.width - 54) * 7) / 12, box.y + 60);
    await until(page, async () => near((/epoch 7, .*train ([\d.]+)/.exec(await text(page, "#curves .said")) ?? [])[1], history[6].train_accuracy), "the accuracy of epoch 7");
    check("by mouse and of accuracy too", true);
    const best = history.reduce((a, b) => (b.validation_loss < a.validation_loss ? b : a));
    check("the best epoch is the command line's", best.epoch === 12 && whole.best_epoch === 12 && new RegExp(`epoch ${best.epoch} is the best so far, by validation loss`).test(await text(page, "#curves .notes")), await text(page, "#curves .notes"));

    // --- figures ---
    const figures = async () => {
        const [head, ...lines] = await rows(page, "#metrics > .inside > table:first-of-type");
        return Object.fromEntries(lines.map(([name, ...cells]) => [name, Object.fromEntries(cells.map((cell, i) => [head[i + 1], cell]))]));
    };
    await until(page, async () => near((await figures()).loss?.test, evaluated.loss), "figures of these weights");
    const shown = await figures();
    check("figures are those of slope eval", ["accuracy", "auc", "macro_f1"].every((name) => near(shown[name.replace("_", " ")].test, evaluated[name])) && near(shown["playground loss"].test, 2 * evaluated.brier), JSON.stringify(shown));
    const matrix = (await rows(page, "#metrics .confusion tbody")).map((line) => line.slice(1).map(Number));
    const sum = matrix.flat().reduce((all, n) => all + n, 0);
    check("the confusion matrix is slope eval's, and holds every row once", JSON.stringify(matrix) === JSON.stringify(evaluated.confusion) && sum === evaluated.rows && sum === 150
        && near((matrix[0][0] + matrix[1][1]) / sum, Number(shown.accuracy.test)), `${JSON.stringify(matrix)}, wanted ${JSON.stringify(evaluated.confusion)}`);
    await page.selectOption("#metrics select[name='confusion.part']", "train");
    await until(page, async () => (await rows(page, "#metrics .confusion tbody")).flatMap((line) => line.slice(1).map(Number)).reduce((all, n) => all + n, 0) === 250, "the train part's matrix");
    // 2-4-2-1: 12 + 10 + 3 numbers; a row forward 2 (8 + 8 + 2) FLOPs.
    const cost = Object.fromEntries((await rows(page, "#metrics details table tbody")).map(([name, value]) => [name, value]));
    check("parameters, parts and FLOPs", cost.parameters === "25" && cost["rows: train, validation, test"] === "250, 100, 150" && cost["steps an epoch"] === "25"
        && cost["FLOPs a row, forward"] === "36" && cost["FLOPs a step"] === "1,080", JSON.stringify(cost));

    // --- layers ---
    await page.click("#layers > summary");
    await says(page, "#layers .flow", /dense_1/, "the flow of gradients");
    let flow = await rows(page, "#layers .flow tbody");
    check("gradient norms are those of metrics.csv", flow.map(([name]) => name).join() === "dense_1,dense_2,output" && flow.every(([name, norm]) => near(norm, history[11][`gradient_norm_${name}`])), `${JSON.stringify(flow)}, wanted ${JSON.stringify(history[11])}`);

    // --- pins ---
    await page.click("#compare > summary");
    await page.click("#pin");
    await says(page, "#compare .pins", new RegExp(whole.digest_last), "the pinned run");
    await page.fill('[name="lr"]', "0.3");
    await page.keyboard.press("Enter");
    await says(page, "#curves .notes", /step 300: lr becomes 0\.3/, "the change is marked");
    await page.click("#reset");
    await until(page, async () => (await step(page)) === 0, "from the start");
    await epochs(page, 12);
    const faster = trained({ lr: "0.3" }, "look-faster", "--epochs", "12");
    await says(page, "#compare .pins tbody", new RegExp(`${faster.digest_last}.*${whole.digest_last}`), "both runs");
    const [head, mine, pinned] = await rows(page, "#compare .pins");
    const column = (name) => head.indexOf(name);
    check("of two runs the settings that differ are shown, and no others", head.slice(1, 3).join() === "lr,epochs" && mine[1] === "0.3" && pinned[1] === "0.1", JSON.stringify(head));
    check("with the figures of the command line", near(pinned[column("train loss")], history[11].train_loss) && near(pinned[column("test loss")], evaluated.loss)
        && near(mine[column("train loss")], metrics("look-faster")[11].train_loss), JSON.stringify([mine, pinned]));
    await page.focus("#curves canvas");
    await page.keyboard.press("End");
    await says(page, "#curves .said", /; pinned A test [\d.]+/, "the pinned run's curve");
    await page.getByRole("button", { name: "Load" }).click();
    await until(page, async () => (await step(page)) === 0 && (await page.inputValue('[name="lr"]')) === "0.1", "the pinned settings");
    await epochs(page, 12);
    await page.focus("#compare > summary"); // the table stands still while its buttons are held
    await until(page, async () => (await text(page, "#compare .pins tbody")).split(whole.digest_last).length === 3, "the pinned run again");
    check("a pinned run that is loaded comes to the same digest", true);
    await page.getByRole("button", { name: "Remove" }).click();
    await until(page, async () => (await page.locator("#compare .pins tbody tr").count()) === 0, "no pinned run");

    // --- sweeps ---
    const rates = ["0.03", "0.3", "1"], ends = rates.map((lr) => trained({ lr }, `look-${lr}`, "--steps", "250"));
    await page.fill("#sweep-values1", `${rates.join("; ")}; x`);
    await page.fill('[name="sweep.steps"]', "250");
    await page.click("#sweep");
    await says(page, "#compare p[role=status]", /Least validation loss/, "the sweep's end", 60000);
    const cells = await page.locator("#compare .cell").allTextContents();
    check("each cell has the digest of the command line", cells.length === 4 && ends.every((end, i) => cells[i].includes(end.digest_last) && cells[i].startsWith(`lr ${rates[i]}`)), cells.join("\n"));
    check("a value that is none has the engine's sentence", /wants? a number/.test(cells[3]), cells[3]);
    const losses = rates.map((lr) => metrics(`look-${lr}`)[9].validation_loss), winner = losses.indexOf(Math.min(...losses));
    said = await text(page, "#compare p[role=status]");
    check("the least loss wins", new RegExp(`lr ${rates[winner]}, `).test(said) && near(/lr [\d.]+, ([\d.]+[\d])\./.exec(said)[1], losses[winner]), `${said}, wanted ${losses}`);
    await page.locator("#compare .cell").nth(1).getByRole("button", { name: "Use" }).click();
    await until(page, async () => (await page.inputValue('[name="lr"]')) === "0.3", "the cell's settings");
    await page.fill('[name="sweep.steps"]', "9000000");
    await page.click("#sweep");
    await says(page, "#compare .cell", /\d %/, "a long sweep", 60000);
    await page.getByRole("button", { name: "Cancel" }).click();
    await says(page, "#compare p[role=status]", /Cancelled: \d of 4 came to their end/, "cancelled");
    await page.fill("#sweep-values1", "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25");
    await page.click("#sweep");
    await says(page, "#compare p[role=status]", /25 trainings were asked for: wants at most 24/, "too many");
    check("a sweep is cancelled, and one that is too large refused", true);

    // --- the landscape: in its middle lies the loss of the weights as they are ---
    await page.click("#reset");
    await until(page, async () => (await step(page)) === 0, "from the start");
    await epochs(page, 12);
    await until(page, async () => (await step(page)) === 300, "12 epochs");
    await page.click("#landscape > summary");
    await page.selectOption("[name=landscape-kind]", "1");
    await page.click("#landscape-draw");
    await says(page, "#landscape-about", /in the weights of step 300/, "a landscape", 60000);
    await page.focus("#landscape canvas");
    for (const key of ["ArrowRight", "ArrowLeft"]) await page.keyboard.press(key);
    const loss = metrics("look-faster")[11].train_loss, about = await text(page, "#landscape-about"), middle = await text(page, "#landscape-at");
    check("the landscape's middle is the training loss", near(/penalties: ([\d.]+) in/.exec(about)[1], loss) && near(/^Across 0, up 0: loss ([\d.]+),/.exec(middle)?.[1], loss), `${about}\n${middle}, wanted ${loss}`);
    const [low, high] = /from ([\d.]+) to ([\d.]+) in/.exec(about).slice(1).map(Number);
    check("and lies between its lowest and highest", low <= loss * 1.001 && high >= loss, about);
    await page.close();

    // --- curvature, vanishing gradients, dead units ---
    page = await open(link({ net: "3 tanh", batch: "all", lr: "0.5" }));
    await page.click("#layers > summary");
    await page.getByRole("button", { name: /Measure curvature/ }).click();
    await until(page, async () => /record=curvature/.test(await page.evaluate(() => location.hash)), "the address");
    await epochs(page, 5);
    trained({ net: "3 tanh", batch: "all", lr: "0.5" }, "look-curved", "--epochs", "5", "--record", "curvature");
    const curved = metrics("look-curved")[4];
    await says(page, "#layers .pair .said", /epoch 5: λmax/, "the curvature");
    said = await text(page, "#layers .pair .said");
    const bend = /λmax ([\d.]+)/.exec(said)[1], stable = /2\/λmax ([\d.]+)/.exec(said)[1];
    check("λmax and 2/λmax are the command line's", near(bend, curved.curvature) && near(stable, 2 / curved.curvature), `${said}, wanted ${JSON.stringify(curved)}`);
    await page.close();

    page = await open(link({ net: "8 x 6 sigmoid", lr: "0.03" }));
    await page.click("#layers > summary");
    await epochs(page, 2);
    await says(page, "#layers .words", /Vanishing: the gradient of dense_1 is 1\/[\d,]+/, "vanishing gradients");
    let ratio = 0, told = 0; // table and words are written one after the other
    await until(page, async () => {
        flow = await rows(page, "#layers .flow tbody");
        ratio = Number(flow[flow.length - 1][1]) / Number(flow[0][1]);
        told = Number(/dense_1 is 1\/([\d,.e+]+)/.exec(await text(page, "#layers .words"))?.[1].split(",").join("") ?? NaN);
        return Math.abs(told / ratio - 1) < 0.06;
    }, "table and words of one epoch", 5000).catch(() => {});
    check("eight layers of sigmoid: the factor in words is that of the table", ratio > 1000 && Math.abs(told / ratio - 1) < 0.06, `${told}, ${ratio}`);
    await page.close();

    page = await open(link({ net: "8 relu", lr: "20" }));
    await page.click("#layers > summary");
    await epochs(page, 4);
    await says(page, "#layers .words", /Dead units \(dense_1 [\d.]+ %\)/, "dead units");
    const dead = Number(/dense_1 ([\d.]+) %/.exec(await text(page, "#layers .words"))[1]);
    check("dead units are counted in eighths", dead > 0 && dead % 12.5 === 0, dead);
    await page.close();
});
