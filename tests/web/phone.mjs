// phone.mjs PAGE.html: 390 pixels with every panel open, by day and by night; and all by keys, without a mouse.
import { browse, check, step, until } from "./browser.mjs";

const PHONE = { width: 390, height: 844 };
await browse(process.argv[2], async (open) => {
    const text = async (page, where) => (await page.locator(where).allTextContents()).join(" | ");
    const openAll = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    const SPIRAL = { data: "builtin:spiral", test: "0.3", validation: "0.2", net: "8 tanh, 8 tanh", lr: "0.1", batch: "10", seed: "1" };
    const link = (settings) => new URLSearchParams({ ...SPIRAL, patience: "0", ...settings }).toString();

    // --- as wide as a phone ---
    /** What reaches beyond the right edge and lies in nothing that scrolls by itself. */
    const beyond = (page) => page.evaluate(() => [...document.querySelectorAll("body *")].filter((one) => {
        const box = one.getBoundingClientRect();
        if (box.width === 0 || box.right <= innerWidth + 0.5 || getComputedStyle(one).position === "fixed" || one.matches(".unseen, .unseen *")) return false;
        for (let up = one.parentElement; up; up = up.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(up).overflowX)) return false;
        return true;
    }).map((one) => `${one.tagName} ${one.id} ${one.className}`).slice(0, 5));
    for (const [name, settings] of [["two layers", {}], ["a wide table", { data: "builtin:table?inputs=12&classes=5", net: "32 relu, dropout 0.2, 16 relu" }], ["regression", { data: "builtin:plane", net: "6 x 4 tanh" }]]) {
        const page = await open(link(settings), PHONE);
        await openAll(page);
        await page.click("#epoch");
        await page.click("#pin");
        await until(page, async () => (await page.locator("#compare .pins tbody tr").count()) === 2, "a pinned run");
        await until(page, async () => (await page.locator("#explanation .lines tr").count()) > 10, "the step's numbers");
        await page.click("#landscape-draw");
        await until(page, async () => /no two epochs yet|penalties/.test(await text(page, "#landscape-said, #landscape-about")), "the landscape's answer", 60000);
        await page.click("#diagnose");
        await until(page, async () => (await page.isEnabled("#diagnose")) && (await text(page, "#findings")) !== "", "a diagnosis", 120000);
        const width = await page.evaluate(() => document.documentElement.scrollWidth), wide = await beyond(page);
        check(`no sideways scroll with every panel open: ${name}`, width <= 390 && wide.length === 0, `${width} ${wide}`);
        check(`what is touched is large enough: ${name}`, await page.evaluate(() => [...document.querySelectorAll("#bar button, #bar select")].every((one) => one.getBoundingClientRect().height >= 30)));
        await page.close();
    }

    // --- by night ---
    let page = await open(link({}));
    await openAll(page);
    await page.click("#epoch");
    await until(page, async () => (await page.locator("#metrics .confusion td").count()) === 4, "the matrix");
    const drawn = () => page.evaluate(() => document.querySelector("#output canvas").toDataURL());
    const day = await drawn();
    await page.click("#theme");
    check("one press makes it dark", (await page.evaluate(() => document.documentElement.dataset.theme)) === "dark");
    await until(page, async () => (await drawn()) !== day, "the picture on dark paper");
    /** Text and paper closer than 4.5 to 1 (WCAG 2, AA), of what is to be seen. */
    const faint = () => page.evaluate(() => {
        const numbers = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
        const light = ([r, g, b]) => [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const paper = (one) => {
            const over = [];
            for (let up = one; up; up = up.parentElement) {
                const [r, g, b, a = 1] = numbers(getComputedStyle(up).backgroundColor);
                if (a > 0) over.push([r, g, b, a]);
                if (a === 1) break;
            }
            return over.reverse().reduce((under, [r, g, b, a]) => [r, g, b].map((v, i) => v * a + under[i] * (1 - a)), [255, 255, 255]);
        };
        const found = [];
        for (const one of document.querySelectorAll("body *")) {
            if (![...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) || !one.getClientRects().length || one.matches(":disabled, :disabled *, canvas *, option, script, noscript")) continue;
            const a = light(numbers(getComputedStyle(one).color)), b = light(paper(one)), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) found.push(`${one.tagName}.${one.className} "${one.textContent.trim().slice(0, 30)}" ${ratio.toFixed(2)}`);
        }
        return found;
    });
    let weak = await faint();
    check("every text stands out from dark paper", weak.length === 0, weak.join("\n"));
    await page.click("#theme");
    weak = await faint();
    check("and from light paper", weak.length === 0, weak.join("\n"));
    await page.close();

    // --- by keys alone ---
    page = await open(link({ net: "2 tanh" }));
    const focus = () => page.evaluate(() => {
        const one = document.activeElement;
        return { id: one.id, name: one.getAttribute("name"), label: one.getAttribute("aria-label") || one.closest("label")?.textContent || one.textContent, panel: one.closest(".panel")?.id ?? "", tag: one.tagName,
            ringed: getComputedStyle(one).outlineStyle !== "none" || one.tagName === "BODY" };
    });
    let bare = [];
    /** Tab until what is reached is wanted; every stop on the way shows that it is one, and has a name. */
    const tabTo = async (wanted, what) => {
        for (let i = 0; i < 400; i++) {
            await page.keyboard.press("Tab");
            const at = await focus();
            if (at.tag !== "BODY" && (!at.ringed || !at.label?.trim())) bare.push(JSON.stringify(at));
            if (wanted(at)) return;
        }
        throw new Error(`${what} is not reached by Tab`);
    };
    await tabTo((at) => at.id === "play", "Play");
    await page.keyboard.press("Enter");
    await until(page, async () => (await step(page)) > 60, "Enter plays");
    await page.keyboard.press("Enter");
    await until(page, async () => /Play/.test(await page.textContent("#play")), "Enter pauses");
    await tabTo((at) => at.name === "lr", "the learning rate");
    const tag = (await focus()).tag;
    await page.keyboard.press("Control+A");
    await page.keyboard.type("0.25");
    await page.keyboard.press("Enter");
    await until(page, async () => /lr=0\.25/.test(await page.evaluate(() => location.hash)), "another learning rate");
    check("Play is reached and pressed, and the learning rate changed, by keys", tag === "INPUT" && /lr becomes 0\.25/.test(await text(page, "#curves .notes")), await text(page, "#curves .notes"));
    await tabTo((at) => at.label === "One unit more in dense_1", "a unit more");
    await page.keyboard.press("Enter");
    await until(page, async () => (await page.inputValue("#net input[name=net]")) === "3 tanh", "three units");
    check("a unit is added by keys, and the button stays at hand", (await focus()).label === "One unit more in dense_1", JSON.stringify(await focus()));
    await tabTo((at) => at.panel === "net" && at.tag === "CANVAS", "the network");
    for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await until(page, async () => /^weight x0 to dense_1, unit \d: -?[\d.]+$/.test(await text(page, "#net p.unseen")), "a weight");
    check("a weight is read by keys", true);
    await tabTo((at) => at.panel === "curves" && at.tag === "CANVAS", "the curves");
    await page.keyboard.press("Home");
    for (const panel of ["explain-panel", "formulas-panel", "diagnose-panel", "layers", "landscape", "compare", "lessons-panel", "challenge", "export"]) {
        await tabTo((at) => at.panel === panel && at.tag === "SUMMARY", panel);
        await page.keyboard.press("Enter");
        await until(page, () => page.evaluate((id) => document.getElementById(id).open, panel), `${panel} opens`);
    }
    check("every panel below is opened by keys", true);
    await tabTo((at) => at.tag === "BODY" || at.id === "play", "the beginning again");
    check("each stop has a name and a ring", bare.length === 0, [...new Set(bare)].join("\n"));
    await page.close();
});
