// extract.mjs PAGE.html PLAYGROUND.wasm: the engine that a page holds.
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const [page, wasm] = process.argv.slice(2);
const held = /<script type="text\/plain" id="engine">\s*([A-Za-z0-9+/=]+)\s*<\/script>/.exec(readFileSync(page, "utf8"));
if (!held) throw new Error(`${page}: holds no engine`);
writeFileSync(wasm, gunzipSync(Buffer.from(held[1], "base64")));
