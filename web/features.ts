// features.ts - the layer `basis` at the front of a net: which functions of the inputs it sees.

/** Terms as the layer has them, in their order; and for people. */
export const FEATURES: readonly [string, string][] = [
    ["x1", "x"], ["x2", "y"], ["x1^2", "x²"], ["x2^2", "y²"], ["x1*x2", "x y"], ["sin(x1)", "sin x"], ["sin(x2)", "sin y"],
];

/** terms null: there is no such layer. */
export function splitBasis(net: string): { terms: string[] | null; rest: string } {
    const found = /^\s*basis ([^,]+),?\s*/.exec(net);
    if (!found) return { terms: null, rest: net };
    return { terms: found[1].split("+").map((term) => term.trim()).filter(Boolean), rest: net.slice(found[0].length) };
}

export function joinBasis(terms: string[] | null, rest: string): string {
    const behind = rest.trim() === "" ? "linear" : rest.trim();
    if (!terms || (terms.length === 2 && terms[0] === "x1" && terms[1] === "x2")) return behind;
    return `basis ${terms.join("+")}${behind === "linear" ? "" : `, ${behind}`}`;
}
