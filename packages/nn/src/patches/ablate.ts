import { ConfigError, mean, ShapeError, tensor, where, type Axes, type Tensor } from "@tenon/tensor";

import type { Tap } from "../patch.ts";

/** What {@link ablate} takes out, and what it puts there. */
export interface AblateOptions {
  /** The axis along which `indices` count, such as 1 for the heads of a pattern [b, h, t, s]; below 0 from the end. */
  readonly axis?: number | undefined;
  /** What is taken out along `axis`: heads, positions or features. Default everything. */
  readonly indices?: readonly number[] | undefined;
  /** The axes over which the mean is taken that comes in its place, such as [0, 1] for batch and positions. Default: 0 comes in its place. */
  readonly mean?: Axes;
}

/**
 * For {@link patch}: takes out what passes, or some of it, and puts 0 there or a mean. What a model loses by it says what the part is worth; a mean
 * takes the information away and leaves the usual size. What is put there by 0 hides even NaN, and lets no gradient back.
 *
 * Throws `ConfigError` unless axis and indices are given together, the axis is a whole number and the indices are some from 0 up; `patch` throws
 * `ShapeError`, naming the tap, where what passes has no such axis or index, or no such axes to take the mean over.
 *
 * Michel, Levy and Neubig 2019, "Are sixteen heads really better than one?"; with a mean: Wang et al. 2022, "Interpretability in the wild".
 *
 * @example
 * ```ts
 * class Heads extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     return sum(this.tap("heads", x), 1);
 *   }
 * }
 * const [on, model] = [cpu(), new Heads()];
 * const x = tensor([1, 2, 3], [1, 3, 1], on); // three heads
 * const y = patch(model, { heads: ablate({ axis: 1, indices: [1] }) }, () => model.forward(x));
 * console.log(await y.read()); // Float32Array(1) [ 4 ]
 * ```
 */
export function ablate(options: AblateOptions = {}): Tap {
  const { axis, indices, mean: over } = options;
  if ((axis === undefined) !== (indices === undefined))
    throw new ConfigError("ablate: axis and indices go together, one says along which axis the other counts; got one", {
      axis: axis ?? null,
      indices: indices ?? null,
    });
  if (axis !== undefined && !Number.isInteger(axis))
    throw new ConfigError(`ablate: axis must be a whole number, got ${axis}`, { axis });
  if (indices !== undefined && (indices.length === 0 || !indices.every((i) => Number.isSafeInteger(i) && i >= 0)))
    throw new ConfigError(
      `ablate: indices must be whole numbers from 0 up, at least one, got [${indices.join(", ")}]`,
      {
        indices,
      },
    );
  return (x, name) => where(chosen(x, name, axis ?? 0, indices), over === undefined ? 0 : means(x, name, over), x);
}

/** Where something is taken out: true, and broadcast along all axes but the one. */
function chosen(x: Tensor, name: string, axis: number, indices: readonly number[] | undefined): Tensor {
  if (indices === undefined) return tensor([1], [], x.backend, "bool");
  const place = axis < 0 ? axis + x.rank : axis;
  const size = x.shape[place];
  const wrong = indices.find((index) => size === undefined || index >= size);
  if (size === undefined || wrong !== undefined)
    throw new ShapeError(
      size === undefined
        ? `ablate: what passes ${name} is [${x.shape.join(", ")}] and has no axis ${axis}`
        : `ablate: what passes ${name} is [${x.shape.join(", ")}], so along axis ${axis} there is no index ${wrong}`,
      { name, shape: x.shape, axis, indices },
    );
  const out = new Set(indices);
  const mask = Array.from({ length: size }, (_, i) => (out.has(i) ? 1 : 0));
  return tensor(
    mask,
    x.shape.map((_, i) => (i === place ? size : 1)),
    x.backend,
    "bool",
  );
}

function means(x: Tensor, name: string, axes: Axes): Tensor {
  const each = typeof axes === "number" ? [axes] : axes;
  if (each?.some((axis) => axis >= x.rank || axis < -x.rank))
    throw new ShapeError(
      `ablate: what passes ${name} is [${x.shape.join(", ")}], which has not all of the axes [${each.join(", ")}]`,
      { name, shape: x.shape, axes: each },
    );
  return mean(x, axes, { keepDims: true });
}
