import { largest } from "./largest.ts";

/** Keeps the logits that are at least `threshold`; where these are fewer than `keep`, the `keep` largest. */
export function keepAbove(logits: Float32Array, threshold: number, keep: number): Float32Array {
  const kept = new Float32Array(logits.length).fill(-Infinity);
  let count = 0;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (logit < threshold || logit === -Infinity) continue;
    kept[id] = logit;
    count++;
  }
  if (count < keep) for (const id of largest(logits, keep)) kept[id] = logits[id]!;
  return kept;
}
