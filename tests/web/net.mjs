// net.mjs PAGE.html: the network and the output: its words, units, layers, additions, weights, axes; by mouse and by keys alone.
import { browse, check, step, until } from "./browser.mjs";

const link = (settings) => new URLSearchParams({ data: "builtin:circle", test: "0.5", validation: "0", optimizer: "sgd", lr: "0.03", batch: "10", patience: "0", seed: "1", ...settings }).toString();

await browse(process.argv[2], async (open) => {
    const page = await open(link({ net: "4 tanh, 2 tanh" }));
    const words = () => page.inputValue("#net input[name=net]");
    const becomes = async (wanted, what) => {
        await until(page, async () => (await words()) === wanted, `${what}: ${wanted}, not ${await words()}`).then(() => check(what, true), (why) => check(what, false, why.message));
    };
    const head = (name) => page.locator(`#net .head[aria-label="${name}"]`);
    const type = async (text) => {
        await page.fill("#net input[name=net]", text);
        await page.keyboard.press("Enter");
    };
    await head("dense_1").getByRole("button", { name: "One unit more in dense_1" }).click();
    await becomes("5 tanh, 2 tanh", "a unit more");
    await page.selectOption("#net select[name=activation_dense_2]", "leaky_relu");
    await becomes("5 tanh, 2 leaky_relu", "another activation of one layer");
    await head("dense_2").getByRole("button", { name: /Options of leaky_relu/ }).or(head("dense_2").locator(".chip")).first().click();
    await page.keyboard.type("0.3");
    await page.keyboard.press("Enter");
    await becomes("5 tanh, 2 leaky_relu slope=0.3", "an option of the activation");
    check("Enter closes the small window", await page.isHidden("#net .editor"));
    await page.selectOption("#net select[name=add_dense_1]", "after dropout");
    await becomes("5 tanh, dropout 0.2, 2 leaky_relu slope=0.3", "dropout behind a layer");
    await page.selectOption("#net select[name=add_dense_1]", "before noise");
    await becomes("noise 0.1, 5 tanh, dropout 0.2, 2 leaky_relu slope=0.3", "noise before a layer");
    await head("dense_1").locator(".chip").click();
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await becomes("noise 0.1, 5 tanh, 2 leaky_relu slope=0.3", "dropout is removed");
    await page.click("#net button[aria-label='One hidden layer more']");
    await becomes("noise 0.1, 5 tanh, 2 leaky_relu slope=0.3, 2 leaky_relu slope=0.3", "a layer more");
    await page.click("#net button[aria-label='One hidden layer less']");
    await becomes("noise 0.1, 5 tanh, 2 leaky_relu slope=0.3", "a layer less");
    await type("3 x 8 relu, 4 tanhh");
    await until(page, () => page.isVisible("#problem"), "a sentence");
    check("words that are wrong are refused with the engine's sentence, and stay to be mended",
        /did you mean 'tanh'/.test(await page.textContent("#problem")) && (await words()) === "3 x 8 relu, 4 tanhh", await page.textContent("#problem"));
    await type("4, 2 x residual [8 relu, 4], 2 x [3 tanh, dropout 0.1]");
    await page.getByRole("button", { name: "One unit more in dense_4" }).click();
    await becomes("4, residual [8 relu, 4], residual [9 relu, 4], 2 x [3 tanh, dropout 0.1]", "a unit in the second of two groups alone");
    await type("100 relu, 8 x 8 tanh");
    await until(page, async () => /showing 12 of 100/.test((await page.textContent("#net .heads")) ?? ""), "100 units");
    check("of a hundred units twelve are drawn, and that is said", true);
    await type("linear");
    await until(page, async () => (await page.textContent("#net output")) === "0", "no hidden layer");
    check("no hidden layer", true);

    // By keys alone: to a weight, and another value for it.
    await type("4 tanh, 2 tanh");
    await until(page, async () => (await page.textContent("#net output")) === "2", "two layers");
    await page.click("#step");
    await until(page, async () => (await step(page)) === 1, "a step");
    const before = await page.evaluate(() => document.querySelector("#net .unseen[aria-live]").textContent);
    await page.focus("#net canvas");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    const heard = await page.textContent("#net p.unseen");
    check("arrow keys lead to a weight, which is read out", before === "" && /^weight x0 to dense_1, unit 2: -?[\d.]+$/.test(heard), heard);
    await page.keyboard.press("Enter");
    await page.keyboard.type("-1.25");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowUp");
    await until(page, async () => {
        await page.keyboard.press("ArrowUp");
        await page.keyboard.press("ArrowDown");
        return /unit \d: -1\.25$/.test(await page.textContent("#net p.unseen")) || (await page.keyboard.press("ArrowDown"), false);
    }, "the weight's new value").then(() => check("a weight is set by hand", true), (why) => check("a weight is set by hand", false, why.message));
    await page.keyboard.press("ArrowRight");
    check("a unit that is reached is shown large", /dense_1, unit \d: what it gives/.test(await page.textContent("#output .shown")), await page.textContent("#output .shown"));
    await page.keyboard.press("Escape");
    await page.close();

    // The output: how it is drawn touches no number (tensorflow/playground #184), and a place far from all rows is a guess.
    const plane = await open(link({ net: "3 tanh", data: "builtin:gauss" }));
    await plane.click("#epoch");
    await until(plane, async () => (await step(plane)) === 25, "an epoch");
    const figures = () => plane.evaluate(() => document.querySelector("#metrics, #figures")?.textContent ?? "");
    const drawn = () => plane.evaluate(() => document.querySelector("#output canvas").toDataURL());
    await plane.waitForTimeout(800);
    const [numbers, picture] = [await figures(), await drawn()];
    await plane.click("#output input[name=discretise]");
    await plane.waitForTimeout(800);
    check("discretise changes the picture and no figure", (await figures()) === numbers && numbers !== "" && (await drawn()) !== picture);
    check("the address keeps it", await until(plane, async () => /ui\.discretise=1/.test(await plane.evaluate(() => location.hash)), "the address"));
    const box = await plane.locator("#output canvas").first().boundingBox();
    await plane.mouse.move(box.x + 60, box.y + 14);
    await until(plane, async () => /probability/.test(await plane.textContent("#output .said")), "an answer");
    check("far from all rows the answer is called a guess", /No training rows near here/.test(await plane.textContent("#output .said")), await plane.textContent("#output .said"));
    await plane.mouse.move(box.x + 46 + (box.width - 54) * 8 / 12, box.y + 8 + (box.width - 54) * 4 / 12); // (2, 2)
    await until(plane, async () => /x0 [12]\.?\d*, x1 [12]\.?\d*: /.test(await plane.textContent("#output .said")), "an answer at (2, 2)");
    check("near them it is not", !/No training rows/.test(await plane.textContent("#output .said")), await plane.textContent("#output .said"));
    await plane.locator("#output canvas").first().focus();
    await plane.keyboard.press("ArrowRight");
    await plane.keyboard.press("Enter");
    await plane.keyboard.press("Tab");
    await until(plane, async () => /Row \d+ of the train part is chosen/.test(await plane.textContent("#output .said")), "a row");
    check("a row is chosen by keys", true);
    await plane.close();

    const many = await open(link({ net: "4 relu", data: "builtin:table?inputs=5" }));
    await many.selectOption("#output select[name=up]", "3");
    await until(many, async () => /ui\.up=3/.test(await many.evaluate(() => location.hash)), "other axes");
    check("other inputs on the axes, and what becomes of the rest is said", /other 3 inputs stay in the middle/.test(await many.textContent("#output")));
    await many.close();

    const phone = await open(link({ net: "8 x 8 tanh" }), { width: 390, height: 844 });
    check("nothing is wider than a phone", (await phone.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    await phone.close();
});
