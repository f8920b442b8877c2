// worker.ts - runs the engine beside the page.
export {};

interface Engine {
    memory: WebAssembly.Memory;
    _initialize(): void;
    lab_version(): number;
}
interface Port {
    onmessage: (event: MessageEvent<ArrayBuffer>) => void;
    postMessage(message: unknown): void;
}
const port = self as unknown as Port;

port.onmessage = async (event) => {
    const { instance } = await WebAssembly.instantiate(event.data, {});
    const engine = instance.exports as unknown as Engine;
    engine._initialize();
    const bytes = new Uint8Array(engine.memory.buffer, engine.lab_version());
    port.postMessage(new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0))));
};
