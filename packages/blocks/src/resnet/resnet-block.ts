import { Conv2d, Module } from "@tenon/nn";
import { relu, type Random, type Tensor } from "@tenon/tensor";

import type { Residual } from "../residual/residual.ts";

/** How one block of a ResNet changes the shape of what passes. */
export interface ShapeChange {
  /** Channels of what comes in. */
  readonly input: number;
  /** Channels of what goes out. */
  readonly output: number;
  /** How many cells apart the results are taken. */
  readonly stride: number;
}

/** What a {@link ResNetBlock} is made from. */
export interface ResNetBlockOptions extends ShapeChange {
  /** Makes the norm after a convolution, [b, c, h, w] → [b, c, h, w], for so many channels. */
  readonly norm: (channels: number) => Module<[x: Tensor], Tensor>;
  /** The connection around both convolutions; where the shape changes, a `Shortcut` with a part that changes it alike. */
  readonly residual: Residual;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * Two convolutions of 3 × 3 cells with a connection around them, and ReLU after the sum: y = relu(shortcut(x) + f(x)), where
 * f(x) = norm₂(conv₂(relu(norm₁(conv₁(x))))). x [b, input, h, w] → [b, output, ⌈h / stride⌉, ⌈w / stride⌉]. The convolutions have no bias,
 * since the norms have one, and begin with He's normal weights.
 *
 * Taps: `input` and `output`, before and after; `added` of the connection.
 *
 * Throws `ConfigError` for channels or a stride that are no whole numbers from 1 up; `forward` throws `ShapeError` when x is not
 * [b, input, h, w], or the connection does not change the shape as the convolutions do.
 *
 * He et al. 2015, "Deep residual learning for image recognition", figure 2.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const change = { input: 4, output: 8, stride: 2 };
 * const block = new ResNetBlock({
 *   ...change,
 *   norm: (channels) => new GroupNorm({ channels, groups: 2 }),
 *   residual: new Shortcut({ shortcut: new ZeroPaddedShortcut(change) }),
 *   random: random(1),
 * });
 * await block.to(on);
 * console.log(block.forward(zeros([1, 4, 6, 6], on)).shape); // [ 1, 8, 3, 3 ]
 * ```
 */
export class ResNetBlock extends Module<[x: Tensor], Tensor> {
  readonly conv1: Conv2d;
  readonly norm1: Module<[x: Tensor], Tensor>;
  readonly conv2: Conv2d;
  readonly norm2: Module<[x: Tensor], Tensor>;
  readonly residual: Residual;

  constructor({ input, output, stride, norm, residual, random }: ResNetBlockOptions) {
    super();
    const kernel = { output, kernel: 3, bias: false };
    this.conv1 = new Conv2d({ ...kernel, input, random: random.fork("conv1") }, { stride, padding: 1 });
    this.norm1 = norm(output);
    this.conv2 = new Conv2d({ ...kernel, input: output, random: random.fork("conv2") }, { padding: 1 });
    this.norm2 = norm(output);
    this.residual = residual;
  }

  protected override compute(x: Tensor): Tensor {
    const input = this.tap("input", x);
    const sum = this.residual.forward(input, (y) => {
      const hidden = relu(this.norm1.forward(this.conv1.forward(y)));
      return this.norm2.forward(this.conv2.forward(hidden));
    });
    return this.tap("output", relu(sum));
  }
}
