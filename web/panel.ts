// panel.ts - a part of the page; each is a file panel_NAME.ts, and panels.ts lists them in the order in which they stand.
import type { App } from "./app";

export interface Panel {
    id: string;
    title: string;
    /** Where on the page; those "below" are opened one by one. */
    place: "left" | "centre" | "right" | "below";
    mount(app: App, into: HTMLElement): void;
}
