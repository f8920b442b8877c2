// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { diagnosePanel } from "./panel_diagnose";
import { explainPanel } from "./panel_explain";
import { formulasPanel } from "./panel_formulas";
import { lessonsPanel } from "./panel_lessons";

export const panels: Panel[] = [explainPanel, formulasPanel, diagnosePanel, lessonsPanel];
