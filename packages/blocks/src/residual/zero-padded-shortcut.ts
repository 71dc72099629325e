import { expectSize, Module } from "@tenon/nn";
import { averagePool2d, ConfigError, pad, ShapeError, type Tensor } from "@tenon/tensor";

/** What a {@link ZeroPaddedShortcut} is made from. */
export interface ZeroPaddedShortcutOptions {
  /** Channels of what comes in. */
  readonly input: number;
  /** Channels of what goes out, at least as many. */
  readonly output: number;
  /** How many cells apart those are that stay. Default 1: all stay. */
  readonly stride?: number | undefined;
}

/**
 * A shortcut without parameters around a sublayer that has more channels or a stride: x at every `stride`-th cell, and zeros for the new
 * channels. x [b, input, h, w] → [b, output, ⌈h / stride⌉, ⌈w / stride⌉].
 *
 * Throws `ConfigError` unless all three are whole numbers from 1 up and there are no fewer channels out than in; `forward` throws
 * `ShapeError` when x is not [b, input, h, w].
 *
 * He et al. 2015, "Deep residual learning for image recognition", option A.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4], [1, 1, 2, 2], cpu());
 * const y = new ZeroPaddedShortcut({ input: 1, output: 2, stride: 2 }).forward(x);
 * console.log(y.shape, await y.read()); // [ 1, 2, 1, 1 ] Float32Array(2) [ 1, 0 ]
 * ```
 */
export class ZeroPaddedShortcut extends Module<[x: Tensor], Tensor> {
  readonly input: number;
  readonly output: number;
  readonly stride: number;

  constructor({ input, output, stride = 1 }: ZeroPaddedShortcutOptions) {
    super();
    for (const [option, size] of Object.entries({ input, output, stride }))
      expectSize("ZeroPaddedShortcut", option, size);
    if (output < input) {
      throw new ConfigError(
        `ZeroPaddedShortcut: zeros cannot make ${output} channels of ${input}; take a projection, such as a Conv2d with a kernel of 1`,
        { input, output },
      );
    }
    this.input = input;
    this.output = output;
    this.stride = stride;
  }

  protected override compute(x: Tensor): Tensor {
    if (x.rank !== 4 || x.shape[1] !== this.input) {
      throw new ShapeError(`ZeroPaddedShortcut: x must be [b, ${this.input}, h, w], got [${x.shape.join(", ")}]`, {
        x: x.shape,
        input: this.input,
      });
    }
    // The mean of a single cell is the cell.
    const kept = this.stride === 1 ? x : averagePool2d(x, 1, { stride: this.stride });
    return pad(kept, 1, 0, this.output - this.input);
  }
}
