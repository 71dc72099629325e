import { add, concat, denseMask, matmul, slice, where, type Backend, type Tensor } from "@tenon/tensor";

/** Positions that are taken at once: their products with each other are [chunk, chunk]. */
const usual = 64;

/**
 * The sums of linear attention over all positions: yᵢ = qᵢᵀ Σⱼ kⱼ ⊗ vⱼ, with queries and keys [b, h, t, k] and values [b, h, t, n] → [b, h, t, n].
 */
export function allProducts(q: Tensor, k: Tensor, v: Tensor): Tensor {
  return matmul(q, matmul(k, v, { transposeA: true }));
}

/**
 * The same over the positions up to each: yᵢ = qᵢᵀ (S + Σⱼ≤ᵢ kⱼ ⊗ vⱼ), with S [b, h, k, n] for what came before, and S as it is after the last. The
 * positions of a chunk meet by their products, what lies before the chunk by S, so that time and memory grow with t alone.
 */
export function causalProducts(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  before: Tensor | undefined,
  chunk: number = usual,
): { readonly y: Tensor; readonly after: Tensor } {
  const t = q.shape[2]!;
  const most = Math.min(chunk, t);
  const pairs = most === 1 ? undefined : causalPairs(most, q.backend);
  let sums = before;
  const parts: Tensor[] = [];
  for (let first = 0; first < t; first += chunk) {
    const length = Math.min(chunk, t - first);
    const [qs, ks, vs] = [q, k, v].map((x) => (length === t ? x : slice(x, 2, first, length))) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const products = matmul(qs, ks, { transposeB: true });
    const within = matmul(pairs === undefined ? products : where(corner(pairs, length), products, 0), vs);
    parts.push(sums === undefined ? within : add(within, matmul(qs, sums)));
    const added = matmul(ks, vs, { transposeA: true });
    sums = sums === undefined ? added : add(sums, added);
  }
  return { y: parts.length === 1 ? parts[0]! : concat(parts, 2), after: sums! };
}

/** Which of `length` positions sees which, bool [length, length]. */
const causalPairs = (length: number, on: Backend): Tensor =>
  denseMask([{ kind: "causal" }], [], { queries: length, keys: length, queryOffset: 0, on })!;

/** The same for the first `length` of them. */
const corner = (pairs: Tensor, length: number): Tensor =>
  length === pairs.shape[0] ? pairs : slice(slice(pairs, 0, 0, length), 1, 0, length);
