// bar.ts - the bar on top: play, step, begin anew, how far it is, how fast, the theme.
import type { App } from "./app";
import { button, choice, el, figure, fill } from "./dom";

const SPEEDS: [string, string][] = [["1", "a step a frame"], ["epoch", "an epoch a frame"], ["10", "10 epochs a frame"], ["0", "as fast as it can"]];

export function mountBar(app: App, bar: HTMLElement): void {
    const play = button("Play", () => void (app.frame?.playing ? app.pause() : app.play()), "Train, or pause (space)");
    play.id = "play";
    const step = button("Step", () => void app.steps(1), "One step: one batch (s)");
    const epoch = button("Epoch", () => {
        void app.steps(app.description!.stepsAnEpoch - (app.frame?.state.stepInEpoch ?? 0));
    }, "To the end of this epoch (e)");
    const reset = button("Again", () => void app.open(), "From the start, the same seed (r)");
    let drawn = 0; // the seed that was asked for, which may not be open yet
    const seed = button("Seed", () => {
        drawn = (Math.max(drawn, Number(app.settings.seed ?? "1")) % 1e6) + 1;
        void app.set({ seed: String(drawn) });
    }, "The next seed: other weights, another split (n)");
    for (const [b, id] of [[step, "step"], [epoch, "epoch"], [reset, "reset"], [seed, "seed"]] as const) b.id = id;

    const speed = choice(SPEEDS, "epoch", () => applySpeed(), "speed");
    speed.setAttribute("aria-label", "Speed");
    const applySpeed = (): void => {
        const an = app.description?.stepsAnEpoch ?? 1;
        const count = speed.value === "epoch" ? an : speed.value === "10" ? 10 * an : Number(speed.value);
        app.ui.speed = speed.value === "epoch" ? "" : speed.value;
        void app.ask({ op: "speed", stepsPerFrame: count });
    };
    const theme = button("◐", () => {
        const root = document.documentElement;
        const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = dark ? "light" : "dark";
        if (app.frame) app.tell("frame", app.frame);
    }, "Light or dark");
    theme.id = "theme";

    const count = el("output", { id: "count", "aria-live": "off" });
    const pace = el("output", { id: "pace" });
    const trouble = el("p", { id: "problem", role: "alert", hidden: true });
    bar.append(el("h1", {}, "slope"), play, step, epoch, reset, seed, speed, count, pace, theme);
    bar.after(trouble);

    app.on("problem", (sentence) => {
        trouble.hidden = sentence === null;
        trouble.textContent = sentence ?? "";
    });
    app.on("settings", (settings) => { if (Number(settings.seed) > drawn || app.frame?.state.step) drawn = 0; });
    app.on("open", () => {
        if (app.ui.speed && SPEEDS.some(([word]) => word === app.ui.speed)) speed.value = app.ui.speed;
        applySpeed();
    });
    app.on("frame", (frame) => {
        const s = frame.state;
        play.textContent = frame.playing ? "Pause" : "Play";
        play.setAttribute("aria-pressed", String(frame.playing));
        play.disabled = s.over && !frame.playing;
        fill(count, `epoch ${s.epoch.toLocaleString("en")}, step ${s.step.toLocaleString("en")}`);
        const an = app.description?.stepsAnEpoch ?? 0;
        fill(pace, frame.stepsPerSecond > 0 ? `${figure(frame.stepsPerSecond)} steps/s, ${figure((an / frame.stepsPerSecond) * 1000)} ms an epoch` : "");
    });
    document.addEventListener("keydown", (event) => {
        const at = event.target as HTMLElement;
        if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA|BUTTON|SUMMARY|A)$/.test(at.tagName) || at.isContentEditable || at.tabIndex >= 0) {
            if (!(at === document.body)) return;
        }
        const keys: Record<string, HTMLButtonElement> = { " ": play, s: step, e: epoch, r: reset, n: seed };
        if (keys[event.key] && !keys[event.key].disabled) {
            event.preventDefault();
            keys[event.key].click();
        }
    });
    document.addEventListener("visibilitychange", () => { // nobody looks: nothing is trained
        if (document.hidden && app.frame?.playing) void app.pause();
    });
}
