import { Conv2d, expectSize, Linear, Module } from "@tenon/nn";
import { ConfigError, mean, relu, type Random, type Tensor } from "@tenon/tensor";

import type { Residual } from "../residual/residual.ts";
import { Shortcut } from "../residual/shortcut.ts";
import { ZeroPaddedShortcut } from "../residual/zero-padded-shortcut.ts";
import { ResNetBlock, type ShapeChange } from "./resnet-block.ts";

/** What a {@link ResNet} is made from. */
export interface ResNetOptions {
  /** Channels c of the pictures. Default 3: red, green and blue. */
  readonly channels?: number | undefined;
  /** Channels of each stage, rising. Default 16, 32, 64, as in the paper. */
  readonly widths?: readonly number[] | undefined;
  /** n, the blocks of each stage. With three stages there are 6 n + 2 layers. */
  readonly blocks: number;
  /** How many classes there are to choose from. */
  readonly classes: number;
  /** Makes the norm after a convolution, [b, c, h, w] → [b, c, h, w], for so many channels: `GroupNorm`. */
  readonly norm: (channels: number) => Module<[x: Tensor], Tensor>;
  /** Makes the connection around a block. Default {@link zeroPadded}, the paper's option A. */
  readonly residual?: ((change: ShapeChange & { readonly random: Random }) => Residual) | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * The paper's connections without parameters, option A: x itself where a block keeps the shape, else every stride-th cell of x and zeros for the
 * new channels.
 *
 * @example
 * ```ts
 * console.log(zeroPadded({ input: 4, output: 4, stride: 1 }).shortcut); // undefined
 * ```
 */
export function zeroPadded({ input, output, stride }: ShapeChange): Shortcut {
  if (input === output && stride === 1) return new Shortcut();
  return new Shortcut({ shortcut: new ZeroPaddedShortcut({ input, output, stride }) });
}

/**
 * A residual network for small pictures: a convolution of 3 × 3 cells, stages of n {@link ResNetBlock}s, each stage but the first beginning with a
 * stride of 2, the mean over all cells, and a linear map. x [b, c, h, w] → logits [b, classes].
 *
 * Its norms are injected, and should be `GroupNorm` (Wu and He 2018) where the paper has batch normalisation: that mixes the samples of a
 * batch and keeps running statistics, so that training and use differ and a module is no function of its parameters and its input.
 *
 * Taps: `stem`, what the first convolution gives to the stages; `features` [b, channels], the means; and those of the blocks.
 *
 * Throws `ConfigError` unless all sizes are whole numbers from 1 up and there is a stage; `forward` throws `ShapeError` when x is not
 * [b, c, h, w].
 *
 * He et al. 2015, "Deep residual learning for image recognition", section 4.2; Wu and He 2018, "Group normalization".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = new ResNet({
 *   widths: [4, 8],
 *   blocks: 1,
 *   classes: 10,
 *   norm: (channels) => new GroupNorm({ channels, groups: 2 }),
 *   random: random(1),
 * });
 * await model.to(on);
 * console.log(model.forward(zeros([2, 3, 8, 8], on)).shape); // [ 2, 10 ]
 * ```
 *
 * With projections around the blocks that change the shape, option B:
 *
 * @example
 * ```ts
 * const projected: ResNetOptions["residual"] = ({ input, output, stride, random }) =>
 *   input === output && stride === 1
 *     ? new Shortcut()
 *     : new Shortcut({ shortcut: new Conv2d({ input, output, kernel: 1, bias: false, random }, { stride }) });
 * const norm = (channels: number): GroupNorm => new GroupNorm({ channels, groups: 2 });
 * const model = new ResNet({ widths: [4, 8], blocks: 1, classes: 10, norm, residual: projected, random: random(1) });
 * console.log([...model.parameters().keys()].filter((path) => path.includes("shortcut"))); // [ 'blocks.1.residual.shortcut.weight' ]
 * ```
 */
export class ResNet extends Module<[x: Tensor], Tensor> {
  readonly conv: Conv2d;
  readonly norm: Module<[x: Tensor], Tensor>;
  readonly blocks: readonly ResNetBlock[];
  readonly head: Linear;

  constructor(options: ResNetOptions) {
    super();
    const { channels = 3, widths = [16, 32, 64], blocks, classes, norm, residual = zeroPadded, random } = options;
    expectSize("ResNet", "blocks", blocks);
    const [first, last] = [widths[0], widths.at(-1)];
    if (first === undefined || last === undefined)
      throw new ConfigError("ResNet: widths is empty; give the channels of at least one stage", { widths });
    this.conv = new Conv2d(
      { input: channels, output: first, kernel: 3, bias: false, random: random.fork("conv") },
      { padding: 1 },
    );
    this.norm = norm(first);
    this.blocks = changes(widths, blocks).map((change, place) => {
      const stream = random.fork("blocks").fork(place);
      return new ResNetBlock({
        ...change,
        norm,
        residual: residual({ ...change, random: stream.fork("residual") }),
        random: stream,
      });
    });
    this.head = new Linear({ input: last, output: classes, random: random.fork("head") });
  }

  protected override compute(x: Tensor): Tensor {
    const stem = this.tap("stem", relu(this.norm.forward(this.conv.forward(x))));
    const cells = this.blocks.reduce((y, block) => block.forward(y), stem);
    return this.head.forward(this.tap("features", mean(cells, [2, 3])));
  }
}

/** What each block does to the shape: the first of each later stage halves the cells and has the new channels. */
function changes(widths: readonly number[], blocks: number): ShapeChange[] {
  return widths.flatMap((output, stage) =>
    Array.from({ length: blocks }, (_, block): ShapeChange => {
      const begins = stage > 0 && block === 0;
      return { input: begins ? widths[stage - 1]! : output, output, stride: begins ? 2 : 1 };
    }),
  );
}
