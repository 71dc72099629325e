import type { TrainingRecord } from "@tenon/pretrained";

import about from "../../package.json" with { type: "json" };
import type { RunFacts } from "./run-state.ts";
import type { RunRecord } from "./storage/run-record.ts";

/** How a model was trained, as its file says it. */
export function trainingRecord(
  { settings, earlierSteps }: RunRecord,
  { text, tokens }: RunFacts,
  step: number,
  heldOut: { readonly step: number; readonly loss: number } | undefined,
): TrainingRecord {
  const { steps, batch, rate, seed } = settings;
  return {
    tenon: about.version,
    text,
    tokens,
    step,
    steps,
    batch,
    rate,
    seed,
    ...(earlierSteps !== undefined && { earlierSteps }),
    ...(heldOut !== undefined && { heldOut }),
  };
}
