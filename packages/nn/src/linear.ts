import type { Random, Tensor } from "@tenon/tensor";

import { expectSize } from "./check-options.ts";
import { zeros, type Initialiser } from "./initial/initial.ts";
import { xavier } from "./initial/xavier.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import type { QuantizablePart } from "./quantized/quantizable-part.ts";
import { timesWeight } from "./quantized/use-weight.ts";

/** What a {@link Linear} is made from. */
export interface LinearOptions {
  /** Width of what comes in. */
  readonly input: number;
  /** Width of what goes out. */
  readonly output: number;
  /** Where the weight's initial values come from. Two layers with the same stream begin equal: give each a `fork` of its own. */
  readonly random: Random;
  /** Is a bias added? Default true. */
  readonly bias?: boolean | undefined;
  /** How the weight begins. Default {@link xavier}; a bias begins at 0. */
  readonly initial?: Initialiser | undefined;
}

/**
 * An affine map of the last axis: y = x Wᵀ + bias, with x […, in], W [out, in], bias [out] → y […, out].
 *
 * Throws `ConfigError` unless the widths are whole numbers from 1 up; `forward` throws `ShapeError` when x does not end with `in`.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const layer = await new Linear({ input: 3, output: 2, random: random(1) }).to(on);
 * console.log(layer.forward(tensor([1, 2, 3], [1, 3], on)).shape); // [ 1, 2 ]
 * ```
 */
export class Linear extends Module<[x: Tensor], Tensor> implements QuantizablePart {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor({ input, output, random, bias = true, initial = xavier }: LinearOptions) {
    super();
    expectSize("Linear", "input", input);
    expectSize("Linear", "output", output);
    this.weight = new Parameter([output, input], initial(random.fork("weight")));
    this.bias = bias ? new Parameter([output], zeros) : undefined;
  }

  get matrices(): readonly Parameter[] {
    return [this.weight];
  }

  protected override compute(x: Tensor): Tensor {
    return timesWeight(x, this.weight, this.bias);
  }
}
