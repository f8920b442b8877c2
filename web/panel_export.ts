// panel_export.ts - keep and share: the net as files that the command line reads, the command, the link that proves itself.
import type { App } from "./app";
import { button, el, entry, fill } from "./dom";
import type { Panel } from "./panel";
import type { Kept, Settings } from "./protocol";
import { Retrace, spoken } from "./retrace";
import { command } from "./settings";
import { copyable, download, permalink } from "./share";
import { tar } from "./tar";

const FOREVER = "1000000"; // epochs, as the page asks where no end is set

function own(source: string | undefined): boolean { return !!source && !source.startsWith("builtin:") && !Number.isFinite(Number(source)); }

/** The run folder as a .tar, with an end that lies so many epochs ahead; what the page's training ends with stays as it was. */
async function keepRun(app: App, more: number): Promise<Uint8Array> {
    const s = app.settings, playing = app.frame!.playing;
    if (playing) await app.pause();
    const end: Settings = { epochs: String(app.frame!.state.epoch + more), steps: "" };
    await app.ask({ op: "change", settings: end });
    try {
        const { files } = await app.ask<Kept>({ op: "keep", what: "run" });
        for (const path of new Set([s.data, s.test, s.validation])) {
            const bytes = own(path) && app.files.get(path!);
            if (bytes) files.push({ path: path!, bytes });
        }
        return tar(files, Date.now() / 1000);
    } finally {
        await app.ask({ op: "change", settings: { epochs: s.epochs ?? (s.steps ? "" : FOREVER), steps: s.steps ?? "" } });
        if (playing) await app.play();
    }
}

/** Do step sizes depend on where the training is to end? */
function planned(s: Settings): boolean {
    return (!!s.schedule && s.schedule !== "constant") || (Number(s.warmup ?? 0) > 0 && Number(s.warmup) < 1);
}

/** Why the command alone does not give the same bits; null: it does. */
function differs(app: App): string | null {
    const s = app.settings, state = app.frame!.state;
    if (app.changes.length) return `Settings or weights were changed on the way, first behind step ${app.changes[0].step.toLocaleString("en")}: the command does not repeat that. The run above and the link below do.`;
    if (planned(s) && !state.over) return "The step sizes follow from where the training is to end, and the command ends here: its step sizes are others, and so are its bits. The run above goes on with the same.";
    return null;
}

function mountLinked(app: App): void {
    const line = el("span", { id: "proof-said", role: "status" });
    const buttons = el("span", { class: "row" });
    const box = el("p", { id: "proof", class: "row", hidden: true }, line, buttons);
    document.querySelector("main")!.before(box);
    let retrace: Retrace | null = null;
    app.on("open", () => retrace?.disturbed());
    app.on("changed", () => retrace?.disturbed());
    const say = (sentence: string, kind: string, ...press: HTMLElement[]): void => {
        box.hidden = false;
        box.dataset.kind = kind;
        line.textContent = sentence;
        fill(buttons, ...press);
    };
    app.on("linked", async (link) => {
        if (link.step === null) return;
        const cancel = button("Stop", () => retrace?.stop("as was asked"));
        let told = 0;
        retrace = new Retrace(app, link, {
            progress: (step, of, seconds) => {
                const now = performance.now();
                if (now - told < 200) return;
                told = now;
                say(`The link is trained again: step ${step.toLocaleString("en")} of ${of.toLocaleString("en")}${seconds > 1 ? `, about ${spoken(seconds)} to go` : ""}`, "going", cancel);
            },
            lasts: (seconds, of) => new Promise((done) => say(`The link asks for ${of.toLocaleString("en")} steps, which takes about ${spoken(seconds)} here.`, "asks",
                button("Train and compare", () => done(true)), button("Not now", () => done(false)))),
        });
        const verdict = await retrace.run();
        retrace = null;
        say(verdict.sentence, verdict.kind, button("Close", () => { box.hidden = true; }, "Close this line"));
    });
}

