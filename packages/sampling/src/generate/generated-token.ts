/**
 * A token that could have been chosen.
 *
 * @example
 * ```ts
 * const percent = ({ logProbability }: Alternative): number => 100 * Math.exp(logProbability);
 * console.log(percent({ id: 3, logProbability: Math.log(0.25) })); // 25
 * ```
 */
export interface Alternative {
  readonly id: number;
  /** The natural logarithm of its probability under the model's own distribution. */
  readonly logProbability: number;
}

/**
 * One step of a generation.
 *
 * @example
 * ```ts
 * // How surprised a model is by its own text: exp of the mean of −log p.
 * function perplexity(tokens: readonly GeneratedToken[]): number {
 *   const total = tokens.reduce((sum, { logProbability }) => sum + logProbability, 0);
 *   return Math.exp(-total / tokens.length);
 * }
 * console.log(perplexity([{ id: 0, text: "", logProbability: Math.log(0.5), step: 0, alternatives: [] }])); // 2
 * ```
 */
export interface GeneratedToken {
  readonly id: number;
  /**
   * The text that became certain with this token: whole characters, nothing of a stop string. It may be empty, and it
   * may hold text of earlier tokens, so join the pieces in order. Always empty without a decoder.
   */
  readonly text: string;
  /**
   * log softmax(z)ᵢ of this token under the model's own distribution, in float64: before any transform, whatever the
   * strategy.
   */
  readonly logProbability: number;
  /** 0 for the first generated token. */
  readonly step: number;
  /**
   * The most probable tokens of this step under the model's own distribution, the most probable first; as many as
   * `alternatives` asked for.
   */
  readonly alternatives: readonly Alternative[];
  /** The model's own logits [v] at this step, when `logits` asked for them. */
  readonly logits?: Float32Array;
  /** The logits [v] after constraint and transforms, from which this token was chosen, when `scores` asked for them. */
  readonly scores?: Float32Array;
}
