// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { diagnosePanel } from "./panel_diagnose";
import { explainPanel } from "./panel_explain";
import { net } from "./panel_net";
import { output } from "./panel_output";

export const panels: Panel[] = [
    explainPanel, diagnosePanel, net, output,
];
