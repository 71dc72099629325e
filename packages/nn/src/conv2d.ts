import { ConfigError, conv2d, type ConvOptions, type HeightWidth, type Random, type Tensor } from "@tenon/tensor";

import { expectSize } from "./check-options.ts";
import { zeros, type Initialiser } from "./initial/initial.ts";
import { kaimingNormal } from "./initial/kaiming.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** What a {@link Conv2d} is made from. */
export interface Conv2dOptions {
  /** Channels of what comes in. */
  readonly input: number;
  /** Channels of what goes out. */
  readonly output: number;
  /** Cells that one result sees: a number for a square, or rows and columns. */
  readonly kernel: number | HeightWidth;
  /** Where the weight's initial values come from. Give each layer a `fork` of its own. */
  readonly random: Random;
  /** Is a bias added? Default true; a layer before a norm needs none. */
  readonly bias?: boolean | undefined;
  /** How the weight begins. Default {@link kaimingNormal}; a bias begins at 0. */
  readonly initial?: Initialiser | undefined;
}

/**
 * A convolution of pictures as a layer: `conv2d` of `@tenon/tensor` with a weight and a bias of its own.
 * y[b, o, i, j] = bias[o] + Σ weight[o, c, p, q] · x[b, c, i · stride + p · dilation − padding, j · stride + q · dilation − padding], over
 * the channels c of o's group, with zeros beyond the edges.
 * x [b, in, h, w], weight [out, in / groups, kh, kw], bias [out] → [b, out, rows, columns], where rows =
 * ⌊(h + 2 · padding − dilation · (kh − 1) − 1) / stride⌋ + 1, and columns likewise.
 *
 * The second argument says how the kernel walks: stride, padding, dilation, groups. Throws `ConfigError` unless the sizes are whole numbers
 * from 1 up and the groups divide both channels; `forward` throws what `conv2d` throws.
 *
 * LeCun et al. 1989, "Backpropagation applied to handwritten zip code recognition".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const stem = new Conv2d({ input: 3, output: 8, kernel: 3, random: random(1) }, { stride: 2, padding: 1 });
 * await stem.to(on);
 * console.log(stem.forward(full([1, 3, 8, 8], 1, on)).shape); // [ 1, 8, 4, 4 ]
 * ```
 */
export class Conv2d extends Module<[x: Tensor], Tensor> {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly walk: ConvOptions<HeightWidth>;

  constructor(
    { input, output, kernel, random, bias = true, initial = kaimingNormal }: Conv2dOptions,
    walk: ConvOptions<HeightWidth> = {},
  ) {
    super();
    expectSize("Conv2d", "input", input);
    expectSize("Conv2d", "output", output);
    const cells = typeof kernel === "number" ? ([kernel, kernel] as const) : kernel;
    if (cells.length !== 2)
      throw new ConfigError(`Conv2d: kernel must be a whole number, or two of them, got [${cells.join(", ")}]`, {
        kernel: cells,
      });
    for (const size of cells) expectSize("Conv2d", "kernel", size);
    const { groups = 1 } = walk;
    expectSize("Conv2d", "groups", groups);
    if (input % groups !== 0 || output % groups !== 0) {
      throw new ConfigError(
        `Conv2d: ${groups} groups cannot share ${input} channels in and ${output} out evenly; groups must divide both`,
        { input, output, groups },
      );
    }
    this.weight = new Parameter([output, input / groups, ...cells], initial(random.fork("weight")));
    this.bias = bias ? new Parameter([output], zeros) : undefined;
    this.walk = walk;
  }

  protected override compute(x: Tensor): Tensor {
    return conv2d(x, this.weight.value, this.bias?.value, this.walk);
  }
}
