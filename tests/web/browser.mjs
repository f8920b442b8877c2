// browser.mjs - what the tests of the page share: Chromium without a window, the page in it, checks that print a line each.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

let failures = 0;
export function check(name, fine, found = "") {
    if (!fine) failures++;
    console.log(`${fine ? "ok" : "FAIL"} ${name}${fine ? "" : `\n      | ${String(found).slice(0, 600)}`}`);
}

/** Runs tests(open) in a browser; open(hash, size) gives a page that is ready. Complaints of the console, and requests for anything but
 *  the page itself, are failures at the end. */
export async function browse(file, tests) {
    let playwright;
    try {
        playwright = await import("playwright-core");
    } catch {
        console.log("skip the page in a browser (playwright-core is not installed: npm ci in tests/web)");
        return;
    }
    const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));
    if (!chromium) {
        console.log("skip the page in a browser (chromium is not installed)");
        return;
    }
    const profile = mkdtempSync(join(tmpdir(), "slope-page-"));
    let context;
    try {
        context = await playwright.chromium.launchPersistentContext(profile, {
            executablePath: chromium, headless: true, viewport: { width: 1400, height: 1000 }, acceptDownloads: true,
            args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    } catch (error) {
        console.log(`skip the page in a browser (${chromium} does not start: ${String(error.message).split("\n")[0]})`);
        rmSync(profile, { recursive: true, force: true });
        return;
    }
    const complaints = [], requests = [];
    try {
        const open = async (hash = "", size = null) => {
            const page = await context.newPage();
            page.setDefaultTimeout(20000);
            if (size) await page.setViewportSize(size);
            page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") complaints.push(message.text()); });
            page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
            page.on("request", (request) => { if (!/^(file|blob|data):/.test(request.url())) requests.push(request.url()); });
            await page.goto(pathToFileURL(file).href + (hash ? `#${hash}` : ""));
            await page.waitForSelector("html[data-ready=yes]");
            return page;
        };
        await tests(open, context);
    } catch (error) {
        check("the tests of the page run to their end", false, error.stack);
    }
    await context.close();
    rmSync(profile, { recursive: true, force: true });
    check("no complaint in the console", complaints.length === 0, complaints.join("\n"));
    check("no request leaves the page", requests.length === 0, requests.join("\n"));
    process.exitCode = failures ? 1 : 0;
}

/** The number behind "step" in the bar. */
export async function step(page) {
    const text = await page.textContent("#count");
    return Number(/step ([\d,]+)/.exec(text)[1].split(",").join(""));
}
/** Waits until `look(page)` is true. */
export async function until(page, look, what, ms = 20000) {
    const end = Date.now() + ms;
    while (Date.now() < end) {
        if (await look()) return true;
        await page.waitForTimeout(50);
    }
    throw new Error(`${what}: not within ${ms / 1000} s`);
}
