// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { dataPanel } from "./panel_data";
import { settingsPanel } from "./panel_settings";

export const panels: Panel[] = [
    dataPanel,
    settingsPanel,
];
