// panels.ts - all parts of the page, as they stand.
import type { Panel } from "./panel";
import { compare } from "./panel_compare";
import { curves } from "./panel_curves";
import { layers } from "./panel_layers";
import { metrics } from "./panel_metrics";

export const panels: Panel[] = [curves, metrics, layers, compare];
