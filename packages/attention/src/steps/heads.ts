import { wholeWeight, type Linear } from "@tenon/nn";
import { add, ConfigError, matmul, permute, reshape, sum, type Tensor } from "@tenon/tensor";

// Of one position, as in decoding, or of one head or one sequence, the elements of either shape are in the same order.

/** [b, t, h · k] → [b, h, t, k] */
export function split(x: Tensor, heads: number): Tensor {
  const [b, t, width] = x.shape as [number, number, number];
  const k = width / heads;
  return t === 1 || heads === 1 ? reshape(x, [b, heads, t, k]) : permute(reshape(x, [b, t, heads, k]), [0, 2, 1, 3]);
}

/** [b, h, t, k] → [b, t, h · k] */
export function merge(x: Tensor): Tensor {
  const [b, heads, t, k] = x.shape as [number, number, number, number];
  return reshape(t === 1 || heads === 1 ? x : permute(x, [0, 2, 1, 3]), [b, t, heads * k]);
}

/** Each head's own product, xᵢ wᵢ: x [b, h, t, k] and w [h, k, n], or with `transposed` [h, n, k] → [b, h, t, n]. */
export function timesPerHead(
  x: Tensor,
  w: Tensor,
  { transposed = false }: { readonly transposed?: boolean } = {},
): Tensor {
  const [b, h, t, k] = x.shape as [number, number, number, number];
  const byHead = reshape(b === 1 ? x : permute(x, [1, 0, 2, 3]), [h, b * t, k]);
  const y = matmul(byHead, w, { transposeB: transposed });
  const n = y.shape[2]!;
  return b === 1 ? reshape(y, [b, h, t, n]) : permute(reshape(y, [h, b, t, n]), [1, 0, 2, 3]);
}

/**
 * The way back from heads [b, h, t, k] to y [b, t, d]: y = concat(headᵢ) Wₒ. With `see`, as the sum of what each head adds, Σ headᵢ Wₒᵢ: it is shown
 * these [b, h, t, d], and what it returns is summed.
 */
export function joinHeads(heads: Tensor, output: Linear, see: ((contributions: Tensor) => Tensor) | undefined): Tensor {
  if (see === undefined) return output.forward(merge(heads));
  const { weight, bias } = output;
  const [h, k] = [heads.shape[1]!, heads.shape[3]!];
  const byHead = permute(reshape(wholeWeight(weight), [weight.type.shape[0]!, h, k]), [1, 0, 2]);
  const y = sum(see(timesPerHead(heads, byHead, { transposed: true })), 1);
  return bias === undefined ? y : add(y, bias.value);
}

/** Throws `ConfigError` unless one option divides another. */
export function expectDivides(part: string, name: string, divisor: number, whole: string, size: number): void {
  if (size % divisor === 0) return;
  const fitting = Array.from({ length: size }, (_, i) => i + 1).filter((n) => size % n === 0);
  throw new ConfigError(
    `${part}: ${name} ${divisor} does not divide ${whole} ${size}; choose ${name} from ${fitting.join(", ")}, or another ${whole}`,
    { [name]: divisor, [whole]: size },
  );
}
