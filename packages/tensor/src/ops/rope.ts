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
 * Rotary position: turns pair i of the first r elements, x₁ = xᵢ and x₂ = xᵢ₊ᵣ⸝₂, by an angle of its own, y₁ = x₁ cos − x₂ sin and
 * y₂ = x₂ cos + x₁ sin; the other k − r elements stay. x [b, h, t, k] (or […, t, k]), cos and sin [t, r / 2] → the shape of x. The pairs
 * are half-split, as in GPT-NeoX: the first half of what turns goes with the second, not each element with its neighbour.
 *
 * f32, f16 or bf16; cos and sin are of one dtype, that of x or f32. Throws `ShapeError` where sizes do not fit, and `DTypeError`.
 *
 * Gradient: to x upstream, turned back by the same angles; to cos Σ (g₁ x₁ + g₂ x₂) and to sin Σ (g₂ x₁ − g₁ x₂), summed over all but
 * position and pair, with g the upstream gradient.
 *
 * Su et al. 2021, "RoFormer: enhanced transformer with rotary position embedding".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 0, 7, 1, 0, 7], [2, 3], on); // two positions, r = 2
 * const [cosines, sines] = [tensor([1, 0], [2, 1], on), tensor([0, 1], [2, 1], on)]; // turned by 0° and by 90°
 * console.log(await rope(x, cosines, sines).read()); // Float32Array(6) [ 1, 0, 7, 0, 1, 7 ]
 * ```
 */
export function rope(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  return apply(ropeOp, [x, cos, sin], none);
}
