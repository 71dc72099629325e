import { ShapeError, sizeOf, type Shape } from "@tenon/tensor";

/** How many numbers one result is made of (`in`), and how many results one number takes part in (`out`). */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/**
 * The fans of a weight: of a `Linear`'s, [out, in], its two sizes; of a convolution's, [out, c / groups, …cells], both times the cells
 * of its kernel. With groups, `out` counts the channels of all groups, as PyTorch counts them.
 *
 * Throws `ShapeError` naming `what` for fewer than two axes.
 *
 * @example
 * ```ts
 * console.log(fansOf([16, 8, 3, 3])); // { in: 72, out: 144 }
 * ```
 */
export function fansOf(shape: Shape, what = "fansOf"): Fans {
  const [output, input, ...cells] = shape;
  if (output === undefined || input === undefined) {
    throw new ShapeError(
      `${what}: a weight must have at least two axes, [out, in, …], got the shape [${shape.join(", ")}]`,
      { shape },
    );
  }
  const each = sizeOf(cells);
  return { in: input * each, out: output * each };
}
