// wasm.mjs - runs build/wasm/bench.wasm (script/wasm makes it) in Node, 18 or newer:
//   node bench/wasm.mjs [--isa NAME] [--steps N] [--seconds S] [--module FILE] [--selftest | WORKLOAD ... | all]
// One line a workload, as `slope bench` writes them, but the time is that of the best round; the digest is taken after
// 200 steps from seed 1 (--steps N).
// --seconds 0: the digest alone, without timing.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

function usage(why) {
    console.error(`${why}\nusage: node bench/wasm.mjs [--isa NAME] [--steps N] [--seconds S] [--module FILE] [--selftest | WORKLOAD ... | all]`);
    process.exit(2);
}

const options = { isa: "", steps: "200", seconds: "1", module: fileURLToPath(new URL("../build/wasm/bench.wasm", import.meta.url)) };
const words = process.argv.slice(2);
let wanted = [];
let selftest = false;
while (words.length) {
    const word = words.shift();
    if (word === "--selftest") selftest = true;
    else if (word.startsWith("--")) {
        if (!Object.hasOwn(options, word.slice(2)) || !words.length) usage(`${word} is no option, or lacks its value`);
        options[word.slice(2)] = words.shift();
    } else wanted.push(word);
}
const steps = Number(options.steps);
const seconds = Number(options.seconds);
if (!Number.isInteger(steps) || steps < 0) usage(`--steps ${options.steps}: wants a whole number`);
if (!(seconds >= 0)) usage(`--seconds ${options.seconds}: wants a number, 0 or more`);

let bytes;
try {
    bytes = await readFile(options.module);
} catch (error) {
    console.error(`${options.module}: ${error.code === "ENOENT" ? "is not there: script/wasm makes it" : error.message}`);
    process.exit(2);
}
const { instance } = await WebAssembly.instantiate(bytes, {});
const slope = instance.exports;
slope._initialize();

function text(address) {
    const memory = new Uint8Array(slope.memory.buffer, address);
    return new TextDecoder().decode(memory.subarray(0, memory.indexOf(0)));
}
function fail() {
    console.error(text(slope.bench_message()));
    process.exit(1);
}

if (selftest) {
    for (let seed = 1; seed <= 3; seed++) if (slope.bench_selftest(seed)) fail();
    console.log("every kernel equals the plain loop");
}
const names = [];
for (let i = 0, name; (name = slope.bench_name(i)); i++) names.push(text(name));
if (wanted.length === 1 && wanted[0] === "all") wanted = names;
if (!wanted.length && !selftest) usage(`no workload: ${names.join(", ")} or all`);
new Uint8Array(slope.memory.buffer, slope.bench_isa_wanted(), 16).set(new TextEncoder().encode(options.isa.slice(0, 15) + "\0"));

for (const name of wanted) {
    if (!names.includes(name)) usage(`there is no workload ${name}: ${names.join(", ")}`);
    if (slope.bench_open(names.indexOf(name), 1) || slope.bench_steps(steps)) fail();
    const digest = BigInt.asUintN(64, slope.bench_digest()).toString(16).padStart(16, "0");
    let line = `workload=${name} contender=slope-wasm isa=${text(slope.bench_isa())} threads=1`;
    if (seconds > 0) {
        let best = Infinity; // ms a step in the best of at least 5 rounds
        const end = performance.now() + seconds * 1000;
        for (let round = 0, size = 1; round < 5 || performance.now() < end; ) {
            const start = performance.now();
            if (slope.bench_steps(size)) fail();
            const passed = performance.now() - start;
            if (passed < 20 && size < 1 << 20) {
                size *= 2; // a round is at least 20 ms, so that the clock is fine enough
                continue;
            }
            best = Math.min(best, passed / size);
            round++;
        }
        line += ` steps_per_s=${(1000 / best).toFixed(1)} us_per_step=${(best * 1000).toFixed(2)} gflops=${(slope.bench_flops() / best / 1e6).toFixed(2)}`;
    }
    console.log(`${line} digest=${digest}`);
}
