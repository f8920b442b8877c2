// digests.mjs SLOPE ENGINE.mjs PLAYGROUND.wasm WANTED.json: the engine of the page in Node against the command line: the same digest_last for
// the same settings and steps, in pieces of uneven sizes. In the current folder: flowers.csv, houses.csv. The command line's go to WANTED.json. A line ok or FAIL each.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { command, configurations, settings } from "./configurations.mjs";

const [slope, module, wasm, into] = process.argv.slice(2);
const { Engine } = await import(module);
const bytes = readFileSync(wasm);
const digests = {};
for (const [name, configuration] of Object.entries(configurations)) {
    let wanted = "", got = "";
    try {
        const line = execFileSync(slope, [...command(configuration), "--overwrite", "-o", "run", "--json"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
        wanted = digests[name] = JSON.parse(line).digest_last;
        const engine = await Engine.start(bytes);
        for (const file of ["flowers.csv", "houses.csv"]) engine.write(file, readFileSync(file));
        engine.open(settings(configuration));
        let state;
        for (let done = 0, piece = 1; done < configuration[2]; done += piece, piece = Math.min(piece * 3 + 1, configuration[2] - done)) state = engine.steps(piece);
        state = engine.steps(configuration[2] - state.step);
        got = `${state.digest} after step ${state.step}`;
    } catch (error) {
        got = `${error.stderr ?? ""}${error.message}`;
    }
    const fine = wanted !== "" && got === `${wanted} after step ${configuration[2]}`;
    console.log(`${fine ? "ok" : "FAIL"} the same bits in Node: ${name}${fine ? "" : `\n      | ${got}, wanted ${wanted} after step ${configuration[2]}`}`);
}
writeFileSync(into, JSON.stringify(digests));
