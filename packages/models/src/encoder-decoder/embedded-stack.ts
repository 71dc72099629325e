import type { Stack, StackOptions } from "@tenon/blocks";
import type { InputEmbedding } from "@tenon/embeddings";
import { Module, type Norm } from "@tenon/nn";
import { Extent } from "@tenon/positional";
import type { Tensor } from "@tenon/tensor";

/** What an {@link EmbeddedStack} is made from. Its parts come ready-made. */
export interface EmbeddedStackOptions {
  readonly embedding: InputEmbedding;
  readonly blocks: Stack;
  /** After the last block. Default: none. */
  readonly norm?: Norm | undefined;
}

/**
 * One side of an encoder–decoder: norm(blocks(embedding(ids))), ids i32 [b, t] → [b, t, d].
 *
 * Tap: `final` [b, t, d], what comes out.
 *
 * `forward` throws what its parts throw.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const block = new TransformerBlock({
 *   attention: new MultiHeadAttention({ width: 8, heads: 2, random: random(1).fork("attention") }),
 *   feedForward: new MLP({ width: 8, hidden: 16, random: random(1).fork("feedForward") }),
 *   residual: () => new PostNorm({ norm: new LayerNorm(8) }),
 * });
 * const tokens = new TokenEmbedding({ vocabulary: 9, width: 8, random: random(1).fork("tokens") });
 * const stack = new EmbeddedStack({ embedding: new InputEmbedding({ tokens }), blocks: new Stack(1, () => block) });
 * await stack.to(on);
 * console.log(stack.forward(ids([1, 2, 3], [1, 3], on, { limit: 9 })).shape); // [ 1, 3, 8 ]
 * ```
 */
export class EmbeddedStack extends Module<[ids: Tensor, options?: StackOptions], Tensor> {
  readonly embedding: InputEmbedding;
  readonly blocks: Stack;
  readonly norm: Norm | undefined;

  constructor({ embedding, blocks, norm }: EmbeddedStackOptions) {
    super();
    this.embedding = embedding;
    this.blocks = blocks;
    this.norm = norm;
  }

  protected override compute(ids: Tensor, options: StackOptions = {}): Tensor {
    const { caches, extent = extentFrom(caches?.[0]?.length ?? 0, ids) } = options;
    const x = this.blocks.forward(this.embedding.forward(ids, { extent }), { ...options, extent });
    return this.tap("final", this.norm?.forward(x) ?? x);
  }
}

const extentFrom = (offset: number, { shape, backend }: Tensor): Extent =>
  new Extent({ offset, length: shape[1] ?? 1, backend });
