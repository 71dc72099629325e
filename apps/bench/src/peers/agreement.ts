import type { Precision, Workload } from "./workloads.ts";

/** How far a result is from what it should be. */
export interface Agreement {
  /** ‖y − reference‖ / ‖reference‖ */
  readonly error: number;
  /** The cosine of the angle between both. */
  readonly cosine: number;
}

/**
 * What counts as the same numbers. Floats differ in the order in which they are summed; 8 bits are 8 bits, however they are chosen. Losses of
 * training differ by more: Adam divides a gradient by its size, so that where it is nothing but rounding, that moves a parameter as far as any.
 */
const limits = { error: 1e-5, losses: 1e-3, cosine: 0.995 } as const;

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
  kind?: Workload["kind"],
): string | undefined {
  if (output.length !== reference.length) return `it gave ${output.length} numbers in the place of ${reference.length}`;
  const { error, cosine } = agreement(output, reference);
  const limit = kind === "training" ? limits.losses : limits.error;
  if (precision === "f32")
    return error <= limit ? undefined : `relative error ${error.toExponential(1)}, above ${limit}`;
  return cosine >= limits.cosine
    ? undefined
    : `cosine ${cosine.toFixed(5)} to the exact result, below ${limits.cosine}`;
}
