import { add, ConfigError, mul, reshape, ShapeError, sizeOf, type Tensor } from "@tenon/tensor";

import { expectPositive, expectSize } from "./check-options.ts";
import { ones, zeros } from "./initial/initial.ts";
import { Module } from "./module.ts";
import { centred, inverseRoot } from "./norm-scale.ts";
import { Parameter } from "./parameter.ts";

/** What a {@link GroupNorm} is made from. */
export interface GroupNormOptions {
  /** How many channels come in. */
  readonly channels: number;
  /** Into how many groups they are cut, in order; as many as channels is instance normalisation. The paper takes 32. */
  readonly groups: number;
  /** Added to the variance, so that a constant group divides by no zero. Default 1e-5. */
  readonly epsilon?: number | undefined;
}

/**
 * Group normalisation: y = (x − mean x) / √(var x + ε) · weight + bias, with mean and variance over the channels of a group and all of their
 * cells, and a weight and a bias [c] for each channel: x [b, c, …] → [b, c, …], pictures [b, c, h, w] or plain rows [b, c]. No row depends
 * on the others of the batch, so it is the same in training and after. Begins with weight 1 and bias 0.
 *
 * Tap: `scale` [b, groups, 1], the 1 / √(var x + ε) that the centred x is multiplied by.
 *
 * Throws `ConfigError` for numbers that are no whole ones from 1 up, groups that do not divide the channels or an epsilon that is not above
 * 0; `forward` throws `ShapeError` unless the second axis of x has the channels.
 *
 * Wu and He 2018, "Group normalization".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const norm = await new GroupNorm({ channels: 4, groups: 2 }).to(on);
 * console.log(norm.forward(full([1, 4, 3, 3], 2, on)).shape); // [ 1, 4, 3, 3 ]
 * ```
 */
export class GroupNorm extends Module<[x: Tensor], Tensor> {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly groups: number;
  readonly epsilon: number;

  constructor({ channels, groups, epsilon = 1e-5 }: GroupNormOptions) {
    super();
    expectSize("GroupNorm", "channels", channels);
    expectSize("GroupNorm", "groups", groups);
    expectPositive("GroupNorm", "epsilon", epsilon);
    if (channels % groups !== 0)
      throw new ConfigError(`GroupNorm: ${groups} groups cannot share ${channels} channels evenly`, {
        channels,
        groups,
      });
    this.weight = new Parameter([channels], ones);
    this.bias = new Parameter([channels], zeros);
    this.groups = groups;
    this.epsilon = epsilon;
  }

  protected override compute(x: Tensor): Tensor {
    const [channels] = this.weight.type.shape as [number];
    const [b, c, ...cells] = x.shape;
    if (b === undefined || c !== channels)
      throw new ShapeError(`GroupNorm: x must be [b, ${channels}, …], got [${x.shape.join(", ")}]`, {
        x: x.shape,
        channels,
      });
    const middle = centred(reshape(x, [b, this.groups, (channels / this.groups) * sizeOf(cells)]));
    const normal = mul(middle, this.tap("scale", inverseRoot(middle, this.epsilon)));
    const each = (parameter: Parameter): Tensor => reshape(parameter.value, [channels, ...cells.map(() => 1)]);
    return add(mul(reshape(normal, x.shape), each(this.weight)), each(this.bias));
  }
}
