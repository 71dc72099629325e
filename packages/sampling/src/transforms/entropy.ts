import { largestLogit } from "./log-sum-exp.ts";

/** The log of the sum that softmax divides by, and the entropy −Σᵢ pᵢ log pᵢ in nats, both in float64 and one pass. */
export function entropy(logits: Float32Array): { readonly logSum: number; readonly entropy: number } {
  const max = largestLogit(logits);
  let sum = 0;
  let weighted = 0;
  for (let id = 0; id < logits.length; id++) {
    const below = logits[id]! - max;
    const weight = Math.exp(below);
    // 0 · ∞ would be NaN: what is excluded has no share in the entropy.
    if (weight === 0) continue;
    sum += weight;
    weighted += weight * below;
  }
  return { logSum: max + Math.log(sum), entropy: Math.log(sum) - weighted / sum };
}
