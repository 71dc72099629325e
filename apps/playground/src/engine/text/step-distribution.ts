import type { DecodingContext, LogitsTransform, Strategy } from "@tenon/sampling";

import type { DistributionStage, StepDistribution } from "./generated.ts";
import type { NamedToken } from "./token-names.ts";

/** What a transform did, before it is cut to the tokens that are shown. */
interface Stage {
  readonly name: string;
  readonly logits: Float32Array;
  readonly probabilities: Float64Array;
}

/**
 * The distribution of a next token before and after each transform, for the `shown` tokens that are the most probable at any of these stages.
 *
 * @param logits the model's own [v]; they stay as they are
 */
export function stepDistribution(
  logits: Float32Array,
  transforms: readonly LogitsTransform[],
  strategy: Strategy,
  context: DecodingContext,
  nameOf: (id: number) => NamedToken,
  shown: number,
): StepDistribution {
  let now = logits;
  const stages: Stage[] = [stageOf("the model", now)];
  for (const transform of transforms) {
    now = transform.apply(now, context);
    stages.push(stageOf(transform.name, now));
  }
  const ids = mostProbable(stages, shown);
  const chosen = strategy.choose(now, context);
  const named = (id: number): { id: number; name: string } => ({ id, name: nameOf(id).name });
  return { tokens: ids.map(named), stages: stages.map((stage) => cut(stage, ids)), chosen: named(chosen) };
}

const stageOf = (name: string, logits: Float32Array): Stage => ({ name, logits, probabilities: softmax(logits) });

/** The ids that are the most probable at any stage, in the order of the model's own probabilities. */
function mostProbable(stages: readonly Stage[], shown: number): readonly number[] {
  const [{ probabilities: own }] = stages as [Stage];
  const best = own.map((_, id) => stages.reduce((most, { probabilities }) => Math.max(most, probabilities[id]!), 0));
  const order = Array.from(best.keys()).sort((a, b) => best[b]! - best[a]! || a - b);
  return order.slice(0, shown).sort((a, b) => own[b]! - own[a]! || a - b);
}

function cut({ name, logits, probabilities }: Stage, ids: readonly number[]): DistributionStage {
  let [entropy, kept] = [0, 0];
  for (const [id, p] of probabilities.entries()) {
    if (logits[id] !== -Infinity) kept++;
    if (p > 0) entropy -= p * Math.log2(p);
  }
  return {
    name,
    probabilities: ids.map((id) => probabilities[id]!),
    open: ids.map((id) => logits[id] !== -Infinity),
    kept,
    entropy: Math.max(0, entropy),
  };
}

/** softmax(z) in float64. */
export function softmax(logits: Float32Array): Float64Array {
  let max = -Infinity;
  for (const logit of logits) if (logit > max) max = logit;
  const probabilities = Float64Array.from(logits, (logit) => Math.exp(logit - max));
  let sum = 0;
  for (const weight of probabilities) sum += weight;
  return probabilities.map((weight) => weight / sum);
}
