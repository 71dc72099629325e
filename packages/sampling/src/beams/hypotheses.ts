import { TextStream } from "../generate/text-stream.ts";
import type { Beam, EndedBeam } from "./beam.ts";
import type { BeamPlan } from "./beam-plan.ts";
import type { BeamHypothesis } from "./beam-result.ts";

/** The best of what all groups kept, best first, each once. */
export function hypothesesOf(
  groups: readonly { readonly ended: readonly EndedBeam[] }[],
  plan: BeamPlan,
): readonly BeamHypothesis[] {
  const all = groups.flatMap(({ ended }) => ended).sort((a, b) => b.score - a.score);
  const distinct = new Map<string, EndedBeam>();
  for (const ended of all) {
    const key = String(ended.beam.ids);
    if (!distinct.has(key)) distinct.set(key, ended);
  }
  return Array.from(distinct.values())
    .slice(0, plan.results)
    .map(({ beam, score, stopReason }) => ({
      ids: beam.ids,
      text: textOf(beam, stopReason, plan),
      score,
      logProbability: beam.logProbabilities.reduce((sum, one) => sum + one, 0),
      logProbabilities: beam.logProbabilities,
      stopReason,
    }));
}

function textOf({ ids }: Beam, stopReason: EndedBeam["stopReason"], { decoder, prompt }: BeamPlan): string {
  if (decoder === undefined) return "";
  const stream = new TextStream(decoder(), [], prompt);
  const shown = stopReason === "token" ? ids.slice(0, -1) : ids;
  return shown.map((id) => stream.push(id)).join("") + stream.end();
}
