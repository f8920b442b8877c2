// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { compare } from "./panel_compare";
import { curves } from "./panel_curves";
import { dataPanel } from "./panel_data";
import { diagnosePanel } from "./panel_diagnose";
import { explainPanel } from "./panel_explain";
import { formulasPanel } from "./panel_formulas";
import { layers } from "./panel_layers";
import { lessonsPanel } from "./panel_lessons";
import { metrics } from "./panel_metrics";
import { net } from "./panel_net";
import { output } from "./panel_output";
import { panelChallenge } from "./panel_challenge";
import { panelExport } from "./panel_export";
import { panelLandscape } from "./panel_landscape";
import { settingsPanel } from "./panel_settings";

export const panels: Panel[] = [
    dataPanel, settingsPanel, // left
    net, output, curves, metrics, // centre, right
    explainPanel, formulasPanel, diagnosePanel, layers, panelLandscape, compare, lessonsPanel, panelChallenge, panelExport,
];
