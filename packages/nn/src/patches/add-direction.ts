import { add, ConfigError, mul, ShapeError, type Tensor } from "@tenon/tensor";

import type { Tap } from "../patch.ts";

/**
 * For {@link patch}: adds a direction to what passes, x + strength · direction, with x […, d] and the direction [d]. At a residual stream this steers
 * a model: the direction may be the difference of what two contrasting texts leave there.
 *
 * Throws `ConfigError` for a strength that is not finite and `ShapeError` for a direction that has not one axis; `patch` throws
 * `ShapeError`, naming the tap, where x does not end with d.
 *
 * Turner et al. 2023, "Activation addition: steering language models without optimization".
 *
 * @example
 * ```ts
 * class Twice extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     return mul(this.tap("stream", x), 2);
 *   }
 * }
 * const [on, model] = [cpu(), new Twice()];
 * const up = tensor([0, 1], [2], on);
 * const y = patch(model, { "**": addDirection(up, 3) }, () => model.forward(tensor([1, 1], [1, 2], on)));
 * console.log(await y.read()); // Float32Array(2) [ 2, 8 ]
 * ```
 */
export function addDirection(direction: Tensor, strength = 1): Tap {
  if (!Number.isFinite(strength))
    throw new ConfigError(`addDirection: strength must be a finite number, got ${strength}`, { strength });
  if (direction.rank !== 1)
    throw new ShapeError(`addDirection: the direction must be [d], got [${direction.shape.join(", ")}]`, {
      shape: direction.shape,
    });
  return (x, name) => {
    if (x.shape.at(-1) !== direction.shape[0])
      throw new ShapeError(
        `addDirection: the direction is [${direction.shape[0]}], but what passes ${name} is [${x.shape.join(", ")}]`,
        { name, direction: direction.shape, x: x.shape },
      );
    return add(x, mul(direction, strength));
  };
}
