/**
 * What decoding asks of a model: sequences of ids in, the logits of what may follow out. Every way of decoding takes one, and does not know how it
 * comes by its answers: from a model with a cache (`predictor`), from a plain function (`functionModel`), from several models together
 * (`ensemble`).
 *
 * The answer depends on the ids alone. What was asked before may make it faster, never different.
 *
 * @example
 * ```ts
 * // Whatever came before, the next id is one more than the last.
 * const counting: Predictor = {
 *   vocabulary: 4,
 *   context: Infinity,
 *   predict: async (sequences) =>
 *     sequences.map((ids) => ({
 *       logits: [Float32Array.from({ length: 4 }, (_, id) => (id === (ids.at(-1)! + 1) % 4 ? 9 : 0))],
 *       states: [],
 *       attention: undefined,
 *       read: ids.length,
 *     })),
 * };
 * const found = [];
 * for await (const { id } of generate(counting, [0], { maxTokens: 5 })) found.push(id);
 * console.log(found); // [ 1, 2, 3, 0, 1 ]
 * ```
 */
export interface Predictor {
  /** v: ids are whole numbers from 0 to v − 1. */
  readonly vocabulary: number;
  /** The most ids that a sequence can have; `Infinity` without such a limit. */
  readonly context: number;
  /**
   * One prediction for each sequence, in order. Sequences may differ in length; none is empty. Throws `ConfigError` for something wanted that the
   * model cannot give.
   */
  predict(sequences: readonly (readonly number[])[], wanted?: Wanted): Promise<readonly Prediction[]>;
}

/**
 * What a prediction should hold.
 *
 * @example
 * ```ts
 * const wanted: Wanted = { logits: 3 }; // after each of the last three ids, to check a draft
 * const model = functionModel((ids) => [ids.length, 0], { vocabulary: 2 });
 * const [prediction] = await model.predict([[0, 1, 1, 0]], wanted);
 * console.log(prediction!.logits.map(([first]) => first)); // [ 2, 3, 4 ]
 * ```
 */
export interface Wanted {
  /** After how many of the last ids the logits are wanted; 1 by default. */
  readonly logits?: number | undefined;
  /** Of how many of the last ids the hidden states are wanted; 0 by default. */
  readonly states?: number | undefined;
  /** Whether to tell where the last id looked in the source; for models with a memory. */
  readonly attention?: boolean | undefined;
}

/** What a model says about one sequence. The arrays are the caller's to change. */
export interface Prediction {
  /** The logits [v] of what follows each of the last ids, the last of all last; as many as were wanted. */
  readonly logits: readonly Float32Array[];
  /** The hidden states [d] of the last ids, that the logits are made of; as many as were wanted. */
  readonly states: readonly Float32Array[];
  /** The weights [s] with which the last id looked at the source; when it was wanted. */
  readonly attention: Float32Array | undefined;
  /** How many of the ids the model had to read for this; it remembered the others. */
  readonly read: number;
}
