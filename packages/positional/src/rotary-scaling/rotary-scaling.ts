/** The rotary position that a scaling changes. */
export interface Rotary {
  readonly base: number;
  /** How many elements of each head turn, r: two to a pair. */
  readonly turned: number;
  /** How long the text is so far: the last position of the pass + 1. */
  readonly length: number;
}

/** How fast the pairs turn. */
export interface Rotation {
  /** The angle from one position to the next, of each pair: r / 2 numbers. */
  readonly frequencies: readonly number[];
  /** What turned elements are multiplied by, in queries and in keys, so that scores change by its square. Usually 1. */
  readonly attentionFactor: number;
}

/**
 * How a rotary position is stretched to texts longer than those it was trained on: {@link linearScaling}, {@link dynamicNtkScaling},
 * {@link yarnScaling}, {@link longRopeScaling}, {@link llama3Scaling}, or any object with this method.
 *
 * @example
 * ```ts
 * // The slower half of the pairs does not turn at all.
 * const halved: RotaryScaling = {
 *   rotation: (rotary) => ({
 *     frequencies: rotaryFrequencies(rotary).map((frequency, pair) => (pair < rotary.turned / 4 ? frequency : 0)),
 *     attentionFactor: 1,
 *   }),
 * };
 * console.log(halved.rotation({ base: 10000, turned: 4, length: 1 }).frequencies); // [ 1, 0 ]
 * ```
 */
export interface RotaryScaling {
  rotation(rotary: Rotary): Rotation;
}

/**
 * The frequencies before any scaling: base^(−2i/r) for pair i. From 1 down to nearly 1 / base.
 *
 * Su et al. 2021, "RoFormer: enhanced transformer with rotary position embedding".
 *
 * @example
 * ```ts
 * console.log(rotaryFrequencies({ base: 10000, turned: 4 })); // [ 1, 0.01 ]
 * ```
 */
export function rotaryFrequencies({ base, turned }: Pick<Rotary, "base" | "turned">): number[] {
  return Array.from({ length: turned / 2 }, (_, pair) => base ** ((-2 * pair) / turned));
}
