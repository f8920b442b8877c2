// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { panelChallenge } from "./panel_challenge";
import { panelExport } from "./panel_export";

export const panels: Panel[] = [panelExport, panelChallenge];
