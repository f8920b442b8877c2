// main.ts - starts the worker, and gives it the engine.
import { inflate } from "./inflate";

function held(id: string): string {
    return document.getElementById(id)!.textContent!.trim();
}

async function start(): Promise<void> {
    const url = URL.createObjectURL(new Blob([held("worker")], { type: "text/javascript" }));
    const worker = new Worker(url);
    worker.onmessage = (event) => {
        document.getElementById("version")!.textContent = event.data;
    };
    const engine = await inflate(held("engine"));
    worker.postMessage(engine, [engine]);
}
void start();
