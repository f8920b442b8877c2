// second.ts - a second engine in its own worker, for work that must not hold up the one that plays.
import type { App, Remote } from "./app";
import type { CallAnswer, Description, Settings } from "./protocol";

/** One engine at a time that has the page's files; ending it ends whatever it does. */
export class Second {
    private remote: Remote | null = null;
    constructor(private readonly app: App) {}

    async begin(): Promise<void> {
        this.end();
        const remote = this.app.makeRemote();
        this.remote = remote;
        await remote.ready;
        await remote.ask({ op: "sides", picture: 2, units: 0 });
    }
    open(settings: Settings): Promise<Description> {
        return this.alive.ask<Description>({ op: "open", settings: settings.epochs || settings.steps ? settings : { ...settings, epochs: "1000000" } });
    }
    steps(count: number): Promise<unknown> { return this.alive.ask({ op: "steps", count }); }
    call(name: string, text: string, numbers: number[]): Promise<CallAnswer> { return this.alive.ask<CallAnswer>({ op: "call", name, text, numbers }); }
    async json<T>(name: string, text: string, numbers: number[]): Promise<T> { return JSON.parse((await this.call(name, text, numbers)).answer) as T; }
    end(): void {
        this.remote?.end();
        this.remote = null;
    }
    private get alive(): Remote {
        if (!this.remote) throw new Error("this engine was ended");
        return this.remote;
    }
}
