// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { panelChallenge } from "./panel_challenge";
import { diagnosePanel } from "./panel_diagnose";
import { explainPanel } from "./panel_explain";
import { panelExport } from "./panel_export";
import { panelLandscape } from "./panel_landscape";

export const panels: Panel[] = [explainPanel, diagnosePanel, panelLandscape, panelExport, panelChallenge];
