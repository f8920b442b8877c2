// data.mjs PAGE.html ...: built-in sets, one's own table by drop, points drawn by hand, features, components, recipes, settings that are refused.
import { browse, check, step, until } from "./browser.mjs";

const table = (rows, line, names = "x,y,label") => `${names}\n${Array.from({ length: rows }, (_, i) => line(i)).join("\n")}\n`;
const two = (i) => `${Math.sin(i * 1.7).toFixed(3)},${Math.cos(i * 2.3).toFixed(3)},${Math.sin(i * 1.7) * Math.cos(i * 2.3) > 0 ? "a" : "b"}`;

await browse(process.argv[2], async (open) => {
    const page = await open();
    const problem = async () => ((await page.isVisible("#problem")) ? page.textContent("#problem") : "");
    const link = async (at = page) => {
        await at.waitForTimeout(500); // the address follows a moment later
        return new URLSearchParams(new URL(at.url()).hash.slice(1));
    };
    const field = async (name, text) => {
        await page.fill(`[name="${name}"]`, text);
        await page.keyboard.press("Enter");
        await page.waitForTimeout(300);
    };
    const drop = async (name, text) => {
        await page.evaluate(([file, inside]) => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([inside], file));
            window.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
        }, [name, text]);
        await until(page, async () => (await page.locator("#data h3").allTextContents()).includes(name), `${name} is taken or refused`);
    };
    await page.evaluate(() => document.querySelectorAll("#data details, #settings details").forEach((d) => { d.open = true; }));

    await page.click('[name="set.spiral"]');
    await until(page, async () => (await link()).get("data") === "builtin:spiral", "the spiral");
    await field("data.noise", "0.25");
    check("a set and its options become the data's words", (await link()).get("data") === "builtin:spiral?noise=0.25", (await link()).get("data"));
    await field("data.noise", "7");
    check("an option out of range is refused, and the control goes back", /noise is 7/.test(await problem()) && (await page.inputValue('[name="data.noise"]')) === "0.25", await problem());
    await page.click('[name="feature.x1^2"]');
    await page.waitForTimeout(300);
    check("a feature becomes the layer basis", /^basis x1\+x2\+x1\^2, /.test((await link()).get("net")), (await link()).get("net"));

    await page.selectOption("[name=optimizer]", "lbfgs");
    await page.waitForTimeout(300);
    check("lbfgs has no lr, and takes all rows", (await link()).get("batch") === "all" && !(await link()).has("lr"), await link());
    await page.selectOption("[name=optimizer]", "adam");
    await page.waitForTimeout(300);
    await field("lr", "0");
    check("a learning rate of 0 is refused", /lr is 0/.test(await page.textContent("#settings .refused")) && Number((await link()).get("lr")) > 0, await link());
    await page.selectOption("[name=schedule]", "cosine");
    await page.waitForTimeout(300);
    check("cosine wants an end, and gets one", Number((await link()).get("steps")) === 2000, (await link()).get("steps"));

    await page.selectOption("[name=recipe]", "Circle by squares alone");
    await until(page, async () => (await link()).get("net") === "basis x1^2+x2^2", "the recipe");
    check("a recipe sets everything", (await link()).get("data") === "builtin:circle" && !(await link()).has("schedule"), await link());

    await drop("mine.csv", table(60, two));
    check("a dropped table is learned from", (await problem()) === "" && (await link()).get("data") === "data.csv" && (await link()).get("target") === "label", await problem());
    const brought = await link();
    await drop("one.csv", "x,y,label\n1,2,a\n");
    check("one row is refused by the table's own rules", /nothing to learn/.test(await problem()), await problem());
    await page.click("#reset");
    await page.click("#step");
    await until(page, async () => (await step(page)) === 1, "a step on the data before");
    check("and the data before stay", (await problem()) === "", await problem());
    await drop("big.csv", table(20000, two));
    check("many rows are sampled, which is said", /5,000 of 20,000 rows/.test(await page.textContent("#data")) && (await problem()) === "");

    // Two unrelated columns and their sum: correlations 0, 1/sqrt 2, 1/sqrt 2, so the components hold 2/3 and 1/3.
    await drop("sum.csv", table(80, (i) => {
        const a = i % 2 ? 1.5 : -1.5, b = i % 4 < 2 ? 1.25 : -1.25;
        return `${a},${b},${a / 1.5 + b / 1.25},${i % 8 < 4 ? "k" : "m"}`;
    }, "a,b,c,kind"));
    await page.click("text=Reduce 3 numbers");
    await until(page, async () => /pc1 holds/.test(await page.textContent("#data")), "components");
    check("components hold the shares of the variance that they must", /pc1 holds 66\.67 %/.test(await page.textContent("#data")) && /pc2 33\.33 %/.test(await page.textContent("#data")),
        (await page.textContent("#data")).slice(-1500) + (await problem()));

    await page.focus("#pad");
    for (const key of [" ", "ArrowRight", " ", "ArrowUp", " ", "2", "ArrowLeft", "ArrowLeft", " ", "ArrowUp", " ", "ArrowUp", " "]) await page.keyboard.press(key);
    await until(page, async () => (await link()).get("ui.file") === "drawn.csv", "drawn points");
    check("points are drawn by keyboard, and learned from", /A 3, B 3/.test(await page.textContent("#data")) && (await link()).get("ui.file") === "drawn.csv", await problem());
    await page.close();

    const other = await open(brought.toString());
    check("a small table travels in the link", (await link(other)).get("data") === "data.csv" && !(await other.isVisible("#problem")), await other.textContent("#problem"));
    await other.close();
    for (const bad of ["%25%25", "AAAA", "7MGBAAAAAIAg1v0lFqkK"]) {
        const hostile = await open(`data=data.csv&target=label&ui.csv=${bad}`);
        check(`a broken table in the link is said: ${bad}`, /cannot be read/.test(await hostile.textContent("#problem")));
        await hostile.close();
    }
});
