// loader.ts - the script that the page begins with: what else it is made of lies packed beside it.
import { unpack } from "./unpack";

const held = (id: string): Uint8Array => unpack(document.getElementById(id)!.textContent!.trim());
(globalThis as unknown as { slopeHeld: typeof held }).slopeHeld = held;
const style = document.createElement("style");
style.textContent = new TextDecoder().decode(held("style"));
document.head.append(style);
const script = document.createElement("script");
script.src = URL.createObjectURL(new Blob([held("main")], { type: "text/javascript" }));
document.body.append(script);
