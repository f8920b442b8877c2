// palette.ts - colours that people with any colour vision tell apart (Okabe, Ito 2008), on light and on dark.

export const CLASSES = ["#e69f00", "#0072b2", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442", "#777777"];

export function classColour(index: number): string { return CLASSES[index % CLASSES.length]; }

function rgb(hex: string): [number, number, number] {
    return [parseInt(hex.slice(1, 3), 16), parseInt(hex.slice(3, 5), 16), parseInt(hex.slice(5, 7), 16)];
}
export const LOW = rgb(CLASSES[0]), HIGH = rgb(CLASSES[1]);

export function dark(): boolean {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** -1 .. 1: from the colour of class 0 over the paper's to that of class 1. */
export function blend(value: number): [number, number, number] {
    const paper = dark() ? 28 : 245;
    const t = Math.min(1, Math.abs(value)), to = value < 0 ? LOW : HIGH;
    return [paper + (to[0] - paper) * t, paper + (to[1] - paper) * t, paper + (to[2] - paper) * t];
}
export function blended(value: number): string {
    const [r, g, b] = blend(value);
    return `rgb(${Math.round(r)} ${Math.round(g)} ${Math.round(b)})`;
}

/** Values [side * side], the lowest row first, as pixels; colour: a value to red, green, blue. */
export function paint(image: ImageData, values: Float32Array, at: number, side: number, colour: (value: number, place: number) => [number, number, number]): void {
    for (let row = 0; row < side; row++)
        for (let column = 0; column < side; column++) {
            const place = row * side + column;
            const [r, g, b] = colour(values[at + place], place);
            const to = ((side - 1 - row) * side + column) * 4;
            image.data[to] = r;
            image.data[to + 1] = g;
            image.data[to + 2] = b;
            image.data[to + 3] = 255;
        }
}
