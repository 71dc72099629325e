import { beamSearch, predictor } from "@tenon/sampling";

import type { AlternativeToken, GenerationEnd, GenerationEvent, GenerationRequest, ShownToken } from "./generated.ts";
import { softmax } from "./step-distribution.ts";
import { textDecoder } from "./text-decoder.ts";
import { type NamedToken, namesOf } from "./token-names.ts";
import { transformsOfSettings } from "./transforms-of-settings.ts";
import type { Writing } from "./writing.ts";

/**
 * Looks for the most probable continuation by a beam search, and tells its tokens when it is found. It stays within the model's context. `kept` is given the logits after each
 * beginning of it.
 */
export async function beamTokens(
  { withinContext: model, ids, ends, transforms, search: ranked, tokenizer }: Writing,
  { settings, maxTokens }: GenerationRequest,
  kept: (ids: readonly number[], logits: Float32Array) => void,
  told: (event: GenerationEvent) => void,
  signal: AbortSignal,
): Promise<GenerationEnd> {
  const search = {
    beams: settings.beams,
    maxTokens,
    stop: ends,
    transforms: [...transforms, ...transformsOfSettings(settings)],
    ...ranked,
    decoder: () => textDecoder(tokenizer, ids),
    signal,
  };
  const found = await beamSearch(model, ids, search).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  const none = { promptTokens: ids.length, tokens: 0, prefillSeconds: 0, prefillTokensPerSecond: 0 };
  if (found === undefined) return { ...none, reason: "stopped", decodeTokensPerSecond: 0 };
  const { hypotheses, statistics } = found;
  const [best] = hypotheses as [(typeof hypotheses)[number]];
  const all = [...ids, ...best.ids];
  const logits = await logitsBefore(model, all, best.ids.length);
  const decoder = textDecoder(tokenizer, ids);
  const nameOf = namesOf(tokenizer);
  const tokens = best.ids.map((id, i): ShownToken => {
    kept(all.slice(0, ids.length + i), logits[i]!);
    return {
      id,
      text: ends.includes(id) ? "" : decoder.push(id),
      name: nameOf(id).name,
      probability: Math.exp(best.logProbabilities[i]!),
      alternatives: mostProbable(logits[i]!, 10, nameOf),
    };
  });
  told({ kind: "tokens", tokens });
  const { stopReason } = best;
  return {
    ...none,
    reason: stopReason === "token" || stopReason === "context" ? stopReason : "length",
    tokens: best.ids.length,
    decodeTokensPerSecond: best.ids.length / statistics.seconds,
    hypotheses: hypotheses.map(({ text, logProbability }) => ({ text, logProbability })),
  };
}

/** The logits before each of the last `count` ids, in one pass. */
async function logitsBefore(
  model: Writing["withinContext"],
  ids: readonly number[],
  count: number,
): Promise<readonly Float32Array[]> {
  using one = predictor(model);
  const [found] = await one.predict([ids.slice(0, -1)], { logits: count });
  return found!.logits;
}

function mostProbable(logits: Float32Array, count: number, nameOf: (id: number) => NamedToken): AlternativeToken[] {
  const probabilities = softmax(logits);
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  return order.slice(0, count).map((id) => ({ id, ...nameOf(id), probability: probabilities[id]! }));
}
