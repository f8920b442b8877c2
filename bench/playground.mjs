// playground.mjs - steps a second on TensorFlow Playground's default net, 2-4-2-1 tanh, batch 10: its published algorithm
// (playground_peer.mjs) beside slope's module, which script/wasm makes; Node 18 or newer:
//   node bench/playground.mjs [--rounds N] [--module FILE] [--free FILE] [--browser PROGRAM] [--check]
// Both take turns; printed are medians, and the median of the ratios within a round. --free build/wasm-free/bench.wasm
// (script/wasm --free): also what the arithmetic law costs there. --browser chromium: in that browser, without a
// window, in the place of Node. --check: no clock; both learn alike from the same start, or exit status 1.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compare, load, race, row, turns } from "./playground_race.mjs";

function usage(why) {
    console.error(`${why}\nusage: node bench/playground.mjs [--rounds N] [--module FILE] [--free FILE] [--browser PROGRAM] [--check]`);
    process.exit(2);
}

const options = { rounds: "300", module: fileURLToPath(new URL("../build/wasm/bench.wasm", import.meta.url)), free: "", browser: "" };
const words = process.argv.slice(2);
let check = false;
while (words.length) {
    const word = words.shift();
    if (word === "--check") check = true;
    else if (!word.startsWith("--") || !Object.hasOwn(options, word.slice(2)) || !words.length) usage(`${word} is no option, or lacks its value`);
    else options[word.slice(2)] = words.shift();
}
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) usage(`--rounds ${options.rounds}: wants a whole number from 1`);

async function read(file, how) {
    try {
        return await readFile(file);
    } catch (error) {
        console.error(`${file}: ${error.code === "ENOENT" ? `is not there: ${how} makes it` : error.message}`);
        process.exit(2);
    }
}

/** Serves the page to the browser, and takes what it found. */
async function inBrowser(bytes) {
    const script = `import { load, race } from "./playground_race.mjs";
        let found;
        try {
            const bytes = await (await fetch("/module")).arrayBuffer();
            found = { rows: race(await load(bytes), ${rounds}), version: navigator.userAgent };
        } catch (error) { found = { error: String(error) }; }
        await fetch("/found", { method: "POST", body: JSON.stringify(found) });`;
    const folder = await mkdtemp(join(tmpdir(), "slope-browser-"));
    let browser;
    try {
        return await new Promise((resolve, reject) => {
            const server = createServer(async (request, response) => {
                const own = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }; // a finer clock
                const give = (type, body) => response.writeHead(200, { "Content-Type": type, ...own }).end(body);
                if (request.url === "/") give("text/html", `<!doctype html><link rel="icon" href="data:,"><script type="module">${script}</script>`);
                else if (request.url === "/module") give("application/wasm", bytes);
                else if (/^\/playground_(race|peer)\.mjs$/.test(request.url)) give("text/javascript", await readFile(new URL(`.${request.url}`, import.meta.url)));
                else if (request.url === "/found") {
                    let body = "";
                    for await (const part of request) body += part;
                    give("text/plain", "");
                    server.close();
                    resolve(JSON.parse(body));
                } else response.writeHead(404).end();
            });
            server.listen(0, "localhost", () => {
                browser = spawn(options.browser, ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", `--user-data-dir=${folder}`, ["http:", "", `localhost:${server.address().port}`, ""].join("/")], { stdio: "ignore" });
                browser.on("error", (error) => { server.close(); reject(error); });
            });
        });
    } finally {
        const gone = browser && browser.exitCode === null && browser.pid ? new Promise((resolve) => browser.on("exit", resolve)) : null;
        browser?.kill();
        await gone;
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
}

/** The same workloads under the law and free of it. */
function cost(lawful, free) {
    const rows = [];
    const both = (what, begin, work, count) => {
        for (const m of [lawful, free]) {
            begin(m);
            for (const end = performance.now() + 1000; performance.now() < end; ) work(m)(count); // until it is compiled well
        }
        rows.push(row(what, turns({ law: { work: work(lawful), count }, free: { work: work(free), count } }, rounds), "law", "free"));
    };
    both("2-4-2-1, batch 10, with its losses", (m) => m.run(500), (m) => (count) => m.epochs(count / 25), 200);
    for (const [name, count] of [["playground", 100], ["housing", 4], ["digits32", 1]]) {
        let index = 0;
        while (lawful.text(lawful.slope.bench_name(index)) !== name) index++;
        both(name, (m) => m.slope.bench_open(index, 1), (m) => (n) => m.slope.bench_steps(n), count);
    }
    return rows;
}

function table(head, rows, format) {
    console.log(`\n| ${head.join(" | ")} |\n|${head.map(() => "---").join("|")}|`);
    for (const one of rows) console.log(`| ${format(one).join(" | ")} |`);
}
const micro = (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en"));

const bytes = await read(options.module, "script/wasm");
const module = await load(bytes);
const { most, moved } = compare(module, 200);
if (!(most < 1e-4 && moved > 0.1)) {
    console.error(`the two do not learn alike: weights or losses are ${most} apart, a weight moved by ${moved}`);
    process.exit(1);
}
console.log(`both learn alike: 600 steps from the same weights, and no weight and no loss is further apart than ${most.toExponential(1)}`);
if (check) {
    module.run(500);
    module.steps(100);
    console.log(`100 steps on builtin:circle?rows=500 as slope train has it: digest=${module.digest()}`);
} else {
    let rows, where = `Node ${process.versions.node} (V8 ${process.versions.v8.split("-")[0]})`;
    if (options.browser) {
        const found = await inBrowser(bytes);
        if (found.error) {
            console.error(`${options.browser}: ${found.error}`);
            process.exit(1);
        }
        rows = found.rows;
        where = found.version.match(/(Headless)?(Chrome|Firefox)\/[0-9.]+/)?.[0] ?? found.version;
    } else rows = race(module, rounds);
    console.log(`${cpus()[0].model}, ${where}, ${rounds} rounds`);
    table(["us", "Playground's algorithm", "slope", "x"], rows, (one) => [one.what, micro(one.peer), micro(one.slope), one.ratio.toFixed(2)]);
    if (options.free) {
        const free = await load(await read(options.free, "script/wasm --free"));
        table(["us a step", "under the law", "free of it", "cost of the law"], cost(module, free),
            (one) => [one.what, micro(one.law), micro(one.free), `${one.ratio >= 1 ? "+" : ""}${((one.ratio - 1) * 100).toFixed(0)} %`]);
    }
}
process.exit(0);
