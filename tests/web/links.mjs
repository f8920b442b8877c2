// links.mjs SETTINGS.mjs [LINKS]: what stands behind the # of an address, changed at random from a fixed seed: it is read without an
// error, holds names that are known and texts that are short, is written and read again as the same, and the command that is shown
// for it is nothing but its words to a shell.
import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";

const [file, links = "60000"] = process.argv.slice(2);
const { command, readLink, writeLink } = await import(pathToFileURL(file).href);
let failures = 0;
const check = (what, good, found = "") => {
    console.log(good ? `ok    ${what}` : `FAIL  ${what} (${found})`);
    failures += good ? 0 : 1;
};

let state = 20260101; // mulberry32
const random = (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
};
const pick = (list) => list[random(list.length)];

const seeds = [
    "data=builtin:spiral&net=4+tanh,+4+tanh&lr=0.1&seed=3", "change=25~lr~0.2&change=25~decay~0.001&change=40~weight.3~0.5&step=60",
    "data=builtin%3Acircle&ui.panel=net&step=101&digest=0123456789abcdef", "columns=a%3Dcategory%0Ab%3Ddate&ui.csv=a,b%0A1,2", "",
];
const words = [
    "&", "=", "#", "~", "%", "%00", "%0A", "%ff", "%C3%A9", "'", "\"", "\\", "$(x)", "`x`", ";", "|", "<script>", "ui.", "__proto__",
    "ui.__proto__=x", "constructor=1", "change=", "step=", "step=99999999999", "digest=", "weight.1", "weight.99999999", "net=", "data=", "\u{1f600}", "\ud800",
    "seed=", "0", "-1", "1e308", "x".repeat(9000), "columns=", "!", "*", " ",
];
function mutated() {
    let text = pick(seeds);
    for (let n = 1 + random(6); n > 0; n--) {
        const at = random(text.length + 1), to = Math.min(text.length, at + random(8));
        const kind = random(4);
        if (kind === 0) text = text.slice(0, at) + pick(words) + text.slice(at);
        else if (kind === 1) text = text.slice(0, at) + text.slice(to);
        else if (kind === 2) text = text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1);
        else text = text.slice(0, at) + "&" + pick(seeds) + text.slice(at);
    }
    return text;
}

let thrown = "", long = "", unlike = "", polluted = "";
const commands = [];
for (let i = 0; i < Number(links); i++) {
    const hash = mutated();
    try {
        const link = readLink(hash), again = readLink(writeLink(link));
        const texts = [...Object.values(link.settings), ...Object.values(link.ui), ...link.changes.map((c) => c.text)];
        if (texts.some((text) => text.length > 8000)) long ||= hash;
        for (const part of [link.settings, link.ui]) for (const name of Object.keys(part)) if (part[name] === "") delete part[name];
        if (JSON.stringify(link) !== JSON.stringify(again)) unlike ||= `${hash}: ${JSON.stringify(link)}, then ${JSON.stringify(again)}`;
        if ({}.x !== undefined || Object.keys(Object.prototype).length) polluted ||= hash;
        if (i % 100 === 0) commands.push(link.settings);
    } catch (error) {
        thrown ||= `${hash}: ${error}`;
    }
}
check(`${links} links that were changed at random are read without an error`, thrown === "", thrown);
check("their texts are short", long === "", long);
check("written, they are read as the same", unlike === "", unlike);
check("names of links change no object's nature", polluted === "", polluted);

// A shell takes the command apart: the words are those of the settings, and nothing else happens.
let other = "";
for (const settings of commands.filter((s) => !Object.values(s).some((text) => text.includes("\0")))) {
    const wanted = ["slope", "train", settings.data ?? ""];
    for (const [name, text] of Object.entries(settings)) {
        if (["data", "epochs", "steps"].includes(name) || text === "" || (name === "patience" && text === "0")) continue;
        if (name === "columns") for (const line of text.split("\n")) wanted.push("--column", line);
        else wanted.push(`--${name.split("_").join("-")}`, text);
    }
    wanted.push("--steps", "7");
    const script = `printf '%s\\0' ${command(settings, 7)}`;
    const got = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
    if (JSON.stringify(got) !== JSON.stringify(wanted.map((word) => Buffer.from(word).toString()))) other ||= `${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`;
}
check("the command that is shown is its words to a shell", other === "" && commands.length > 100, other || commands.length);
process.exit(failures ? 1 : 0);
