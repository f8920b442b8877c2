// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { net } from "./panel_net";
import { output } from "./panel_output";

export const panels: Panel[] = [net, output];