export const panelExport: Panel = {
    id: "export",
    title: "Keep and share",
    place: "below",
    mount(app, into) {
        const said = el("p", { id: "export-said", role: "alert", class: "faint" });
        const trying = (what: () => Promise<void>) => async (): Promise<void> => {
            said.textContent = "";
            try { await what(); } catch (error) { said.textContent = (error as Error).message; }
        };
        const keep = (what: "model" | "json", type: string): (() => Promise<void>) => trying(async () => {
            const { files } = await app.ask<Kept>({ op: "keep", what });
            download(files[0].path, files[0].bytes, type);
        });
        let more = 100;
        const epochs = entry(String(more), (text) => {
            const value = Math.round(Number(text));
            more = value >= 1 && value <= 1e6 ? value : more;
            epochs.value = String(more);
            show();
        }, "more", { inputmode: "numeric", size: 7, "aria-label": "Epochs that the command line trains more" });
        const run = button("Run to go on with", () => void trying(async () => download("slope-run.tar", await keepRun(app, more), "application/x-tar"))(),
            "slope-run.tar: settings, tables, the checkpoint");
        const model = button("Model file", () => void keep("model", "application/octet-stream")(), "model.safetensors: the weights as they are now");
        const json = button("Net as JSON", () => void keep("json", "application/json")(), "slope-net.json: layers and weights as text");
        for (const [b, id] of [[run, "keep-run"], [model, "keep-model"], [json, "keep-json"]] as const) b.id = id;
        const goOn = copyable("To go on where the page stands, to the same bits as without a break:", "go-on");
        const plan = el("p", { id: "go-on-but", class: "faint" });
        const use = copyable("To use the model file:", "use-model");
        const same = copyable("The command that trains the same:", "same-command");
        const but = el("p", { id: "same-but", class: "faint" });
        const link = copyable("A link that proves itself:", "permalink");
        const about = el("p", { class: "faint" }, "It holds the settings, what was changed on the way, the step and the digest of the weights. Whoever opens it " +
            "trains the same again, and the page says whether the bits are the same. The weights are not in it: they come out of that training.");
        const dataNote = el("p", { id: "link-data", class: "faint" });
        into.append(
            el("h3", {}, "Files"),
            el("div", { class: "row" }, model, json, run, el("label", { class: "row" }, "with", epochs, "more epochs to train")),
            said, use.element, goOn.element, plan, el("h3", {}, "Command line"), same.element, but, el("h3", {}, "Link"), link.element, about, dataNote);

        const panel = into.parentElement as HTMLDetailsElement;
        let shown = 0;
        const show = (): void => {
            const frame = app.frame;
            if (!panel.open || !frame) return;
            shown = performance.now();
            const data = app.settings.data ?? "";
            use.set(`slope eval model.safetensors ${/^[\w.:/-]+$/.test(data) ? data : `'${data.split("'").join("'\\''")}'`}\nslope show model.safetensors`);
            goOn.set(`tar xf slope-run.tar\nslope train --resume slope-run    # to epoch ${(frame.state.epoch + more).toLocaleString("en")}`);
            plan.textContent = planned(app.settings) ? "The step sizes follow from where the training is to end: from here on, that is the end given above." : "";
            same.set(frame.state.step ? command(app.settings, frame.state.step) : "# train a step first");
            const why = differs(app);
            but.textContent = !frame.state.step ? "" : why ?? `With --json it prints "digest_last": "${frame.state.digest}", as the page says here.`;
            link.set(permalink(app.link(true)));
            dataNote.textContent = own(data) && !app.ui.csv ? "Your own data are not in the link: they stay in this page. Send the run instead, which has them." : "";
        };
        app.on("frame", (frame) => { if (!frame.playing || performance.now() - shown > 400) show(); });
        app.on("settings", show);
        app.on("changed", show);
        app.on("ui", show);
        panel.addEventListener("toggle", show);
        mountLinked(app);
    },
};
