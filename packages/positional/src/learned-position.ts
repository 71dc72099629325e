import { expectSize, normal, Parameter, Part, type Initialiser } from "@tenon/nn";
import { ConfigError, gather, scoped, slice, tensor, type Random, type Tensor } from "@tenon/tensor";

import type { EmbeddingPosition } from "./embedding-position.ts";
import type { Extent } from "./extent.ts";

/** What a {@link LearnedPosition} is made from. */
export interface LearnedPositionOptions {
  /** How many positions there are: the longest text. */
  readonly context: number;
  /** How many rows of the table come before that of position 0 and stand for no position, as the 2 of RoBERTa, BART and OPT. Default 0. */
  readonly reserved?: number | undefined;
  /** Width of the embeddings that it is added to. */
  readonly width: number;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the table begins. Default normal with deviation 0.02, as GPT-2 and BERT do. */
  readonly initial?: Initialiser | undefined;
}

/**
 * A trained vector for each position: y[p] = table[reserved + p], with the table [reserved + context, d]. The result is [t, d], or [b, t, d] where the
 * sequences have positions of their own.
 *
 * Throws `ConfigError` unless context and width are whole numbers from 1 up, and reserved one from 0 up; `embed` throws `ConfigError` for positions beyond
 * the context.
 *
 * Gehring et al. 2017, "Convolutional sequence to sequence learning"; GPT-2 and BERT use it.
 *
 * @example
 * ```ts
 * const position = await new LearnedPosition({ context: 256, width: 64, random: random(1) }).to(cpu());
 * ```
 */
export class LearnedPosition extends Part implements EmbeddingPosition {
  readonly table: Parameter;
  readonly context: number;
  readonly reserved: number;

  constructor({
    context,
    reserved = 0,
    width,
    random,
    initial = (random) => normal(random, 0.02),
  }: LearnedPositionOptions) {
    super();
    expectSize("LearnedPosition", "context", context);
    expectSize("LearnedPosition", "width", width);
    if (!Number.isSafeInteger(reserved) || reserved < 0) {
      throw new ConfigError(`LearnedPosition: reserved must be a whole number from 0 up, got ${reserved}`, {
        reserved,
      });
    }
    this.table = new Parameter([reserved + context, width], initial(random.fork("table")));
    this.context = context;
    this.reserved = reserved;
  }

  embed(extent: Extent): Tensor {
    const { offset, length, end, positions, backend } = extent;
    if (end > this.context) {
      throw new ConfigError(
        `LearnedPosition: ${end} positions, but only ${this.context} were learned. Shorten the text, or make the model with a larger context.`,
        { length: end, context: this.context },
      );
    }
    if (positions === undefined) return slice(this.table.value, 0, this.reserved + offset, length);
    const rows = extent.rows();
    const shape = rows.length === 1 ? [length] : [rows.length, length];
    const places = rows.flat().map((position) => this.reserved + position);
    return scoped(() => gather(this.table.value, tensor(places, shape, backend, "i32")));
  }
}
