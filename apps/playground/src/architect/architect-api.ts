import type { Checks } from "./checks.ts";
import type { Costs } from "./costs.ts";
import type { Drawings } from "./drawings.ts";
import type { Presets } from "./presets.ts";

/** What the worker that knows specs does for the page. */
export interface ArchitectApi {
  readonly checks: Checks;
  readonly costs: Costs;
  readonly drawings: Drawings;
  readonly presets: Presets;
}
