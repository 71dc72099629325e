import type { Tensor } from "../tensor.ts";
import { add, div, mul, neg, sub } from "./arithmetic.ts";
import { fold, join, keySpans, part, querySpans, tileOf, tileSize, type Span } from "./attention-tile.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { maskOf, patternOf, scoresOf } from "./explicit-attention.ts";
import { goOn, sinkScores, unseen } from "./online-softmax.ts";
import { exp } from "./pointwise.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { pad } from "./slice.ts";
import { throughPattern } from "./through-pattern.ts";
import { tileScores } from "./attention-in-tiles.ts";

/** The gradients of all spans: parts of one where an axis is named, else terms of a sum. */
function overSpans(
  list: readonly Span[],
  axes: readonly (number | undefined)[],
  gradients: (span: Span) => readonly Tensor[],
): Tensor[] {
  const lists = fold<Span, Tensor[][]>(list, [], (before, span) =>
    gradients(span).map((x, i) => {
      const [first, ...rest] = before[i] ?? [];
      return first === undefined ? [x] : axes[i] === undefined ? [add(first, x)] : [first, ...rest, x];
    }),
  );
  return lists.map((parts, i) => join(parts, axes[i] ?? 0));
}

/**
 * The gradients of attention in tiles of queries and keys, so that [b, h, t, s] is never held. For the queries of a tile the largest score
 * and the sum of each row are found anew, as going forward, and from them every tile of the pattern, e^(score − largest) / sum. Where
 * all keys fit into one tile it is a plain softmax. Formulas at {@link attentionGradientOp}.
 *
 * Dao et al. 2022, "FlashAttention: fast and memory-efficient exact attention with IO-awareness".
 */
export function attentionGradientInTiles(
  inputs: AttentionInputs,
  attrs: AttentionAttrs,
  output: Tensor,
  upstream: Tensor,
  size: number = tileSize(inputs[0].shape, attrs.keyLength),
): Tensor[] {
  const [q, k, , bias, sinks] = inputs;
  const { keyLength } = attrs;
  const [t, capacity] = [q.shape[2]!, k.shape[2]!];
  const along = (axis: number, whole: number): number | undefined =>
    bias?.shape.at(axis) === whole ? axis : undefined;
  const [biasQueries, biasKeys] = [along(-2, t), along(-1, keyLength)];
  /** Zeros for the keys before `from` and for those behind. */
  const placed = (x: Tensor, axis: number, from: number, whole: number): Tensor =>
    x.shape.at(axis)! < whole ? pad(x, x.rank + axis, from, whole - from - x.shape.at(axis)!) : x;

  return overSpans(querySpans(q, size), [-2, undefined, undefined, biasQueries], (queries) => {
    const list = keySpans(attrs, queries, size);
    const from = list[0]![0];
    const moved = part(upstream, -2, t, queries);
    const drift = sum(mul(moved, part(output, -2, t, queries)), -1, { keepDims: true });
    const complete = ([dq, dk, dv, dBias]: readonly Tensor[], sunk: Tensor | undefined): Tensor[] => [
      dq!,
      placed(dk!, -2, from, capacity),
      placed(dv!, -2, from, capacity),
      ...(dBias === undefined ? [] : [biasKeys === undefined ? dBias : placed(dBias, -1, from, keyLength)]),
      ...(sinks === undefined ? [] : [reshape(sum(neg(mul(sunk!, drift)), [0, 2, 3]), sinks.shape)]),
    ];
    if (list.length === 1) {
      const tile = tileOf(inputs, attrs, queries, list[0]!);
      const { capped, scores } = scoresOf(tile.inputs, tile.attrs);
      const { pattern, sunk } = patternOf(scores, maskOf(tile.inputs, tile.attrs, tile.firstKey), sinks);
      return complete(throughPattern(pattern, tile.inputs, tile.attrs, capped, moved, drift), sunk);
    }
    const { top, total } = fold(
      list,
      unseen(sinks, q.dtype),
      (rows, span) => goOn(tileScores(tileOf(inputs, attrs, queries, span)).scores, rows).rows,
    );
    const gradients = overSpans(list, [undefined, -2, -2, biasKeys], (span) => {
      const tile = tileOf(inputs, attrs, queries, span);
      const { capped, scores } = tileScores(tile);
      return throughPattern(div(exp(sub(scores, top)), total), tile.inputs, tile.attrs, capped, moved, drift);
    });
    return complete(gradients, sinks && div(exp(sub(sinkScores(sinks), top)), total));
  });
}
