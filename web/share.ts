// share.ts - what leaves the page: files that are kept, texts that are copied.
import { button, el } from "./dom";

/** The browser keeps it where it keeps what is downloaded; nothing is sent anywhere. */
export function download(name: string, bytes: Uint8Array | string, type: string): void {
    const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
    const anchor = el("a", { href: address, download: name });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
}

export interface Copyable { element: HTMLElement; set(text: string): void; text(): string }

/** A text with a button that copies it; where the browser forbids that, the text is selected. */
export function copyable(label: string, id: string): Copyable {
    const text = el("pre", { id, class: "copied", tabindex: "0", "aria-label": label, role: "region" });
    const said = el("span", { class: "faint", role: "status" });
    const select = (): void => {
        const range = document.createRange();
        range.selectNodeContents(text);
        const selection = getSelection()!;
        selection.removeAllRanges();
        selection.addRange(range);
    };
    const copy = async (): Promise<void> => {
        let done = false;
        try {
            await navigator.clipboard.writeText(text.textContent!);
            done = true;
        } catch {
            select();
            done = document.execCommand("copy");
        }
        if (!done) select();
        said.textContent = done ? "copied" : "selected: copy it with the keyboard";
        setTimeout(() => { said.textContent = ""; }, 4000);
    };
    const press = button("Copy", () => void copy(), `Copy: ${label}`);
    return {
        element: el("div", { class: "copyable" }, el("div", { class: "row" }, el("span", {}, label), press, said), text),
        set: (now) => { if (text.textContent !== now) text.textContent = now; },
        text: () => text.textContent!,
    };
}

/** The page's own address with the training in it. */
export function permalink(hash: string): string {
    return `${location.href.replace(/#.*$/s, "")}#${hash}`;
}
