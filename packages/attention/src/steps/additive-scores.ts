import { recompute, type Linear } from "@tenon/nn";
import { add, concat, reshape, slice, tanh, type Tensor } from "@tenon/tensor";

/** More sums than this are computed for a few queries at a time: 64 MiB of them. */
const most = 2 ** 24;

/**
 * eᵢⱼ = vᵀ tanh(qᵢ + kⱼ), with queries [b, t, a], keys [b, s, a] and v [1, a] → [b, 1, t, s]: a network with one hidden layer, for each pair. The hidden
 * layer is a times as large as the scores. Where that is much, the queries take turns, and for the gradients each turn is computed again.
 */
export function additiveScores(queries: Tensor, keys: Tensor, v: Linear, limit: number = most): Tensor {
  const [b, t, a] = queries.shape as [number, number, number];
  const s = keys.shape[1]!;
  const scores = (q: Tensor, k: Tensor): Tensor => {
    const hidden = tanh(add(reshape(q, [b, q.shape[1]!, 1, a]), reshape(k, [b, 1, s, a])));
    return reshape(v.forward(hidden), [b, 1, q.shape[1]!, s]);
  };
  const atOnce = Math.max(1, Math.floor(limit / (b * s * a)));
  if (t <= atOnce) return scores(queries, keys);
  const turns = Array.from({ length: Math.ceil(t / atOnce) }, (_, i) => {
    const first = i * atOnce;
    return recompute([slice(queries, 1, first, Math.min(atOnce, t - first)), keys], scores);
  });
  return concat(turns, 2);
}
