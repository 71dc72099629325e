import { add, cast, gather, linear, matmul, mul, reshape, sizeOf, type Random, type Tensor } from "@tenon/tensor";

import { expectPositive, expectSize } from "../check-options.ts";
import { Dropout } from "../dropout.ts";
import { gainOf } from "../initial/gain.ts";
import { zeros } from "../initial/initial.ts";
import { kaimingUniform } from "../initial/kaiming.ts";
import { Parameter } from "../parameter.ts";
import { Part } from "../part.ts";
import type { WeightAdapter } from "./weight-adapter.ts";

/** What a {@link LowRankAdapter} is made from. */
export interface LowRankAdapterOptions {
  /** Of the weight, [out, in]. */
  readonly shape: readonly [output: number, input: number];
  /** r: the rows of A and the columns of B. */
  readonly rank: number;
  /** α: what B A is multiplied by, before it is divided by r. Default: r, so that the scale is 1. */
  readonly alpha?: number | undefined;
  /** Is it divided by √r in place of r, so that large ranks learn as fast as small ones (Kalajdzievski 2023, rsLoRA)? Default false. */
  readonly rankStabilised?: boolean | undefined;
  /** The rate of the dropout on what A is multiplied with. Default 0. */
  readonly dropout?: number | undefined;
  /** Where A begins: the stream of its initial values, or the A of another adapter, which the two then share. */
  readonly a: Random | Parameter;
}

/**
 * LoRA: a change of low rank to a weight that stays as it is, W + s B A, with A [r, in], B [out, r] and s = α / r: y = x Wᵀ + s (dropout(x) Aᵀ) Bᵀ, x […, in] →
 * […, out]. A begins uniform within 1 / √in and B at 0, as in PEFT, so that at first nothing changes. The weight may be f32, f16, bf16 or held in levels;
 * A and B are f32.
 *
 * Rows that are looked up, and a weight that is asked for as a whole, have no x that anything could be dropped of: there dropout does nothing.
 *
 * `attachLora` makes one for each of a model's weights. Throws `ConfigError` for a rank that is no whole number from 1 up, an alpha that is not above 0, and what
 * {@link Dropout} refuses.
 *
 * Hu et al. 2021, "LoRA: Low-rank adaptation of large language models"; rank-stabilised: Kalajdzievski 2023, "A rank stabilization scaling factor for
 * fine-tuning with LoRA".
 *
 * @example
 * ```ts
 * const layer = new Linear({ input: 3, output: 2, bias: false, random: random(1) });
 * const adapter = new LowRankAdapter({ shape: [2, 3], rank: 1, alpha: 4, a: random(2) });
 * layer.weight.adapter = adapter;
 * adapter.a.assign(Float32Array.of(1, 0, 0));
 * adapter.b.assign(Float32Array.of(0, 1));
 * await layer.to(cpu());
 * layer.weight.assign(new Float32Array(6));
 * console.log(await layer.forward(tensor([5, 6, 7], [3], layer.weight.value.backend)).read()); // Float32Array(2) [ 0, 20 ]
 * ```
 */
export class LowRankAdapter extends Part implements WeightAdapter {
  readonly a: Parameter;
  readonly b: Parameter;
  readonly dropout: Dropout | undefined;
  readonly rank: number;
  readonly alpha: number;
  readonly rankStabilised: boolean;
  /** Is it added? While it is not, the weight is used alone. */
  enabled = true;

  constructor({ shape, rank, alpha = rank, rankStabilised = false, dropout = 0, a }: LowRankAdapterOptions) {
    super();
    expectSize("LowRankAdapter", "rank", rank);
    expectPositive("LowRankAdapter", "alpha", alpha);
    const [output, input] = shape;
    this.a = a instanceof Parameter ? a : new Parameter([rank, input], withinRootOfInput(a));
    this.b = new Parameter([output, rank], zeros);
    this.dropout = dropout === 0 ? undefined : new Dropout(dropout);
    this.rank = rank;
    this.alpha = alpha;
    this.rankStabilised = rankStabilised;
  }

  /** s: α / r, or α / √r. */
  get scale(): number {
    return this.alpha / (this.rankStabilised ? Math.sqrt(this.rank) : this.rank);
  }

  product(x: Tensor, y: Tensor): Tensor {
    if (!this.enabled) return y;
    const given = cast(this.dropout?.forward(x) ?? x, this.a.value.dtype);
    const change = linear(this.#scaled(linear(given, this.a.value)), this.b.value); // […, in] → […, r] → […, out]
    return add(y, cast(change, y.dtype));
  }

  rows(ids: Tensor, y: Tensor): Tensor {
    if (!this.enabled) return y;
    const change = matmul(reshape(gather(this.b.value, ids), [sizeOf(ids.shape), this.rank]), this.a.value); // [n, r] → [n, d]
    return add(y, cast(reshape(this.#scaled(change), y.shape), y.dtype));
  }

  whole(weight: Tensor): Tensor {
    if (!this.enabled) return weight;
    return add(weight, cast(this.#scaled(matmul(this.b.value, this.a.value)), weight.dtype));
  }

  #scaled(x: Tensor): Tensor {
    return this.scale === 1 ? x : mul(x, this.scale);
  }
}

/** Uniform within 1 / √in: He's initialisation for leaky rectifiers of slope √5, which PyTorch's linear layers and PEFT have. */
const withinRootOfInput = (random: Random) => kaimingUniform(random, { gain: gainOf("leaky-relu", Math.sqrt(5)) });
