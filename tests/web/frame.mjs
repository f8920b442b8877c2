// frame.mjs PAGE.html ENGINE.js PLAYGROUND.wasm WANTED.json: the bar, keys, links, and the same bits in Chromium.
import { readFileSync } from "node:fs";
import { browse, check, step, until } from "./browser.mjs";
import { configurations, settings } from "./configurations.mjs";

const [file, engine, wasm, wanted] = process.argv.slice(2);
await browse(file, async (open, context) => {
    const page = await open();
    check("it opens with Playground's circle", /builtin:circle/.test(decodeURIComponent(await page.evaluate(() => location.hash))) || (await step(page)) === 0);
    await page.click("#step");
    await until(page, async () => (await step(page)) === 1, "a step");
    await page.click("#epoch");
    await until(page, async () => (await step(page)) === 25, "the end of the epoch");
    check("Step is one step, Epoch goes to the end of it", (await step(page)) === 25);
    await page.click("#play");
    await until(page, async () => (await step(page)) > 200, "playing");
    await page.click("#play");
    await page.waitForTimeout(300);
    const paused = await step(page);
    await page.waitForTimeout(300);
    check("Pause stops it", (await step(page)) === paused && paused > 200, paused);
    await page.click("#reset");
    await until(page, async () => (await step(page)) === 0, "beginning again");
    check("Again begins again", true);
    await page.click("h1");
    await page.keyboard.press("s");
    await until(page, async () => (await step(page)) === 1, "the key s");
    await page.keyboard.press(" ");
    await until(page, async () => (await step(page)) > 50, "the space bar");
    await page.keyboard.press(" ");
    await page.keyboard.press("r");
    await until(page, async () => (await step(page)) === 0, "the key r");
    check("keys s, space and r do the same", true);
    await page.close();

    const broken = await open("data=builtin%3Anothing&net=4%20tanh&lr=abc&evil=%3Cscript%3Ealert(1)%3C%2Fscript%3E");
    check("a link that cannot be opened says why, and the page works", /no built-in set 'nothing'|abc/.test(await broken.textContent("#problem")), await broken.textContent("#problem"));
    await broken.click("#step");
    await until(broken, async () => (await step(broken)) === 1, "a step behind a broken link");
    await broken.close();

    // The engine alone on a blank page: what holds in Node must hold here.
    const blank = await context.newPage();
    await blank.goto("about:blank");
    await blank.addScriptTag({ path: engine });
    const files = Object.fromEntries(["flowers.csv", "houses.csv"].map((name) => [name, Array.from(readFileSync(name))]));
    const digests = JSON.parse(readFileSync(wanted, "utf8"));
    await blank.evaluate((base64) => { globalThis.wasm = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)); }, readFileSync(wasm).toString("base64"));
    for (const [name, configuration] of Object.entries(configurations)) {
        const got = await blank.evaluate(async ({ settings, steps, files }) => {
            const engine = await slopeEngine.Engine.start(globalThis.wasm);
            for (const [name, bytes] of Object.entries(files)) engine.write(name, Uint8Array.from(bytes));
            engine.open(settings);
            return engine.steps(steps).digest;
        }, { settings: settings(configuration), steps: configuration[2], files });
        check(`the same bits in Chromium: ${name}`, got === digests[name] && /^[0-9a-f]{16}$/.test(got), `${got}, wanted ${digests[name]}`);
    }
    await blank.close();
});
