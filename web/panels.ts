// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { compare } from "./panel_compare";
import { curves } from "./panel_curves";
import { diagnosePanel } from "./panel_diagnose";
import { explainPanel } from "./panel_explain";
import { layers } from "./panel_layers";
import { metrics } from "./panel_metrics";
import { net } from "./panel_net";
import { output } from "./panel_output";

export const panels: Panel[] = [
    explainPanel, diagnosePanel, compare, curves, layers, metrics, net, output,
];
