import type { Tensor } from "../tensor.ts";
import { add, div, mul, neg, sub } from "./arithmetic.ts";
import { fold, join, keySpans, part, spans, tileOf, tileSize, type Span, type TileSize } from "./attention-tile.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { cappedScores, filled, grouped, maskOf, patternOf, ungrouped } from "./explicit-attention.ts";
import { matmul } from "./matmul.ts";
import { goOn, sinkScores, unseen, type Rows } from "./online-softmax.ts";
import { exp, square } from "./pointwise.ts";
import { sum, unbroadcast } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { pad } from "./slice.ts";
import { tileScores } from "./tiled-attention.ts";

/** The gradients of q, k, v and the bias through a pattern; those of k and v as long as what is filled. */
function throughPattern(
  inputs: AttentionInputs,
  attrs: AttentionAttrs,
  capped: Tensor,
  pattern: Tensor,
  upstream: Tensor,
  drift: Tensor,
): Tensor[] {
  const [q, k, v, bias] = inputs;
  const { scale, softCap } = attrs;
  const towards = ungrouped(matmul(grouped(upstream, v), filled(v, attrs), { transposeB: true }), q);
  const scoresGradient = mul(pattern, sub(towards, drift));
  const bend = softCap === null ? scale : mul(sub(1, square(div(capped, softCap))), scale);
  const products = grouped(mul(scoresGradient, bend), k);
  return [
    ungrouped(matmul(products, filled(k, attrs)), q),
    matmul(products, grouped(q, k), { transposeA: true }),
    matmul(grouped(pattern, k), grouped(upstream, k), { transposeA: true }),
    ...(bias === undefined ? [] : [unbroadcast(scoresGradient, bias.shape)]),
  ];
}

/** Gradients of all spans: parts of one tensor where an axis is named, else added up. */
function overSpans(
  list: readonly Span[],
  axes: readonly (number | undefined)[],
  gradients: (span: Span) => Tensor[],
): Tensor[] {
  const parts = fold<Span, Tensor[][]>(list, [], (before, span) =>
    gradients(span).map((x, i) => {
      const rest = before[i] ?? [];
      return axes[i] === undefined && rest.length > 0 ? [add(rest[0]!, x)] : [...rest, x];
    }),
  );
  return parts.map((each, i) => join(each, axes[i]!));
}

/**
 * The gradients of attention in tiles of queries and keys, so that [b, h, t, s] is never held. For each tile of queries the largest score and
 * the sum of every row are found anew, as going forward, and with them each tile of the pattern: e^(score − largest) / sum. What is
 * small is computed at once. Formulas at {@link attentionGradientOp}.
 *
 * Dao et al. 2022, "FlashAttention: fast and memory-efficient exact attention with IO-awareness".
 */
export function tiledAttentionGradient(
  inputs: AttentionInputs,
  attrs: AttentionAttrs,
  output: Tensor,
  upstream: Tensor,
  { queries, keys }: TileSize = tileSize(inputs[0].shape),
): Tensor[] {
  const [q, k, , bias, sinks] = inputs;
  const { keyLength } = attrs;
  const [t, capacity] = [q.shape[2]!, k.shape[2]!];
  const biasAlong = (axis: number, whole: number): number | undefined =>
    bias?.shape.at(axis) === whole ? axis : undefined;

  /** Zeros for the keys before and after. */
  const placed = (x: Tensor, axis: number, from: number, whole: number): Tensor =>
    x.shape[axis]! < whole ? pad(x, axis, from, whole - from - x.shape[axis]!) : x;
  const complete = (
    [dq, dk, dv, ...dBias]: Tensor[],
    from: number,
    sunk: Tensor | undefined,
    drift: Tensor,
  ): Tensor[] => [
    dq!,
    placed(dk!, 2, from, capacity),
    placed(dv!, 2, from, capacity),
    ...dBias.map((x) => (biasAlong(-1, keyLength) ? placed(x, x.rank - 1, from, keyLength) : x)),
    ...(sinks === undefined ? [] : [reshape(sum(neg(mul(sunk!, drift)), [0, 2, 3]), sinks.shape)]),
  ];
  const driftOf = (up: Tensor, out: Tensor): Tensor => sum(mul(up, out), -1, { keepDims: true });

  if (t <= queries && keyLength <= keys) {
    const capped = cappedScores(inputs, attrs);
    const scores = bias === undefined ? capped : add(capped, bias);
    const { pattern, sunk } = patternOf(scores, maskOf(inputs, attrs), sinks);
    const drift = driftOf(upstream, output);
    return complete(throughPattern(inputs, attrs, capped, pattern, upstream, drift), 0, sunk, drift);
  }

  return overSpans(spans(0, t, queries), [-2, undefined, undefined, biasAlong(-2, t)], (rowsOf) => {
    const list = keySpans(attrs, rowsOf, keys);
    const up = part(upstream, -2, t, rowsOf);
    const drift = driftOf(up, part(output, -2, t, rowsOf));
    const { top, total } = fold<Span, Rows>(
      list,
      unseen(sinks, q.dtype),
      (rows, span) => goOn(tileScores(tileOf(inputs, attrs, rowsOf, span)).scores, rows).rows,
    );
    const made = overSpans(list, [undefined, -2, -2, biasAlong(-1, keyLength)], (span) => {
      const tile = tileOf(inputs, attrs, rowsOf, span);
      const { capped, scores } = tileScores(tile);
      return throughPattern(tile.inputs, tile.attrs, capped, div(exp(sub(scores, top)), total), up, drift);
    });
    const sunk = sinks && div(exp(sub(sinkScores(sinks), top)), total);
    return complete(made, list[0]![0], sunk, drift);
  });
}
