import { GradientError, scoped, type Tensor } from "@tenon/tensor";

import type { Parameter } from "./parameter.ts";
import type { Part } from "./part.ts";
import { valueAndGrad } from "./value-and-grad.ts";

/** How closely {@link checkGradients} looks. */
export interface CheckGradientsOptions {
  /** Elements compared in each parameter, evenly spread; all when it has no more. Default 6. */
  readonly samples?: number | undefined;
  /** How far each element is moved to either side. Default 1e-5. */
  readonly step?: number | undefined;
  /** What the two may differ by, relative to 1 + |gradient|. Default 1e-7. */
  readonly tolerance?: number | undefined;
}

/**
 * For tests of parts: compares the gradient of each parameter that is not frozen, element by element, with the central difference
 * (loss(p + step) − loss(p − step)) / 2 step. The loss must be a pure function of the parameters. Needs a backend that computes
 * in double precision, such as `cpu({ precision: "f64" })`; in single precision the differences are mostly rounding.
 *
 * Throws `GradientError` naming the parameter, the element and both numbers where they disagree, and for a parameter that the
 * loss does not depend on.
 *
 * @example
 * ```ts
 * const on = cpu({ precision: "f64" });
 * const layer = await new Linear({ input: 3, output: 2, random: random(1) }).to(on);
 * const x = tensor([1, 2, 3], [1, 3], on);
 * await checkGradients(layer, () => sum(tanh(layer.forward(x))));
 * ```
 */
export async function checkGradients(
  model: Part,
  loss: () => Tensor,
  options: CheckGradientsOptions = {},
): Promise<void> {
  const { samples = 6, step = 1e-5, tolerance = 1e-7 } = options;
  const { value, gradients } = valueAndGrad(model, loss);
  value[Symbol.dispose]();
  try {
    for (const [path, parameter] of model.parameters()) {
      if (parameter.frozen) continue;
      const gradient = await gradients.get(parameter)?.read();
      if (gradient === undefined) throw new GradientError(`${path}: the loss does not depend on it`, { path });
      for (const element of spread(gradient.length, samples)) {
        const expected = await centralDifference(parameter, element, step, loss);
        const actual = gradient[element]!;
        if (Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected))) continue;
        throw new GradientError(
          `${path}, element ${element}: the gradient is ${actual}, the central difference ${expected}`,
          {
            path,
            element,
            actual,
            expected,
          },
        );
      }
    }
  } finally {
    for (const gradient of gradients.values()) gradient[Symbol.dispose]();
  }
}

/** At most `count` places from 0 to size − 1, the first and the last among them. */
function spread(size: number, count: number): number[] {
  if (size <= count) return Array.from({ length: size }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.round((i * (size - 1)) / (count - 1)));
}

async function centralDifference(
  parameter: Parameter,
  element: number,
  step: number,
  loss: () => Tensor,
): Promise<number> {
  const values = await parameter.host();
  const lossAt = async (value: number): Promise<number> => {
    const moved = values.slice();
    moved[element] = value;
    parameter.assign(moved);
    using result = scoped(loss);
    return (await result.read())[0]!;
  };
  const middle = values[element]!;
  try {
    return ((await lossAt(middle + step)) - (await lossAt(middle - step))) / (2 * step);
  } finally {
    parameter.assign(values);
  }
}
