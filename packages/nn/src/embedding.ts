import type { Random, Tensor } from "@tenon/tensor";

import { expectSize } from "./check-options.ts";
import { normal, type Initialiser } from "./initial/initial.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import type { QuantizablePart } from "./quantized/quantizable-part.ts";
import { rowsOf } from "./quantized/use-weight.ts";

/** What an {@link Embedding} is made from. */
export interface EmbeddingOptions {
  /** How many vectors there are: ids run from 0 to count − 1. */
  readonly count: number;
  /** Width of a vector. */
  readonly width: number;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the table begins. Default normal with deviation 0.02, as GPT-2 and BERT do. */
  readonly initial?: Initialiser | undefined;
}

/**
 * A table of vectors, looked up by id: ids i32 […] → […, d], y[…] = table[ids[…]], with the table [count, d].
 *
 * Throws `ConfigError` unless count and width are whole numbers from 1 up; `forward` throws `DTypeError` for ids that are not
 * i32. Make ids with `ids()`, which checks their range.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const embedding = await new Embedding({ count: 10, width: 4, random: random(1) }).to(on);
 * console.log(embedding.forward(ids([3, 1], [1, 2], on, { limit: 10 })).shape); // [ 1, 2, 4 ]
 * ```
 */
export class Embedding extends Module<[ids: Tensor], Tensor> implements QuantizablePart {
  readonly table: Parameter;

  constructor({ count, width, random, initial = (random) => normal(random, 0.02) }: EmbeddingOptions) {
    super();
    expectSize("Embedding", "count", count);
    expectSize("Embedding", "width", width);
    this.table = new Parameter([count, width], initial(random.fork("table")));
  }

  get matrices(): readonly Parameter[] {
    return [this.table];
  }

  protected override compute(ids: Tensor): Tensor {
    return rowsOf(this.table, ids);
  }
}
