// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { dataPanel } from "./panel_data";
import { diagnosePanel } from "./panel_diagnose";
import { explainPanel } from "./panel_explain";
import { settingsPanel } from "./panel_settings";

export const panels: Panel[] = [dataPanel, settingsPanel, explainPanel, diagnosePanel];
