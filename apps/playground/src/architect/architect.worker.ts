import { serve } from "../workers/serve.ts";
import type { ArchitectApi } from "./architect-api.ts";
import { Checks } from "./checks.ts";
import { Costs } from "./costs.ts";
import { Drawings } from "./drawings.ts";
import { Presets } from "./presets.ts";

const api: ArchitectApi = {
  checks: new Checks(),
  costs: new Costs(),
  drawings: new Drawings(),
  presets: new Presets(),
};
serve(api);
