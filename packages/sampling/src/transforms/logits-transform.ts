/**
 * What is known when the next token is about to be chosen.
 *
 * @example
 * ```ts
 * const context: DecodingContext = { ids: [1, 2] };
 * console.log(greedy().choose(Float32Array.of(0, 3), context)); // 1
 * ```
 */
export interface DecodingContext {
  /**
   * Every id so far, the prompt's and the generated ones, oldest first. It grows as generation goes on: copy what you
   * keep.
   */
  readonly ids: readonly number[];
  /** How many of them are the prompt's: the others were generated. Absent, all were. */
  readonly promptLength?: number;
}

/**
 * Changes the distribution that the next token is drawn from.
 *
 * `apply` is pure: it takes the logits [v] of one sequence, leaves them as they are, and returns a new array of the
 * same length. A logit is a finite number, or `-Infinity` for a token that is excluded; an excluded token stays
 * excluded unless the transform's purpose is another.
 *
 * @example
 * ```ts
 * const even: LogitsTransform = {
 *   name: "even",
 *   apply: (logits) => logits.map((logit, id) => (id % 2 === 0 ? logit : -Infinity)),
 * };
 * console.log(even.apply(Float32Array.of(1, 2, 3), { ids: [] })); // Float32Array(3) [ 1, -Infinity, 3 ]
 * ```
 */
export interface LogitsTransform {
  /** How error messages call it, such as `topK(40)`. */
  readonly name: string;
  /**
   * Set where it only shapes what chance has to choose from and never changes which token is the most probable, or makes no sense for
   * anything but drawing. A strategy that leaves nothing to chance refuses it instead of passing over it.
   */
  readonly forSampling?: boolean;
  apply(logits: Float32Array, context: DecodingContext): Float32Array;
}
