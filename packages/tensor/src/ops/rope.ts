import { ShapeError } from "../errors.ts";
import { apply, none, type Composite, type None } from "../op.ts";
import { sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, neg, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { concat } from "./concat.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { unbroadcast } from "./reduce.ts";
import { slice } from "./slice.ts";

/** The two halves of what turns, and what stays: [first | second | rest] along the last axis. */
function parts(x: Tensor, half: number): { first: Tensor; second: Tensor; rest: Tensor | undefined } {
  const k = x.shape[x.rank - 1]!;
  return {
    first: slice(x, -1, 0, half),
    second: slice(x, -1, half, half),
    rest: 2 * half < k ? slice(x, -1, 2 * half, k - 2 * half) : undefined,
  };
}

export const ropeOp: Composite<[x: Tensor, cos: Tensor, sin: Tensor], None> = {
  kind: "composite",
  name: "rope",
  infer: ([x, cos, sin]) => {
    const dtype = expectFloat("rope", x, "x");
    if (cos.dtype !== "f32") expectDType("rope", cos, dtype, "cos");
    expectDType("rope", sin, cos.dtype, "sin");
    const [t, half] = cos.shape;
    if (
      cos.shape.length !== 2 ||
      !sameShape(cos.shape, sin.shape) ||
      x.shape.at(-2) !== t ||
      2 * half! > x.shape.at(-1)!
    ) {
      throw new ShapeError(
        `rope: x ${show(x.shape)} must end with [t, k], and cos ${show(cos.shape)} and sin ${show(sin.shape)} be [t, r / 2] with r ≤ k`,
        { x: x.shape, cos: cos.shape, sin: sin.shape },
      );
    }
    return x;
  },
  saves: "inputs",
  compose: ([x, c, s]) => {
    const [cos, sin] = [cast(c, x.dtype), cast(s, x.dtype)];
    const { first, second, rest } = parts(x, cos.shape[1]!);
    return concat(
      [sub(mul(first, cos), mul(second, sin)), add(mul(second, cos), mul(first, sin)), ...(rest ? [rest] : [])],
      -1,
    );
  },
  gradient: ({ inputs: [x, cos, sin], upstream }) => {
    const half = cos.shape[1]!;
    const table = (f: (x: ReturnType<typeof parts>, g: ReturnType<typeof parts>) => Tensor) => () =>
      cast(unbroadcast(f(parts(x, half), parts(upstream, half)), cos.shape), cos.dtype);
    return [
      () => rope(upstream, cos, neg(sin)), // a rotation's transpose turns back
      table((a, g) => add(mul(g.first, a.first), mul(g.second, a.second))),
      table((a, g) => sub(mul(g.second, a.first), mul(g.first, a.second))),
    ];
  },
};

/**
 * Rotary position (Su et al. 2021, RoFormer; half-split layout): turns each pair (xᵢ, xᵢ₊ᵣ⸝₂) of the first r elements by its
 * angle; the other k − r elements stay. x [b, h, t, k], cos and sin [t, r / 2] → [b, h, t, k].
 *
 * @example
 * ```ts
 * rope(q, cos, sin); // dot products of turned q and k depend on their distance only
 * ```
 */
export function rope(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  return apply(ropeOp, [x, cos, sin], none);
}
