import { expectSize, Linear, Module } from "@tenon/nn";
import { concat, ConfigError, matmul, reshape, tanh, type Random, type Tensor } from "@tenon/tensor";

import type { CrossAttention, CrossAttentionOptions } from "./cross-attention.ts";
import { additiveScores } from "./steps/additive-scores.ts";
import { expectMemory } from "./steps/expect-memory.ts";
import { maskedPattern } from "./steps/masked-pattern.ts";

/** How {@link MultiplicativeAttention} compares x with a position m of the memory. */
export type MultiplicativeScore = "dot" | "general" | "concat";

/** What a {@link MultiplicativeAttention} is made from. */
export interface MultiplicativeAttentionOptions {
  /** Width d of what asks. */
  readonly width: number;
  /** Width d′ of the memory. Default: as x. */
  readonly memoryWidth?: number | undefined;
  /** How the two are compared: xᵀ m, xᵀ W m, or vᵀ tanh(W [x; m]). Default "general". */
  readonly score?: MultiplicativeScore | undefined;
  /** Is the context c made one with x, to the paper's attentional vector tanh(W [c; x])? Default false: what comes out is the context. */
  readonly output?: boolean | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * Multiplicative attention over the whole memory: α = softmax(score(x, m)), c = Σⱼ αⱼ mⱼ, with the score xᵀ m (dot), xᵀ W m (general) or
 * vᵀ tanh(W [x; m]) (concat); nothing is scaled. x [b, t, d] and memory [b, s, d′] → the context [b, t, d′], or the attentional vector
 * tanh(W [c; x]) [b, t, d]. A cache keeps the memory and W m. This is the paper's global attention; its local attention, which looks at a window
 * around a place that it predicts, is not here.
 *
 * Taps: `scores` and `pattern` [b, 1, t, s], before the mask and after the softmax.
 *
 * Throws `ConfigError` for sizes that are not whole numbers from 1 up, a score that there is not, and for "dot" when the widths differ; `forward`
 * throws `ShapeError` when x is not [b, t, d], the memory not [b, s, d′], or the cache keeps a memory of another length or batch.
 *
 * Luong, Pham and Manning 2015, "Effective approaches to attention-based neural machine translation", section 3.1.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiplicativeAttention({ width: 8, memoryWidth: 12, output: true, random: random(1) }).to(on);
 * console.log(attention.forward(zeros([2, 3, 8], on), zeros([2, 5, 12], on)).shape); // [ 2, 3, 8 ]
 * ```
 */
export class MultiplicativeAttention
  extends Module<[x: Tensor, memory: Tensor, options?: CrossAttentionOptions], Tensor>
  implements CrossAttention
{
  /** The half of W that meets x; for "concat" alone. */
  readonly query: Linear | undefined;
  /** W, or the half of it that meets the memory; not for "dot". */
  readonly key: Linear | undefined;
  /** v, for "concat" alone. */
  readonly score: Linear | undefined;
  readonly output: Linear | undefined;
  readonly width: number;
  readonly memoryWidth: number;

  constructor({
    width,
    memoryWidth = width,
    score = "general",
    output = false,
    random,
  }: MultiplicativeAttentionOptions) {
    super();
    expectSize("MultiplicativeAttention", "width", width);
    expectSize("MultiplicativeAttention", "memoryWidth", memoryWidth);
    expectScore(score, width, memoryWidth);
    const projection = (name: string, from: number, to: number): Linear =>
      new Linear({ input: from, output: to, bias: false, random: random.fork(name) });
    this.query = score === "concat" ? projection("query", width, width) : undefined;
    this.key = score === "dot" ? undefined : projection("key", memoryWidth, width);
    this.score = score === "concat" ? projection("score", width, 1) : undefined;
    this.output = output ? projection("output", memoryWidth + width, width) : undefined;
    this.width = width;
    this.memoryWidth = memoryWidth;
  }

  protected override compute(x: Tensor, memory: Tensor, { mask, cache }: CrossAttentionOptions = {}): Tensor {
    const { values, keys = values } = expectMemory<{ readonly values: Tensor; readonly keys?: Tensor }>(
      "MultiplicativeAttention",
      this,
      [x, memory],
      cache,
      () => ({
        values: reshape(memory, memory.shape),
        ...(this.key !== undefined && { keys: this.key.forward(memory) }),
      }),
    );
    const scores = this.tap("scores", this.#scores(x, keys));
    const pattern = this.tap("pattern", maskedPattern(scores, mask));
    const [b, , t, s] = pattern.shape as [number, number, number, number];
    const context = matmul(reshape(pattern, [b, t, s]), values);
    return this.output === undefined ? context : tanh(this.output.forward(concat([context, x], -1)));
  }

  /** x [b, t, d] and keys [b, s, d] → [b, 1, t, s] */
  #scores(x: Tensor, keys: Tensor): Tensor {
    if (this.query !== undefined) return additiveScores(this.query.forward(x), keys, this.score!);
    const [b, t, s] = [x.shape[0]!, x.shape[1]!, keys.shape[1]!];
    return reshape(matmul(x, keys, { transposeB: true }), [b, 1, t, s]);
  }
}

function expectScore(score: string, width: number, memoryWidth: number): void {
  if (score !== "dot" && score !== "general" && score !== "concat") {
    throw new ConfigError(
      `MultiplicativeAttention: score must be "dot", "general" or "concat", got ${JSON.stringify(score)}`,
      { score },
    );
  }
  if (score === "dot" && width !== memoryWidth) {
    throw new ConfigError(
      `MultiplicativeAttention: the score "dot" needs a memory as wide as x, but the widths are ${width} and ${memoryWidth}; choose "general"`,
      { width, memoryWidth },
    );
  }
}
