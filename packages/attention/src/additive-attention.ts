import { expectSize, Linear, Module } from "@tenon/nn";
import { matmul, reshape, type Random, type Tensor } from "@tenon/tensor";

import type { CrossAttention, CrossAttentionOptions } from "./cross-attention.ts";
import { additiveScores } from "./steps/additive-scores.ts";
import { expectMemory } from "./steps/expect-memory.ts";
import { maskedPattern } from "./steps/masked-pattern.ts";

/** What an {@link AdditiveAttention} is made from. */
export interface AdditiveAttentionOptions {
  /** Width d of what asks. */
  readonly width: number;
  /** Width d′ of the memory. Default: as x. */
  readonly memoryWidth?: number | undefined;
  /** Width a of the hidden layer that compares the two. Default: as x. */
  readonly hidden?: number | undefined;
  /** Is the context brought from the memory's width to x's? Default false, as in the paper: what comes out is the context. */
  readonly output?: boolean | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * Additive attention, the first there was: each query is compared with each position of the memory by a small network, eᵢⱼ = vᵀ tanh(W xᵢ + U mⱼ),
 * αᵢ = softmax(eᵢ), and what comes out is the context cᵢ = Σⱼ αᵢⱼ mⱼ. x [b, t, d] and memory [b, s, d′] → [b, t, d′]; with an output projection
 * [b, t, d]. A cache keeps the memory and U m.
 *
 * Taps: `scores` and `pattern` [b, 1, t, s], before the mask and after the softmax.
 *
 * Throws `ConfigError` for sizes that are not whole numbers from 1 up; `forward` throws `ShapeError` when x is not [b, t, d], the memory not
 * [b, s, d′], or the cache keeps a memory of another length or batch.
 *
 * Bahdanau, Cho and Bengio 2014, "Neural machine translation by jointly learning to align and translate", appendix A.1.2.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new AdditiveAttention({ width: 8, memoryWidth: 12, random: random(1) }).to(on);
 * console.log(attention.forward(zeros([2, 3, 8], on), zeros([2, 5, 12], on)).shape); // [ 2, 3, 12 ]
 * ```
 */
export class AdditiveAttention
  extends Module<[x: Tensor, memory: Tensor, options?: CrossAttentionOptions], Tensor>
  implements CrossAttention
{
  /** W */
  readonly query: Linear;
  /** U */
  readonly key: Linear;
  /** v */
  readonly score: Linear;
  readonly output: Linear | undefined;
  readonly width: number;
  readonly memoryWidth: number;

  constructor({ width, memoryWidth = width, hidden = width, output = false, random }: AdditiveAttentionOptions) {
    super();
    for (const [option, size] of Object.entries({ width, memoryWidth, hidden })) {
      expectSize("AdditiveAttention", option, size);
    }
    this.query = new Linear({ input: width, output: hidden, bias: false, random: random.fork("query") });
    this.key = new Linear({ input: memoryWidth, output: hidden, bias: false, random: random.fork("key") });
    this.score = new Linear({ input: hidden, output: 1, bias: false, random: random.fork("score") });
    this.output = output ? new Linear({ input: memoryWidth, output: width, random: random.fork("output") }) : undefined;
    this.width = width;
    this.memoryWidth = memoryWidth;
  }

  protected override compute(x: Tensor, memory: Tensor, { mask, cache }: CrossAttentionOptions = {}): Tensor {
    const { keys, values } = expectMemory("AdditiveAttention", this, [x, memory], cache, () => ({
      keys: this.key.forward(memory),
      values: reshape(memory, memory.shape),
    }));
    const scores = this.tap("scores", additiveScores(this.query.forward(x), keys, this.score));
    const pattern = this.tap("pattern", maskedPattern(scores, mask));
    const [b, , t, s] = pattern.shape as [number, number, number, number];
    const context = matmul(reshape(pattern, [b, t, s]), values);
    return this.output?.forward(context) ?? context;
  }
}
