// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { diagnosePanel } from "./panel_diagnose";

export const panels: Panel[] = [diagnosePanel];
