import { add, div, mean, mul, ShapeError, sqrt, sub, type Tensor } from "@tenon/tensor";

const kept = { keepDims: true } as const;

/** x − mean x over the last axis. */
export const centred = (x: Tensor): Tensor => sub(x, mean(x, -1, kept));

/** What a norm multiplies by, 1 / √(mean x² + ε) over the last axis: x […, d] → […, 1]. */
export const inverseRoot = (x: Tensor, epsilon: number): Tensor =>
  div(1, sqrt(add(mean(mul(x, x), -1, kept), epsilon)));

/**
 * x, or x + residual, for a norm that computes step by step. The steps would broadcast what a fused op refuses, so the shapes are compared
 * here.
 */
export function normed(norm: string, width: number, x: Tensor, residual?: Tensor): Tensor {
  if (x.shape.at(-1) !== width)
    throw new ShapeError(`${norm}: x must end with ${width}, got [${x.shape.join(", ")}]`, { x: x.shape, width });
  if (residual === undefined) return x;
  if (residual.shape.join() !== x.shape.join())
    throw new ShapeError(
      `${norm}: the residual must be [${x.shape.join(", ")}], the shape of x, got [${residual.shape.join(", ")}]; expand() it, or add() and normalise the sum`,
      { x: x.shape, residual: residual.shape },
    );
  return add(x, residual);
}
