/**
 * Sequences of token ids on the host: `rows` of `length` positions, row-major.
 *
 * @example
 * ```ts
 * // Two rows of three; the second has only two tokens.
 * const source: Sequences = { inputs: Int32Array.of(5, 1, 7, 5, 1, 0), lengths: Int32Array.of(3, 2), shape: [2, 3] };
 * console.log(source.inputs.length === source.shape[0] * source.shape[1]); // true
 * ```
 */
export interface Sequences {
  /** Ids that the model sees. */
  readonly inputs: Int32Array;
  /** How many positions of each row are text; the rest is padding. Absent: all. */
  readonly lengths?: Int32Array | undefined;
  /** Which of two texts each position belongs to, as BERT's token types; laid out as `inputs`. Absent: the model's own default. */
  readonly segments?: Int32Array | undefined;
  /**
   * Which of the texts that were packed into its row each position belongs to: numbers that grow from 0, laid out as `inputs`. Positions of
   * different texts do not see each other, and each text's positions begin at 0. Absent: a row is one text.
   */
  readonly documents?: Int32Array | undefined;
  readonly shape: readonly [rows: number, length: number];
}

/**
 * The examples of one step, on the host, for objectives that ask for a token at each position.
 *
 * @example
 * ```ts
 * // Two rows of three; the second has only two tokens, and of each row one position is predicted.
 * const batch: Batch = {
 *   inputs: Int32Array.of(5, 1, 7, 5, 1, 0),
 *   targets: Int32Array.of(-100, 6, -100, -100, 6, -100),
 *   lengths: Int32Array.of(3, 2),
 *   shape: [2, 3],
 * };
 * console.log(batch.inputs.length === batch.shape[0] * batch.shape[1]); // true
 * ```
 */
export interface Batch extends Sequences {
  /** The id that is right at each position; −100 where none is asked for. */
  readonly targets: Int32Array;
}

/**
 * The examples of one step of translating: what stands in the source, and the target, whose `inputs` are what the decoder has read and whose
 * `targets` are what comes next.
 *
 * @example
 * ```ts
 * const batch: TranslationBatch = {
 *   source: { inputs: Int32Array.of(4, 5, 6), shape: [1, 3] },
 *   inputs: Int32Array.of(1, 7), // begin, 7
 *   targets: Int32Array.of(7, 2), // 7, end
 *   shape: [1, 2],
 * };
 * console.log(batch.source.shape[0] === batch.shape[0]); // true
 * ```
 */
export interface TranslationBatch extends Batch {
  /** As many rows as the target. */
  readonly source: Sequences;
}

/**
 * The examples of one step, each a row with what is to be told about it: a class or a number.
 *
 * @example
 * ```ts
 * const batch: LabelledBatch = { inputs: Int32Array.of(4, 5, 6, 7), labels: Int32Array.of(1, 0), shape: [2, 2] };
 * console.log(batch.labels.length === batch.shape[0]); // true
 * ```
 */
export interface LabelledBatch extends Sequences {
  /** [b] classes, −100 where none is asked for; or numbers [b] or [b, n] for regression. */
  readonly labels: Int32Array | Float32Array;
}

/**
 * The examples of one step of learning which texts belong together: row i of `first` with row i of `second`.
 *
 * @example
 * ```ts
 * const rows = { inputs: Int32Array.of(4, 5, 6, 7), shape: [2, 2] } as const;
 * const batch: PairBatch = { first: rows, second: rows };
 * console.log(batch.first.shape[0] === batch.second.shape[0]); // true
 * ```
 */
export interface PairBatch {
  readonly first: Sequences;
  readonly second: Sequences;
}

/**
 * Batches by the number of steps done before: a pure function, so that a run can go on anywhere with nothing remembered. What has to be
 * read first comes as a promise.
 *
 * A batch may be of any kind that the objective takes. In a mean over several it weighs what it asks for: its targets or labels that are not −100, else its rows,
 * else 1. One that knows better says so by a number `predictions`, and by `tokens` how many tokens it holds, for the speed.
 *
 * @example
 * ```ts
 * const batches: Batches = causalBatches({ ids: [1, 2, 3, 4, 5], context: 2, batch: 1, random: random(1) });
 * console.log((await batches(7)).inputs, (await batches(7)).inputs); // Int32Array(2) [ 1, 2 ] Int32Array(2) [ 1, 2 ]
 * ```
 */
export type Batches<B extends object = Batch> = (step: number) => B | Promise<B>;

/** The target at positions where nothing is predicted, as in PyTorch. */
export const ignored = -100;
