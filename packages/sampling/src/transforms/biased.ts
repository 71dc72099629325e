import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { endsAt } from "./ends-at.ts";
import { inRange } from "./in-range.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { checkVocabulary } from "./token-ids.ts";

/** A sequence of ids, and what to add to the logit of its last id where the others have just come. */
export type SequenceBias = readonly [sequence: readonly number[], bias: number];

/** Throws `ConfigError` unless it may be added to a logit: a finite number, or -Infinity. */
export function checkBias(call: string, bias: number): number {
  if (Number.isFinite(bias) || bias === -Infinity) return bias;
  throw new ConfigError(`${call} takes as a bias a finite number, or -Infinity to exclude a token, got ${bias}`, {
    bias,
  });
}

/** The transform that `logitBias`, `sequenceBias` and `badWords` are made of. The biases were checked. */
export function biased(name: string, biases: readonly SequenceBias[]): LogitsTransform {
  const entries = biases.map(([sequence, bias]) => ({ begun: sequence.slice(0, -1), last: sequence.at(-1)!, bias }));
  const named = new Set(biases.flatMap(([sequence]) => sequence));
  return {
    name,
    apply(logits, { ids }) {
      checkLogits(logits, `the logits given to ${name}`);
      checkVocabulary(name, named, logits.length);
      const changed = logits.slice();
      for (const { begun, last, bias } of entries) {
        if (!endsAt(ids, ids.length, begun)) continue;
        const logit = changed[last]!;
        changed[last] = bias === -Infinity ? bias : inRange(logit + bias, logit, name);
      }
      return changed;
    },
  };
}
