import {
  greedy,
  gumbelMax,
  type LogitsTransform,
  minP,
  repetitionPenalty,
  sample,
  type Strategy,
  suppress,
  temperature,
  topK,
  topP,
  typical,
} from "@tenon/sampling";
import { random } from "@tenon/tensor";

import { draws, type SamplingSettings } from "./sampling-settings.ts";

/** The transforms that settings stand for, in their order; what changes nothing is not among them. */
export function transformsOfSettings(settings: SamplingSettings): LogitsTransform[] {
  const penalty = settings.repetitionPenalty === 1 ? [] : [repetitionPenalty(settings.repetitionPenalty)];
  // What only shapes chance has no meaning without it.
  if (!draws(settings)) return penalty;
  return [
    ...penalty,
    ...(settings.temperature === 1 ? [] : [temperature(settings.temperature)]),
    ...(settings.topK === 0 ? [] : [topK(settings.topK)]),
    ...(settings.typical === 1 ? [] : [typical(settings.typical)]),
    ...(settings.topP === 1 ? [] : [topP(settings.topP)]),
    ...(settings.minP === 0 ? [] : [minP(settings.minP)]),
  ];
}

/** Many models have room for more ids than their tokenizers have tokens, to make sizes round: nothing can be written for those. */
export function onlyTokens(vocabulary: number, tokens: number): LogitsTransform[] {
  const beyond = vocabulary - tokens;
  return beyond > 0 ? [suppress(Array.from({ length: beyond }, (_, i) => tokens + i))] : [];
}

/** How the next token is chosen of what the transforms leave. */
export function strategyOf({ strategy, seed }: SamplingSettings): Strategy {
  switch (strategy) {
    case "sample":
      return sample(random(seed));
    case "gumbel-max":
      return gumbelMax(random(seed));
    case "greedy":
    case "beam-search":
      return greedy();
  }
}
