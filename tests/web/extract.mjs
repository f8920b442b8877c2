// extract.mjs PAGE.html PLAYGROUND.wasm UNPACK.mjs: the engine that a page holds, as the page itself unpacks it.
import { readFileSync, writeFileSync } from "node:fs";

const [page, wasm, unpacker] = process.argv.slice(2);
const { unpack } = await import(unpacker);
const held = /<script type="text\/plain" id="engine">\s*([^<]+?)\s*<\/script>/.exec(readFileSync(page, "utf8"));
if (!held) throw new Error(`${page}: holds no engine`);
writeFileSync(wasm, unpack(held[1]));
