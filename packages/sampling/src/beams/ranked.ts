import { largest } from "../transforms/largest.ts";

/**
 * Ranks values. Only the first few of very many are looked at as a rule, so they are found in lots, each four times as large as the one before.
 *
 * @yields the indices, the largest value first, without those that are `-Infinity`; of equal ones the smaller index first.
 */
export function* ranked(values: Float64Array, lot: number): Generator<number, void, void> {
  for (let count = lot, passed = 0; ; count *= 4) {
    const best = largest(values, count);
    for (; passed < best.length; passed++) yield best[passed]!;
    if (best.length < count) return;
  }
}
