import type { Random } from "@tenon/tensor";
import { castFor } from "./cast.ts";
import { tellBeat } from "./grammar/beat.ts";
import type { Cast } from "./grammar/role.ts";
import { plots } from "./plots/all.ts";
import type { Plot } from "./plots/plot.ts";

/** A story with what it was made from. */
export interface Told {
  readonly plot: string;
  readonly cast: Cast;
  readonly text: string;
}

/** Tells one story: this plot, or any. */
export function tell(random: Random, plot: Plot = random.pick(plots)): Told {
  const cast = castFor(plot.needs, random);
  const text = plot.beats.flatMap((beat) => tellBeat(beat, cast, random)).join(" ");
  return { plot: plot.name, cast, text };
}
