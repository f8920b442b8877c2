// inflate.ts - bytes that are held in the page: gzip in base64.
declare const DecompressionStream: { new (format: "gzip"): ReadableWritablePair<Uint8Array, Uint8Array> };

export function inflate(base64: string): Promise<ArrayBuffer> {
    const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream() as ReadableStream<Uint8Array>;
    return new Response(stream.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
