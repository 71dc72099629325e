import { expectSize, Linear, Module, Parameter, zeros, type Norm } from "@tenon/nn";
import { ConfigError, mul, sigmoid, type Random, type Tensor } from "@tenon/tensor";

import { expectVariant, type AttentionVariant } from "../attention-variant.ts";
import { expectDivides, joinHeads, split } from "./heads.ts";

/** Which projections add a bias: all or none, or by name. Qwen 2 has it in the input projections alone. */
export type ProjectionBias = boolean | { readonly input: boolean; readonly output: boolean };

/** What {@link ProjectedHeads} are made from. */
export interface ProjectedHeadsOptions {
  readonly width: number;
  /** Width of what keys and values are made from. */
  readonly memoryWidth: number;
  readonly heads: number;
  readonly keyValueHeads?: number | undefined;
  readonly bias?: ProjectionBias | undefined;
  readonly random: Random;
  readonly variant?: Omit<AttentionVariant, "mask"> | undefined;
}

/**
 * What multi-head attention has around its middle, whether it looks at its own sequence or at another: the projections to heads, and the way back,
 * y = concat(headᵢ) Wₒ = Σ headᵢ Wₒᵢ.
 */
export abstract class ProjectedHeads<In extends readonly unknown[]> extends Module<In, Tensor> {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  /** QK-norm. */
  readonly queryNorm: Norm | undefined;
  readonly keyNorm: Norm | undefined;
  /** One logit for each head, [h]. */
  readonly sinks: Parameter | undefined;
  readonly gate: Linear | undefined;
  readonly width: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  /** Width k of one head. */
  readonly headWidth: number;
  /** What the products of queries and keys are multiplied by. */
  readonly scale: number;
  readonly softCap: number | undefined;

  /** `part` is for the messages. */
  constructor(
    part: string,
    { width, memoryWidth, heads, keyValueHeads = heads, bias = true, random, variant = {} }: ProjectedHeadsOptions,
  ) {
    super();
    for (const [option, value] of Object.entries({ width, memoryWidth, heads, keyValueHeads }))
      expectSize(part, option, value);
    expectVariant(part, variant);
    if (variant.headWidth === undefined) expectDivides(part, "heads", heads, "width", width);
    expectDivides(part, "keyValueHeads", keyValueHeads, "heads", heads);
    const { headWidth = width / heads, scale = 1 / Math.sqrt(headWidth), softCap, headNorm, gate } = variant;
    if (gate !== undefined && gate !== "element" && gate !== "head") {
      throw new ConfigError(`${part}: gate must be "element" or "head", got ${JSON.stringify(gate)}`, { gate });
    }
    const biased = typeof bias === "boolean" ? { input: bias, output: bias } : bias;
    const projection = (name: string, input: number, output: number): Linear =>
      new Linear({ input, output, bias: biased.input, random: random.fork(name) });
    const inner = heads * headWidth;
    this.query = projection("query", width, inner);
    this.key = projection("key", memoryWidth, keyValueHeads * headWidth);
    this.value = projection("value", memoryWidth, keyValueHeads * headWidth);
    this.output = new Linear({ input: inner, output: width, bias: biased.output, random: random.fork("output") });
    this.queryNorm = headNorm?.(headWidth);
    this.keyNorm = headNorm?.(headWidth);
    this.sinks = variant.sinks === true ? new Parameter([heads], zeros) : undefined;
    this.gate = gate && projection("gate", width, gate === "head" ? heads : inner);
    this.width = width;
    this.heads = heads;
    this.keyValueHeads = keyValueHeads;
    this.headWidth = headWidth;
    this.scale = scale;
    this.softCap = softCap;
  }

  /** x [b, t, d] → [b, h, t, k] */
  protected queries(x: Tensor): Tensor {
    const q = split(this.query.forward(x), this.heads);
    return this.queryNorm?.forward(q) ?? q;
  }

  /** memory [b, s, d′] → [b, h′, s, k] */
  protected keys(memory: Tensor): Tensor {
    const k = split(this.key.forward(memory), this.keyValueHeads);
    return this.keyNorm?.forward(k) ?? k;
  }

  /** memory [b, s, d′] → [b, h′, s, k] */
  protected values(memory: Tensor): Tensor {
    return split(this.value.forward(memory), this.keyValueHeads);
  }

  /** What the heads found, [b, h, t, k], gated by x [b, t, d] → [b, t, d] */
  protected joined(found: Tensor, x: Tensor): Tensor {
    const gated =
      this.gate === undefined ? found : mul(found, this.tap("gate", sigmoid(split(this.gate.forward(x), this.heads))));
    const heads = this.tap("heads", gated);
    const see = this.tapped("contributions") ? (y: Tensor) => this.tap("contributions", y) : undefined;
    return joinHeads(heads, this.output, see);
  }
}
