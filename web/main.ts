// main.ts - puts the page together: the engine in its worker, the bar, the panels, the link in the address.
import { App, Remote } from "./app";
import { mountBar } from "./bar";
import { el } from "./dom";
import { tableOfLink } from "./own";
import { panels } from "./panels";
import type { Catalogue } from "./protocol";
import { START } from "./settings";

/** loader.ts: what the page holds packed. */
declare function slopeHeld(id: string): Uint8Array;

function mount(app: App): void {
    mountBar(app, document.getElementById("bar")!);
    for (const panel of panels) {
        const inside = el("div", { class: "inside" });
        const section = panel.place === "below"
            ? el("details", { id: panel.id, class: "panel" }, el("summary", {}, panel.title), inside)
            : el("section", { id: panel.id, class: "panel", "aria-label": panel.title }, el("h2", {}, panel.title), inside);
        document.getElementById(panel.place)!.append(section);
        panel.mount(app, inside);
    }
}

async function start(): Promise<void> {
    const source = URL.createObjectURL(new Blob([slopeHeld("worker")], { type: "text/javascript" }));
    const engine = slopeHeld("engine").buffer as ArrayBuffer;
    const files = new Map<string, Uint8Array>();
    const makeRemote = (): Remote => new Remote(source, engine, files);
    const app = new App(makeRemote(), makeRemote, files);
    await app.remote.ready;
    app.catalogue = await app.ask<Catalogue>({ op: "catalogue" });
    const link = App.linked(location.hash);
    app.ui = link.ui;
    mount(app);
    const noTable = await tableOfLink(app, link);
    const settings = Object.keys(link.settings).length && noTable === null ? { ...START, ...link.settings } : START;
    if (!(await app.open(settings)) && settings !== START) {
        const said = document.getElementById("problem")!.textContent;
        await app.open(START);
        app.tell("problem", `The link cannot be opened as it is: ${said}`);
    }
    if (noTable !== null) app.tell("problem", noTable);
    app.tell("linked", noTable === null ? link : { settings: {}, ui: app.ui, changes: [], step: null, digest: null });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const address = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => history.replaceState(null, "", `#${app.link(false)}`), 300);
    };
    app.on("settings", address);
    app.on("ui", address);
    window.addEventListener("hashchange", () => location.reload());
    document.documentElement.dataset.ready = "yes";
}
start().catch((why) => {
    const trouble = el("p", { id: "problem", role: "alert" }, `The playground cannot start: ${why instanceof Error ? why.message : why}`);
    document.body.prepend(trouble);
});
