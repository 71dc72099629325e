import { max, reshape, type Random, type Tensor } from "@tenon/tensor";

import { expectSize } from "./check-options.ts";
import type { Initialiser } from "./initial/initial.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** What a {@link Maxout} is made from. */
export interface MaxoutOptions {
  /** Width of what comes in. */
  readonly input: number;
  /** Width of what goes out. */
  readonly output: number;
  /** Of how many maps each output is the largest. Default 2. */
  readonly pieces?: number | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the weight begins. Default: as that of a {@link Linear}; a bias begins at 0. */
  readonly initial?: Initialiser | undefined;
}

/**
 * The largest of several linear maps, a non-linearity that is learned: x […, in] → y […, out], yⱼ = max(aⱼ₁, …, aⱼₚ) with p pieces and a = x Wᵀ + bias
 * […, p · out], in which the pieces of one output stand side by side.
 *
 * Throws `ConfigError` unless widths and pieces are whole numbers from 1 up; `forward` throws `ShapeError` when x does not end with `in`.
 *
 * Goodfellow et al. 2013, "Maxout networks".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const layer = await new Maxout({ input: 2, output: 1, random: random(1) }).to(on);
 * layer.maps.weight.assign(Float32Array.of(1, 0, 0, 1)); // a₁₁ is the first number, a₁₂ the second
 * console.log(await layer.forward(tensor([3, 4, 7, -1], [2, 2], on)).read()); // Float32Array(2) [ 4, 7 ]
 * ```
 */
export class Maxout extends Module<[x: Tensor], Tensor> {
  readonly maps: Linear;
  readonly pieces: number;

  constructor({ input, output, pieces = 2, random, initial }: MaxoutOptions) {
    super();
    expectSize("Maxout", "input", input);
    expectSize("Maxout", "output", output);
    expectSize("Maxout", "pieces", pieces);
    this.maps = new Linear({ input, output: pieces * output, random: random.fork("maps"), initial });
    this.pieces = pieces;
  }

  protected override compute(x: Tensor): Tensor {
    const a = this.maps.forward(x);
    const [width, ...before] = a.shape.toReversed() as [number, ...number[]];
    return max(reshape(a, [...before.toReversed(), width / this.pieces, this.pieces]), -1);
  }
}
