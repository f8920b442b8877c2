// share.mjs PAGE.html ENGINE.js PLAYGROUND.wasm WANTED.json SLOPE: what is kept goes on at the command line to the same bits, links
// that train again say whether the bits are the same, the challenge's rules, the landscape.
import { execFileSync } from "node:child_process";
import { browse, check, step, until } from "./browser.mjs";

const [file, , , , slope] = process.argv.slice(2);
const trained = (...words) => JSON.parse(execFileSync(slope, ["train", ...words, "--json", "--quiet"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim().split("\n").pop());
const SAME = "#proof[data-kind=same], #proof[data-kind=different], #proof[data-kind=none]";

await browse(file, async (open) => {
    const kept = async (page, button) => {
        const [got] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
        await got.saveAs(got.suggestedFilename());
        return got.suggestedFilename();
    };
    const text = (page, id) => page.textContent(id);

    // --- files ---
    let page = await open("data=builtin:spiral&net=4+tanh,+4+tanh&lr=0.1&seed=3");
    await page.click("#export > summary");
    for (let i = 0; i < 4; i++) await page.click("#epoch");
    await page.click("#step");
    await until(page, async () => (await step(page)) === 101, "101 steps");
    await page.fill("[name=more]", "12");
    await page.keyboard.press("Enter");
    for (let i = 0; i < 2; i++) check("the run is kept, again and again", (await kept(page, "#keep-run")) === "slope-run.tar");
    check("the page stands where it stood", (await step(page)) === 101);
    execFileSync("tar", ["xf", "slope-run.tar"]);
    const words = ["builtin:spiral", "--test", "0.5", "--validation", "0", "--net", "4 tanh, 4 tanh", "--optimizer", "sgd", "--lr", "0.1", "--batch", "10", "--seed", "3"];
    const resumed = trained("--resume", "slope-run"), whole = trained(...words, "--epochs", "16", "-o", "share-whole");
    check("unpacked, it goes on to the bits of a training without a break", resumed.steps === 400 && resumed.digest_last === whole.digest_last, `${resumed.digest_last}, wanted ${whole.digest_last}`);
    await kept(page, "#keep-model");
    const digest = /digest_last": "([0-9a-f]{16})"/.exec(await text(page, "#same-but"))[1];
    check("the command line reads the model file: the same weights", execFileSync(slope, ["eval", "model.safetensors", "builtin:spiral"], { encoding: "utf8" }).includes(digest));
    check("the command gives the digest that is promised", trained(...words, "--steps", "101", "-o", "share-part").digest_last === digest);
    await kept(page, "#keep-json");
    const link = (await text(page, "#permalink")).split("#")[1];
    await page.close();

    // --- links ---
    const followed = async (hash, wanted, what) => {
        const other = await open(hash);
        await other.waitForSelector(SAME, { timeout: 60000 });
        const said = await text(other, "#proof-said");
        check(what, wanted.test(said), said);
        await other.close();
        return said;
    };
    await followed(link, new RegExp(`^The same bits: trained again for 101 steps, digest ${digest}`), "a link that proves itself");
    await followed(link.replace(/digest=.{4}/, "digest=0000"), new RegExp(`^Different: .* expected digest 0000.*got ${digest}`), "one that was altered");
    const changes = "change=25~lr~0.2&change=25~decay~0.001&change=40~weight.3~0.5&step=60";
    const got = /digest ([0-9a-f]{16})/.exec(await followed(changes, /names no digest/, "one with changes on the way"))[1];
    await followed(`${changes}&digest=${got}`, /^The same bits/, "and again");
    await followed(`${changes.replace("0.5", "0.25")}&digest=${got}`, /^Different/, "a weight that is set otherwise gives other bits");
    await followed("step=5&change=2~seed~7&digest=0123456789abcdef", /^Not compared: behind step 2 it changes seed/, "a change that cannot be made on the way");
    await followed("step=5&change=2~weight.0~<img>", /^Not compared: .*no number/, "a weight that is none");
    page = await open("step=999999999&digest=0123456789abcdef");
    await page.waitForSelector("#proof[data-kind=asks]", { timeout: 60000 });
    check("what takes hours is asked about", /999,999,999 steps, which takes about/.test(await text(page, "#proof-said")), await text(page, "#proof-said"));
    await page.getByRole("button", { name: "Not now" }).click();
    await page.waitForSelector(SAME, { timeout: 60000 });
    await page.click("#reset");
    await page.click("#step");
    await until(page, async () => (await step(page)) === 1, "a step behind it");
    await page.close();

    // --- the challenge ---
    page = await open("data=builtin:spiral&net=8+tanh,+8+tanh&optimizer=adam&lr=0.02&batch=32&seed=6&step=3000&digest=bed99b459b770c66");
    await page.waitForSelector(SAME, { timeout: 60000 });
    check("the digest of the lesson", /^The same bits/.test(await text(page, "#proof-said")), await text(page, "#proof-said"));
    await page.click("#challenge > summary");
    await until(page, async () => /^Reached: 16 neurons, test loss 0.0123\d after 3,000 steps/.test(await text(page, "#challenge-now")), "the score");
    check("the score has its proof", /raw x and y: 16 neurons \(8 tanh, 8 tanh\).*seed 6, digest bed99b459b770c66\n.*&step=3000&digest=bed99b459b770c66\nslope train/.test(await text(page, "#challenge-score")));
    await page.close();
    for (const [hash, wanted] of [
        ["data=builtin:spiral?noise=0.1", /Not valid: the data have noise=0.1/], ["data=builtin:circle", /Not valid: the data are/], ["data=builtin:spiral&test=0.4", /Not valid: --test is 0.4/],
        ["data=builtin:spiral&net=basis+x1%2Bx2%2Bsin(x1)%2Bsin(x2),+3+tanh", /any features with 5 neurons, 2 of them features/], ["data=builtin:spiral&net=layer_norm,+4", /Not valid: the rules do not say/],
    ]) {
        page = await open(hash);
        await page.click("#challenge > summary");
        await until(page, async () => wanted.test(await text(page, "#challenge-now")), `${hash}: ${wanted}`);
        check(`the rules: ${hash}`, true);
        await page.close();
    }

    // --- the landscape ---
    page = await open("", { width: 390, height: 800 });
    await page.click("#landscape > summary");
    await page.click("#landscape-draw");
    await until(page, async () => /no two epochs yet/.test(await text(page, "#landscape-said")), "why there is no plane yet");
    for (let i = 0; i < 6; i++) await page.click("#epoch");
    await page.click("#landscape-draw");
    await until(page, async () => /the mean of 250 training rows.*in the weights of step 150/.test(await text(page, "#landscape-about")), "a landscape", 60000);
    const first = await text(page, "#landscape-about");
    await page.focus("#landscape canvas");
    await page.keyboard.press("ArrowRight");
    check("the crosshair goes by keys", /^Across .*, up .*: loss \d/.test(await text(page, "#landscape-at")), await text(page, "#landscape-at"));
    await page.selectOption("[name=landscape-kind]", "1");
    await page.click("#landscape-draw");
    await until(page, async () => { const now = await text(page, "#landscape-about"); return now !== first && /in the weights of step 150/.test(now); }, "random directions", 60000);
    await page.click("#play");
    await until(page, async () => (await step(page)) > 300, "training on");
    await page.click("#play");
    check("the picture is no wider than a phone", await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.close();
});
