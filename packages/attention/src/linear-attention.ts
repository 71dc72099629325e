import { expectSize, Linear, Module } from "@tenon/nn";
import type { AttentionPosition, Extent } from "@tenon/positional";
import { ConfigError, div, expand, maximum, ones, where, type Random, type Tensor } from "@tenon/tensor";

import type { Attention, AttentionOptions } from "./attention.ts";
import type { AttentionCache } from "./cache/attention-cache.ts";
import { LinearAttentionCache } from "./cache/linear-attention-cache.ts";
import { expectPass } from "./steps/expect-pass.ts";
import { eluPlusOne } from "./steps/feature-map.ts";
import { expectDivides, joinHeads, split } from "./steps/heads.ts";
import { allProducts, causalProducts } from "./steps/kernel-products.ts";
import { realKeys } from "./steps/real-keys.ts";

/** What a {@link LinearAttention} is made from. */
export interface LinearAttentionOptions {
  /** Width d of what comes in and goes out. */
  readonly width: number;
  /** How many heads the width is split over. */
  readonly heads: number;
  /** Does each position see only itself and those before it? A decoder's does. Said here, since there are no scores that a mask could work on. */
  readonly causal: boolean;
  /** How queries and keys learn of positions: a scheme that rotates. Default: not here. */
  readonly position?: AttentionPosition | undefined;
  /** Do the four projections add a bias? Default true. */
  readonly bias?: boolean | undefined;
  /** The kernel's feature map φ: x […, k] → […, n], nowhere below 0. Default elu(x) + 1. */
  readonly features?: ((x: Tensor) => Tensor) | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/** What a query is divided by at least, so that one that sees nothing gets zeros. */
const least = 1e-30;

/**
 * Linear attention: the softmax's exponential is replaced by a product of features, φ(q) · φ(k), so that the keys and values can be summed first:
 * headᵢ = φ(qᵢ)ᵀ S / φ(qᵢ)ᵀ z with S = Σⱼ φ(kⱼ) ⊗ vⱼ, z = Σⱼ φ(kⱼ), over all positions, or causal over those up to i; y = concat(head) Wₒ.
 * x [b, t, d] → [b, t, d], in time and memory that grow with t alone, and with a cache that does not grow.
 *
 * A position scheme rotates the features above the fraction line, and not below it, where the sum must stay positive (Su et al. 2021, "RoFormer",
 * section 3.3). Of masks it honours `padding` and `leftPadding`, and where it is causal `causal`.
 *
 * Taps: `query` and `key`, the features [b, h, t, n]; `value` and `heads` [b, h, t, k]; `contributions` [b, h, t, d], what each head adds to the output.
 *
 * Throws `ConfigError` when the width cannot be split over the heads; `forward` throws `ConfigError` for a mask or a position scheme that needs
 * scores, another attention's cache, and a cache where it is not causal, and `ShapeError` where x, mask, extent and cache do not fit.
 *
 * Katharopoulos et al. 2020, "Transformers are RNNs: fast autoregressive transformers with linear attention".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new LinearAttention({ width: 64, heads: 4, causal: true, random: random(1) }).to(on);
 * using cache = attention.newCache();
 * console.log(attention.forward(zeros([1, 10, 64], on), { cache }).shape); // [ 1, 10, 64 ]
 * ```
 */
export class LinearAttention extends Module<[x: Tensor, options?: AttentionOptions], Tensor> implements Attention {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly position: AttentionPosition | undefined;
  readonly width: number;
  readonly heads: number;
  readonly causal: boolean;
  /** The feature map φ. */
  readonly features: (x: Tensor) => Tensor;

  constructor({ width, heads, causal, position, bias = true, features = eluPlusOne, random }: LinearAttentionOptions) {
    super();
    expectSize("LinearAttention", "width", width);
    expectSize("LinearAttention", "heads", heads);
    expectDivides("LinearAttention", "heads", heads, "width", width);
    const projection = (name: string): Linear =>
      new Linear({ input: width, output: width, bias, random: random.fork(name) });
    this.query = projection("query");
    this.key = projection("key");
    this.value = projection("value");
    this.output = projection("output");
    this.position = position;
    this.width = width;
    this.heads = heads;
    this.causal = causal;
    this.features = features;
  }

  /** A cache for it: of any number of positions, since it does not grow. */
  newCache(): LinearAttentionCache {
    return new LinearAttentionCache();
  }

  protected override compute(x: Tensor, options: AttentionOptions = {}): Tensor {
    const extent = expectPass("LinearAttention", x, this.width, options);
    const cache = this.#cache(options.cache);
    const rotate = this.#rotation(extent);
    const real = realKeys({ mask: options.mask, batch: x.shape[0]!, extent, causal: this.causal });

    const query = this.tap("query", this.features(split(this.query.forward(x), this.heads)));
    const features = this.features(split(this.key.forward(x), this.heads));
    const key = this.tap("key", real === undefined ? features : where(real, features, 0));
    const value = this.tap("value", split(this.value.forward(x), this.heads));

    const one = expand(ones([1, 1, 1, 1], x.backend, x.dtype), [...value.shape.slice(0, 3), 1]);
    const [q, k] = [rotate(query), rotate(key)];
    let sums: Tensor;
    let norms: Tensor;
    if (this.causal) {
      const before = cache?.before(x.shape[0]!);
      const above = causalProducts(q, k, value, before?.sums);
      const below = causalProducts(query, key, one, before?.norms);
      cache?.advance(extent.length, { sums: above.after, norms: below.after });
      [sums, norms] = [above.y, below.y];
    } else {
      [sums, norms] = [allProducts(q, k, value), allProducts(query, key, one)];
    }
    const heads = this.tap("heads", div(sums, maximum(norms, least)));
    const see = this.tapped("contributions") ? (y: Tensor) => this.tap("contributions", y) : undefined;
    return joinHeads(heads, this.output, see);
  }

  #cache(cache: AttentionCache | undefined): LinearAttentionCache | undefined {
    if (cache === undefined) return undefined;
    if (!this.causal) {
      throw new ConfigError(
        "LinearAttention: a cache is for text that goes on, which what was before cannot see; make the attention with causal: true, or leave the cache out",
        { causal: false },
      );
    }
    if (cache instanceof LinearAttentionCache) return cache;
    throw new ConfigError(
      "LinearAttention: the cache keeps no sums, and so belongs to another kind of attention; make one with newCache()",
      { part: "LinearAttention" },
    );
  }

  #rotation(extent: Extent): (x: Tensor) => Tensor {
    const { rotate = (x: Tensor) => x, bias, values } = this.position?.at(extent) ?? {};
    if (bias === undefined && values === undefined) return rotate;
    throw new ConfigError(
      "LinearAttention: the position scheme changes scores or the pattern, and linear attention has neither; choose one that rotates, such as RotaryPosition, or one that is added to the embeddings",
      { part: "LinearAttention" },
    );
  }
}
