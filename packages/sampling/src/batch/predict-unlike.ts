import type { Prediction, Predictor } from "../predict/predictor.ts";

/**
 * A prediction for each sequence, where the model is asked about those only that differ: samples of one prompt read it once, and what says the same
 * is computed once. A prediction of one that was not asked about has nothing read.
 */
export async function predictUnlike(
  predictor: Predictor,
  sequences: readonly (readonly number[])[],
): Promise<readonly Prediction[]> {
  const first = sequences.map((ids) => sequences.findIndex((other) => alike(other, ids)));
  const asked = [...new Set(first)];
  const predictions = await predictor.predict(asked.map((row) => sequences[row]!));
  return first.map((of, row) => {
    const prediction = predictions[asked.indexOf(of)]!;
    return of === row ? prediction : { ...prediction, logits: prediction.logits.map((one) => one.slice()), read: 0 };
  });
}

/** From the end, where sequences that part differ first. */
function alike(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return false;
  return true;
}
