import { expectSize, Linear, Module, RMSNorm, wholeWeight, type Norm } from "@tenon/nn";
import type { AttentionPosition } from "@tenon/positional";
import { concat, reshape, slice, type Random, type Tensor } from "@tenon/tensor";

import { expectVariant, type AttentionVariant } from "./attention-variant.ts";
import type { Attention, AttentionOptions } from "./attention.ts";
import type { AttentionCache } from "./cache/attention-cache.ts";
import { FixedCache } from "./cache/fixed-cache.ts";
import { keyValueCache } from "./cache/key-value-cache.ts";
import type { Mask } from "./mask/mask.ts";
import { attend } from "./steps/attend.ts";
import { expectPass } from "./steps/expect-pass.ts";
import { expectDivides, joinHeads, split, timesPerHead } from "./steps/heads.ts";

/** Widths inside a {@link LatentAttention}, and what may differ from the usual. */
export interface LatentVariant extends Pick<AttentionVariant, "softCap" | "mask"> {
  /** Width n of the part of each head that knows nothing of positions. Default: width / heads. */
  readonly headWidth?: number | undefined;
  /** Width p of the part of each head that positions turn, and of the one key for all heads that it meets. Default: headWidth / 2. */
  readonly positionWidth?: number | undefined;
  /** Width k of what a head finds. Default: headWidth. */
  readonly valueWidth?: number | undefined;
  /** What the products of queries and keys are multiplied by. Default 1 / √(n + p). */
  readonly scale?: number | undefined;
  /** Makes the norm of a latent, of its width. Default: RMSNorm. */
  readonly norm?: ((width: number) => Norm) | undefined;
}

/** What a {@link LatentAttention} is made from. */
export interface LatentAttentionOptions {
  /** Width d of what comes in and goes out. */
  readonly width: number;
  /** How many heads attend side by side. */
  readonly heads: number;
  /** Width r of the latent that keys and values are made from. */
  readonly latentWidth: number;
  /** Width of the latent that queries are made from. Default: they are made from x. */
  readonly queryLatentWidth?: number | undefined;
  /** How queries and keys learn of positions. Default: not here. */
  readonly position?: AttentionPosition | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  readonly variant?: LatentVariant | undefined;
}

/**
 * Multi-head latent attention: the keys and values of all heads are made from one small vector per position, and that is all the cache keeps.
 *
 *   c = norm(x W_c), k^R = rotate(x W_k),  [q^C; q^R]ᵢ = x W_qᵢ, or norm(x W_a) W_qᵢ,  kᵢ = [c Uᵢ; k^R],  vᵢ = c Vᵢ,  y = concat(headᵢ) Wₒ
 *
 * c [b, t, r] is the latent; k^R [b, 1, t, p], one for all heads, and q^R carry the positions, which a latent cannot. Keys and values are never
 * made: q^C · (c U) = (q^C Uᵀ) · c, so that the heads share one key [c; k^R], as in multi-query attention, and what they find in it is mapped by V.
 * x [b, t, d] → [b, t, d]; cached are r + p numbers for each position.
 *
 * A position scheme rotates q^R and k^R, of width p. A bias that is made of queries gets [q^C; q^R], of width n + p, and what a scheme adds to
 * values is of the value width: tables that serve for both need n + p = valueWidth.
 *
 * Taps: `query` [b, h, t, n + p], with its positions; `latent` [b, 1, t, r + p], what is cached; `scores` and `pattern` [b, h, t, s]; `heads` [b, h, t, k];
 * `contributions` [b, h, t, d]. Throws `ConfigError` for sizes that do not fit; `forward` throws `ShapeError` where x, extent and cache do not.
 *
 * DeepSeek-AI 2024, "DeepSeek-V2: a strong, economical, and efficient mixture-of-experts language model", section 2.1.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const position = new RotaryPosition({ width: 8 });
 * const attention = new LatentAttention({ width: 64, heads: 4, latentWidth: 24, position, random: random(1) });
 * await attention.to(on);
 * using cache = attention.newCache(16);
 * console.log(attention.forward(zeros([1, 10, 64], on), { mask: causal(), cache }).shape); // [ 1, 10, 64 ]
 * ```
 */
export class LatentAttention extends Module<[x: Tensor, options?: AttentionOptions], Tensor> implements Attention {
  /** W_a */
  readonly queryLatent: Linear | undefined;
  readonly queryNorm: Norm | undefined;
  /** W_q, each head's n + p columns beside each other. */
  readonly query: Linear;
  /** W_c */
  readonly latent: Linear;
  readonly latentNorm: Norm;
  /** W_k */
  readonly positionKey: Linear;
  /** U, [h · n, r] */
  readonly key: Linear;
  /** V, [h · k, r] */
  readonly value: Linear;
  readonly output: Linear;
  readonly position: AttentionPosition | undefined;
  /** The pattern that it always has. */
  readonly mask: Mask | undefined;
  readonly width: number;
  readonly heads: number;
  readonly latentWidth: number;
  /** Width n of the part of each head that knows nothing of positions. */
  readonly headWidth: number;
  /** Width p of the part of each head that positions turn. */
  readonly positionWidth: number;
  /** Width k of what a head finds. */
  readonly valueWidth: number;
  readonly scale: number;
  readonly softCap: number | undefined;

