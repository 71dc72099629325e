import { Module, Parameter, timesWeight, zeros, type QuantizablePart } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { VocabularyPart } from "./vocabulary-part.ts";

/** How a {@link TiedOutput} differs from the plain product. */
export interface TiedOutputOptions {
  /** Is a bias [v] added to the logits? BERT does, GPT-2 does not. Default false. */
  readonly bias?: boolean | undefined;
}

/**
 * Logits through the table of the token embedding: x tableᵀ (+ bias), x [b, t, d] → [b, t, v]. The table is the embedding's own
 * parameter, not a copy: it is listed once, under whichever of the two the model declares first, and its gradient has both uses.
 *
 * Takes any part that holds a table [v, d]; `forward` throws `ShapeError` when x does not end with d.
 *
 * Press and Wolf 2016, "Using the output embedding to improve language models".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const tokens = await new TokenEmbedding({ vocabulary: 100, width: 16, random: random(1) }).to(on);
 * const output = new TiedOutput(tokens);
 * console.log(output.forward(zeros([1, 3, 16], on)).shape); // [ 1, 3, 100 ]
 * ```
 */
export class TiedOutput extends Module<[x: Tensor], Tensor> implements VocabularyPart, QuantizablePart {
  readonly table: Parameter;
  readonly bias: Parameter | undefined;

  constructor(embedding: { readonly table: Parameter }, { bias = false }: TiedOutputOptions = {}) {
    super();
    this.table = embedding.table;
    this.bias = bias ? new Parameter([this.table.type.shape[0]!], zeros) : undefined;
  }

  get perToken(): readonly Parameter[] {
    return this.bias === undefined ? [this.table] : [this.table, this.bias];
  }

  get matrices(): readonly Parameter[] {
    return [this.table];
  }

  protected override compute(x: Tensor): Tensor {
    return timesWeight(x, this.table, this.bias);
  }
}
