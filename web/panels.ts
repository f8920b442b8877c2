// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { settingsPanel } from "./panel_settings";

export const panels: Panel[] = [
    settingsPanel,
];
