import type { Precision } from "./workloads.ts";

/** How far a result is from what it should be. */
export interface Agreement {
  /** ‖y − reference‖ / ‖reference‖ */
  readonly error: number;
  /** The cosine of the angle between both. */
  readonly cosine: number;
}

/** What counts as the same numbers. Floats differ in the order in which they are summed; 8 bits are 8 bits, however they are chosen. */
const limits = { error: 1e-5, cosine: 0.995 } as const;

export function agreement(output: ArrayLike<number>, reference: ArrayLike<number>): Agreement {
  let [difference, both, own, right] = [0, 0, 0, 0];
  for (let i = 0; i < reference.length; i++) {
    const [y, r] = [output[i]!, reference[i]!];
    difference += (y - r) ** 2;
    both += y * r;
    own += y * y;
    right += r * r;
  }
  return { error: Math.sqrt(difference / right), cosine: both / Math.sqrt(own * right) };
}

/** Undefined where the numbers agree. Whatever is NaN does not. */
export function disagreement(
  output: ArrayLike<number>,
  reference: ArrayLike<number>,
  precision: Precision,
): string | undefined {
  if (output.length !== reference.length) return `it gave ${output.length} numbers in the place of ${reference.length}`;
  const { error, cosine } = agreement(output, reference);
  if (precision === "f32")
    return error <= limits.error ? undefined : `relative error ${error.toExponential(1)}, above ${limits.error}`;
  return cosine >= limits.cosine
    ? undefined
    : `cosine ${cosine.toFixed(5)} to the exact result, below ${limits.cosine}`;
}
