/** The largest logit; `-Infinity` when all are excluded. */
export function largestLogit(logits: Float32Array): number {
  let max = -Infinity;
  for (let id = 0; id < logits.length; id++) if (logits[id]! > max) max = logits[id]!;
  return max;
}

/** log Σᵢ exp(zᵢ) in float64: what to subtract from a logit to get its log-probability. */
export function logSumExp(logits: Float32Array): number {
  const max = largestLogit(logits);
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp(logits[id]! - max);
  return max + Math.log(sum);
}
