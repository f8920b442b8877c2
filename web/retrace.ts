// retrace.ts - trains what a link says, to the step that it names, with the changes on its way, and compares the digests.
import type { App } from "./app";
import type { Settings } from "./protocol";
import type { Change, Link } from "./settings";

const CHANGES = 2000;     // on the way; a link with more is not followed
const PATIENCE = 10;      // seconds; what takes longer is asked about
const PIECE = [60, 250];  // ms beyond those of a frame that steps may take before they become more, fewer

export interface Verdict { kind: "same" | "different" | "none"; sentence: string }
export interface Watcher {
    progress(step: number, of: number, seconds: number): void; // those that are still to come, as it looks
    lasts(seconds: number, of: number): Promise<boolean>;      // it takes long: go on?
}

class Over extends Error {}

function counted(steps: number): string { return `${steps.toLocaleString("en")} step${steps === 1 ? "" : "s"}`; }

export function spoken(seconds: number): string {
    const unit = (count: number, name: string): string => `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
    if (!Number.isFinite(seconds)) return "longer than can be told";
    if (seconds < 90) return unit(Math.max(1, Math.round(seconds)), "second");
    if (seconds < 5400) return unit(Math.round(seconds / 60), "minute");
    if (seconds < 48 * 3600) return unit(Math.round(seconds / 3600), "hour");
    return unit(Math.round(seconds / 86400), "day");
}

/** Changes behind the same step that can be made at once; a weight is one of its own. */
function together(changes: Change[]): Change[][] {
    const groups: Change[][] = [];
    for (const change of changes) {
        const last = groups[groups.length - 1];
        const weight = change.name.startsWith("weight.");
        if (last && !weight && last[0].step === change.step && last.every((c) => c.name !== change.name && !c.name.startsWith("weight."))) last.push(change);
        else groups.push([change]);
    }
    return groups;
}

export class Retrace {
    private stopped: string | null = null;
    private own = false;   // the change is ours
    private piece = 1;
    private least = Infinity; // ms of the fastest piece: what a frame takes, more or less
    private took = 0;      // ms of the last one
    private settled = 0;   // pieces since it last grew
    private agreed = false;

    constructor(private readonly app: App, private readonly link: Link, private readonly watcher: Watcher) {}

    stop(why: string): void { this.stopped ??= why; }
    /** Something in the page changed or began anew: by whom? */
    disturbed(): void { if (!this.own) this.stop("something else was changed in the page"); }

    async run(): Promise<Verdict> {
        const of = this.link.step!;
        try {
            const refused = Object.entries(this.link.settings).find(([name, text]) => (this.app.settings[name] ?? "") !== text);
            if (refused) throw new Over(`the link's settings cannot be opened as they are (${refused[0]})`);
            if (this.link.changes.length > CHANGES) throw new Over(`the link has ${this.link.changes.length.toLocaleString("en")} changes on the way; the page follows at most ${CHANGES.toLocaleString("en")}`);
            for (const group of together(this.link.changes.filter((c) => c.step <= of))) {
                await this.to(group[0].step, of);
                await this.change(group);
            }
            await this.to(of, of);
        } catch (error) {
            const why = error instanceof Error ? error.message : String(error);
            return { kind: "none", sentence: `Not compared: ${why.replace(/[.]$/, "")}.` };
        }
        const is = this.app.frame!.state.digest, was = this.link.digest;
        if (was === null) return { kind: "none", sentence: `Trained ${counted(of)}, as the link says: digest ${is}. The link names no digest to compare with.` };
        if (was === is) return { kind: "same", sentence: `The same bits: trained again for ${counted(of)}, digest ${is}, as the link says.` };
        return { kind: "different", sentence: `Different: after ${counted(of)} the link expected digest ${was}, and this page got ${is}. ` +
            "The link was altered, or written by another version of slope, or goes with other data." };
    }

    private async change(group: Change[]): Promise<void> {
        const { step, name, text } = group[0];
        this.own = true;
        try {
            if (name.startsWith("weight.")) {
                if (!/^-?\d{1,30}([.]\d{1,30})?(e[-+]?\d{1,3})?$/.test(text)) throw new Over(`behind step ${step} it sets ${name} to ${text.slice(0, 40)}, which is no number`);
                await this.app.setWeight(Number(name.slice(7)), Number(text));
            } else {
                const some: Settings = {};
                for (const c of group) some[c.name] = c.text;
                await this.app.change(some);
                const behind = this.app.changes[this.app.changes.length - 1].step;
                if (behind !== step) throw new Over(`it changes ${name} behind step ${step}, amid an epoch, and that is possible at the end of one alone`);
            }
        } catch (error) {
            throw error instanceof Over ? error : new Over(`behind step ${step} it changes ${name}, and that was refused: ${(error as Error).message}`);
        } finally {
            this.own = false;
        }
    }

    private async to(step: number, of: number): Promise<void> {
        for (;;) {
            const at = this.app.frame!.state.step;
            if (this.stopped) throw new Over(`it was broken off behind step ${at.toLocaleString("en")} of ${of.toLocaleString("en")}: ${this.stopped}`);
            if (at >= step) return;
            const state = this.app.frame!.state;
            if (state.over) throw new Over(`this training ends at step ${at.toLocaleString("en")}, and the link is of step ${of.toLocaleString("en")}${state.message ? `: ${state.message}` : ""}`);
            const left = ((of - at) * this.took) / this.piece / 1000;
            this.watcher.progress(at, of, this.settled ? left : 0);
            if (!this.agreed && left > PATIENCE && this.settled > 1) {
                if (!(await this.watcher.lasts(left, of))) this.stop("as was asked");
                this.agreed = true;
                continue;
            }
            const count = Math.min(this.piece, step - at), begin = performance.now();
            await this.app.steps(count);
            const ms = performance.now() - begin;
            if (!this.app.frame!.state.over && this.app.frame!.state.step !== at + count) this.stop("something else trained on");
            if (count < this.piece) continue;
            this.took = ms;
            this.least = Math.min(this.least, ms);
            this.settled++;
            if (ms < 2 * this.least + PIECE[0] && this.piece < 1 << 20) {
                this.piece *= 2;
                this.took *= 2;
                this.settled = 0;
            } else if (ms > 2 * this.least + PIECE[1] && this.piece > 1) {
                this.piece >>= 1;
                this.took /= 2;
            }
        }
    }
}
