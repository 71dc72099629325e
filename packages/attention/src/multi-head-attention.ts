import { expectSize, Linear, Module, type Initialiser } from "@tenon/nn";
import { Extent, type AttentionPosition } from "@tenon/positional";
import { ConfigError, permute, reshape, ShapeError, type Random, type Tensor } from "@tenon/tensor";

import { attend } from "./attend.ts";
import type { Attention, AttentionOptions } from "./attention.ts";
import { keyValueCache } from "./cache/key-value-cache.ts";

/** What a {@link MultiHeadAttention} is made from. */
export interface MultiHeadAttentionOptions {
  /** Width d of what comes in and goes out. */
  readonly width: number;
  /** How many heads the width is split over. */
  readonly heads: number;
  /** How many heads keys and values have; each serves heads / keyValueHeads query heads. Default: as many as heads. */
  readonly keyValueHeads?: number | undefined;
  /** How queries and keys learn of positions. Default: not here. */
  readonly position?: AttentionPosition | undefined;
  /** Do the four projections add a bias? Default true. */
  readonly bias?: boolean | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the weights begin. Default: as `Linear` does. */
  readonly initial?: Initialiser | undefined;
}

/**
 * Multi-head attention: every head attends with its own projections of x, and the heads are joined and projected back,
 * y = concat(headᵢ) Wₒ with headᵢ = attention(x Wqᵢ, x Wkᵢ, x Wvᵢ). x [b, t, d] → [b, t, d]. With fewer key-value heads than
 * heads it is grouped-query attention, with one multi-query attention.
 *
 * Taps: `query` [b, h, t, k] and `key` [b, h', t, k], both with their positions; `value` [b, h', t, k]; `scores` and `pattern`
 * [b, h, t, s], before the mask and after the softmax; `heads` [b, h, t, k]. Looking at scores or pattern takes the step-by-step path.
 *
 * Throws `ConfigError` when the width cannot be split over the heads or the heads not over the key-value heads; `forward` throws
 * `ShapeError` when x is not [b, t, d], the extent is of another length or does not begin where the cache ends, or the cache is full.
 *
 * Vaswani et al. 2017, "Attention is all you need"; Shazeer 2019, "Fast transformer decoding" (multi-query); Ainslie et al. 2023,
 * "GQA: training generalized multi-query transformer models".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = new MultiHeadAttention({ width: 64, heads: 4, keyValueHeads: 2, random: random(1) });
 * await attention.to(on);
 * console.log(attention.forward(zeros([1, 10, 64], on), { mask: causal() }).shape); // [ 1, 10, 64 ]
 * ```
 */
export class MultiHeadAttention extends Module<[x: Tensor, options?: AttentionOptions], Tensor> implements Attention {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly position: AttentionPosition | undefined;
  readonly width: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  /** Width k of one head. */
  readonly headWidth: number;

  constructor({
    width,
    heads,
    keyValueHeads = heads,
    position,
    bias = true,
    random,
    initial,
  }: MultiHeadAttentionOptions) {
    super();
    expectSize("MultiHeadAttention", "width", width);
    expectSize("MultiHeadAttention", "heads", heads);
    expectSize("MultiHeadAttention", "keyValueHeads", keyValueHeads);
    expectDivides("heads", heads, "width", width);
    expectDivides("keyValueHeads", keyValueHeads, "heads", heads);
    this.headWidth = width / heads;
    const keyWidth = keyValueHeads * this.headWidth;
    const projection = (name: string, input: number, output: number): Linear =>
      new Linear({ input, output, bias, random: random.fork(name), initial });
    this.query = projection("query", width, width);
    this.key = projection("key", width, keyWidth);
    this.value = projection("value", width, keyWidth);
    this.output = projection("output", width, width);
    this.position = position;
    this.width = width;
    this.heads = heads;
    this.keyValueHeads = keyValueHeads;
  }

  protected override compute(x: Tensor, { mask, cache, extent }: AttentionOptions = {}): Tensor {
    const t = this.#length(x, extent);
    const before = cache?.length ?? 0;
    if (cache !== undefined && extent !== undefined && extent.offset !== before) {
      throw new ShapeError(
        `MultiHeadAttention: the cache holds ${before} positions, but the extent begins at ${extent.offset}; make an extent for each forward pass, with the cache's length for its offset`,
        { length: before, offset: extent.offset },
      );
    }
    const now = extent ?? new Extent({ offset: before, length: t, backend: x.backend });
    const placement = this.position?.at(now) ?? {};
    const { rotate = (y: Tensor) => y } = placement;

    const query = this.tap("query", rotate(split(this.query.forward(x), this.heads)));
    const key = this.tap("key", rotate(split(this.key.forward(x), this.keyValueHeads)));
    const value = this.tap("value", split(this.value.forward(x), this.keyValueHeads));
    const { keys, values, length, first } = keyValueCache("MultiHeadAttention", cache)?.append(key, value) ?? {
      keys: key,
      values: value,
      length: t,
      first: now.offset,
    };

    const explicit = this.tapped("scores") || this.tapped("pattern");
    const heads = attend(query, keys, values, {
      mask,
      position: this.position,
      placement,
      extent: now,
      keyLength: length,
      firstKey: first,
      scale: 1 / Math.sqrt(this.headWidth),
      tap: explicit ? (name, y) => this.tap(name, y) : undefined,
    });
    return this.output.forward(merge(this.tap("heads", heads)));
  }

  /** How many positions x has. */
  #length(x: Tensor, extent: Extent | undefined): number {
    const [, t, d] = x.shape;
    if (x.rank !== 3 || d !== this.width) {
      throw new ShapeError(`MultiHeadAttention: x must be [b, t, ${this.width}], got [${x.shape.join(", ")}]`, {
        width: this.width,
        x: x.shape,
      });
    }
    if (extent !== undefined && extent.length !== t) {
      throw new ShapeError(
        `MultiHeadAttention: x [${x.shape.join(", ")}] has ${t} positions, the extent ${extent.length}; make an extent for each forward pass`,
        { x: x.shape, length: extent.length },
      );
    }
    return t!;
  }
}

// Of one position, as in decoding, the elements of either shape are in the same order.

/** [b, t, h · k] → [b, t, h, k] → [b, h, t, k] */
function split(x: Tensor, heads: number): Tensor {
  const [b, t, width] = x.shape as [number, number, number];
  return t === 1
    ? reshape(x, [b, heads, t, width / heads])
    : permute(reshape(x, [b, t, heads, width / heads]), [0, 2, 1, 3]);
}

/** [b, h, t, k] → [b, t, h, k] → [b, t, h · k] */
function merge(x: Tensor): Tensor {
  const [b, heads, t, width] = x.shape as [number, number, number, number];
  return reshape(t === 1 ? x : permute(x, [0, 2, 1, 3]), [b, t, heads * width]);
}

function expectDivides(name: string, divisor: number, whole: string, size: number): void {
  if (size % divisor === 0) return;
  const fitting = Array.from({ length: size }, (_, i) => i + 1).filter((n) => size % n === 0);
  throw new ConfigError(
    `MultiHeadAttention: ${name} ${divisor} does not divide ${whole} ${size}; choose ${name} from ${fitting.join(", ")}, or another ${whole}`,
    { [name]: divisor, [whole]: size },
  );
}