  constructor(options: LatentAttentionOptions) {
    super();
    const part = "LatentAttention";
    const { width, heads, latentWidth, queryLatentWidth, position, random, variant = {} } = options;
    for (const [option, size] of Object.entries({ width, heads, latentWidth })) expectSize(part, option, size);
    if (queryLatentWidth !== undefined) expectSize(part, "queryLatentWidth", queryLatentWidth);
    expectVariant(part, variant);
    if (variant.headWidth === undefined) expectDivides(part, "heads", heads, "width", width);
    const { headWidth = width / heads, positionWidth = headWidth / 2, valueWidth = headWidth } = variant;
    expectSize(part, "positionWidth", positionWidth);
    expectSize(part, "valueWidth", valueWidth);
    const { scale = 1 / Math.sqrt(headWidth + positionWidth), norm = (size: number) => new RMSNorm(size) } = variant;
    const projection = (name: string, input: number, output: number): Linear =>
      new Linear({ input, output, bias: false, random: random.fork(name) });
    this.queryLatent = queryLatentWidth === undefined ? undefined : projection("queryLatent", width, queryLatentWidth);
    this.queryNorm = queryLatentWidth === undefined ? undefined : norm(queryLatentWidth);
    this.query = projection("query", queryLatentWidth ?? width, heads * (headWidth + positionWidth));
    this.latent = projection("latent", width, latentWidth);
    this.latentNorm = norm(latentWidth);
    this.positionKey = projection("positionKey", width, positionWidth);
    this.key = projection("key", latentWidth, heads * headWidth);
    this.value = projection("value", latentWidth, heads * valueWidth);
    this.output = projection("output", heads * valueWidth, width);
    this.position = position;
    this.mask = variant.mask;
    this.width = width;
    this.heads = heads;
    this.latentWidth = latentWidth;
    this.headWidth = headWidth;
    this.positionWidth = positionWidth;
    this.valueWidth = valueWidth;
    this.scale = scale;
    this.softCap = variant.softCap;
  }

  newCache(capacity: number): AttentionCache {
    return new FixedCache(capacity);
  }

  protected override compute(x: Tensor, options: AttentionOptions = {}): Tensor {
    const extent = expectPass("LatentAttention", x, this.width, options);
    const placement = this.position?.at(extent) ?? {};
    const { rotate = (y: Tensor) => y } = placement;

    const query = this.tap("query", this.#queries(x, rotate));
    const latent = split(this.latentNorm.forward(this.latent.forward(x)), 1);
    const known = this.tap("latent", concat([latent, rotate(split(this.positionKey.forward(x), 1))], -1));
    const { keys, values, length, first } = keyValueCache("LatentAttention", options.cache)?.append(known, known) ?? {
      keys: known,
      values: known,
      length: extent.length,
      first: extent.offset,
    };

    const explicit = this.tapped("scores") || this.tapped("pattern");
    const found = attend(this.#absorbed(query), keys, values, {
      own: this.mask,
      mask: options.mask,
      position: this.position,
      placement,
      extent,
      keyLength: length,
      firstKey: first,
      scale: this.scale,
      softCap: this.softCap,
      biasQueries: query,
      lift: (y) => this.#lifted(y),
      tap: explicit ? (name, y) => this.tap(name, y) : undefined,
    });
    const heads = this.tap("heads", found);
    const see = this.tapped("contributions") ? (y: Tensor) => this.tap("contributions", y) : undefined;
    return joinHeads(heads, this.output, see);
  }

  /** x [b, t, d] → [q^C; q^R] [b, h, t, n + p] */
  #queries(x: Tensor, rotate: (x: Tensor) => Tensor): Tensor {
    const from = this.queryNorm === undefined ? x : this.queryNorm.forward(this.queryLatent!.forward(x));
    const query = split(this.query.forward(from), this.heads);
    const turned = rotate(slice(query, 3, this.headWidth, this.positionWidth));
    return concat([slice(query, 3, 0, this.headWidth), turned], -1);
  }

  /** [q^C; q^R] [b, h, t, n + p] → [q^C Uᵀ; q^R] [b, h, t, r + p]: what meets the latents themselves. */
  #absorbed(query: Tensor): Tensor {
    const { heads, headWidth, latentWidth } = this;
    const key = reshape(wholeWeight(this.key.weight), [heads, headWidth, latentWidth]);
    const content = timesPerHead(slice(query, 3, 0, headWidth), key);
    return concat([content, slice(query, 3, headWidth, this.positionWidth)], -1);
  }

  /** What was found among the latents, [b, h, t, r + p] → c V [b, h, t, k] */
  #lifted(found: Tensor): Tensor {
    const { heads, valueWidth, latentWidth } = this;
    const value = reshape(wholeWeight(this.value.weight), [heads, valueWidth, latentWidth]);
    return timesPerHead(slice(found, 3, 0, latentWidth), value, { transposed: true });
  }
}
