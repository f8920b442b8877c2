// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";

export const panels: Panel[] = [];
