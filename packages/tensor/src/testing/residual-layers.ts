import type { Backend } from "../backend.ts";
import type { Differentiated } from "../decorators/differentiate.ts";
import { gelu } from "../ops/activation.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { linear } from "../ops/linear.ts";
import { layerNorm } from "../ops/norm.ts";
import { sum } from "../ops/reduce.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { place } from "./op-case.ts";
import { floats } from "./plain.ts";

/** Runs a body, as `recomputed` does. */
export type Segment = (inputs: readonly Tensor[], body: (...inputs: readonly Tensor[]) => Tensor) => Tensor;
/** Without recomputing. */
export const plain: Segment = (inputs, body) => scoped(() => body(...inputs) as never) as Tensor;

/** n residual layers, run in segments. */
export class ResidualLayers {
  readonly variables: Variable[];
  readonly #each: [scale: Variable, weight: Variable, bias: Variable][];
  readonly #x: Tensor;
  constructor(n: number, on: Backend) {
    const dice = random(11);
    this.#each = Array.from({ length: n }, () => [
      Variable.holding(place(floats([8], dice), on)),
      Variable.holding(place(floats([8, 8], dice), on)),
      Variable.holding(place(floats([8], dice), on)),
    ]);
    this.variables = this.#each.flat();
    this.#x = place(floats([40, 8], dice), on);
  }
  loss(segment: Segment, length: number): Tensor {
    let h = this.#x;
    for (let at = 0; at < this.#each.length; at += length) {
      const each = this.#each.slice(at, at + length);
      h = segment([h], (h) => each.reduce<Tensor>((h, layer) => this.#layer(h, layer), h));
    }
    return sum(mul(h, h));
  }
  #layer(h: Tensor, [scale, weight, bias]: readonly [Variable, Variable, Variable]): Tensor {
    return scoped(() => add(h, gelu(linear(layerNorm(h, scale.value, undefined), weight.value, bias.value))));
  }
}

/** The values of all results, which are then freed. */
export async function valuesOf({ value, gradients }: Differentiated): Promise<(ArrayLike<number> | undefined)[]> {
  const values = await Promise.all([value, ...gradients].map(async (tensor) => tensor?.read()));
  for (const tensor of [value, ...gradients]) tensor?.[Symbol.dispose]();
  return values;
}
