import { expectSize, Module, normal, Parameter, type Initialiser } from "@tenon/nn";
import { gather, type Random, type Tensor } from "@tenon/tensor";

/** What a {@link SegmentEmbedding} is made from. */
export interface SegmentEmbeddingOptions {
  /** How many segments a text may have. Default 2, as in BERT. */
  readonly count?: number | undefined;
  /** Width d of a segment's vector. */
  readonly width: number;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the table begins. Default normal with deviation 0.02, as BERT does. */
  readonly initial?: Initialiser | undefined;
}

/**
 * A trained vector that tells which segment a token belongs to, such as the first or the second of a pair of sentences:
 * segments i32 [b, t] → [b, t, d], y[b, t] = table[segments[b, t]], with the table [count, d].
 *
 * Throws `ConfigError` unless count and width are whole numbers from 1 up; `forward` throws `DTypeError` for segments that are not
 * i32. Make them with `ids()`, which checks their range.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const segments = await new SegmentEmbedding({ width: 16, random: random(1) }).to(on);
 * const y = segments.forward(ids([0, 0, 1], [1, 3], on, { limit: 2, what: "segment" })); // [1, 3, 16]
 * ```
 */
export class SegmentEmbedding extends Module<[segments: Tensor], Tensor> {
  readonly table: Parameter;
  readonly count: number;
  readonly width: number;

  constructor({ count = 2, width, random, initial = (random) => normal(random, 0.02) }: SegmentEmbeddingOptions) {
    super();
    expectSize("SegmentEmbedding", "count", count);
    expectSize("SegmentEmbedding", "width", width);
    this.table = new Parameter([count, width], initial(random.fork("table")));
    this.count = count;
    this.width = width;
  }

  protected override compute(segments: Tensor): Tensor {
    return gather(this.table.value, segments);
  }
}
