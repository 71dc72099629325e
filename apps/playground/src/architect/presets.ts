import type { Preset } from "./preset.ts";
import { publishedPresets } from "./published-presets.ts";
import { smallPresets } from "./small-presets.ts";

/** The specs to begin with. */
export class Presets {
  list(): readonly Preset[] {
    return [...smallPresets, ...publishedPresets];
  }
}
