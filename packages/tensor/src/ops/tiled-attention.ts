import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul } from "./arithmetic.ts";
import {
  fold,
  join,
  keySpans,
  spans,
  tileOf,
  tileSize,
  type Span,
  type Tile,
  type TileSize,
} from "./attention-tile.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { cappedScores, explicitAttention, grouped, maskOf, ungrouped } from "./explicit-attention.ts";
import { matmul } from "./matmul.ts";
import { goOn, hide, unseen, type Rows } from "./online-softmax.ts";
import type { Operand } from "./operand.ts";

/** The scores of a tile before the bias, and after the bias and the mask. */
export function tileScores({ inputs, attrs, firstKey }: Tile): { capped: Tensor; scores: Tensor } {
  const bias = inputs[3];
  const capped = cappedScores(inputs, attrs);
  return { capped, scores: hide(bias === undefined ? capped : add(capped, bias), maskOf(inputs, attrs, firstKey)) };
}

/**
 * Attention in tiles of queries and keys, so that [b, h, t, s] is never held. Each tile of queries goes through the keys that it may see with
 * an online softmax, and takes along what its weights, not divided yet, make of the values. What is small is computed at once.
 *
 * A row of −∞ that nothing masks gives zeros in tiles, where at once it gives NaN.
 *
 * Rabe and Staats 2021, "Self-attention does not need O(n²) memory"; Dao et al. 2022, "FlashAttention".
 */
export function tiledAttention(
  inputs: AttentionInputs,
  attrs: AttentionAttrs,
  { queries, keys }: TileSize = tileSize(inputs[0].shape),
): Tensor {
  const [q, , , , sinks] = inputs;
  const t = q.shape[2]!;
  if (t <= queries && attrs.keyLength <= keys) return explicitAttention(inputs, attrs);
  const tiles = spans(0, t, queries).map((rowsOf) =>
    scoped(() => {
      const { rows, sums } = fold<Span, Sums>(
        keySpans(attrs, rowsOf, keys),
        { rows: unseen(sinks, q.dtype), sums: 0 },
        (before, span) => {
          const tile = tileOf(inputs, attrs, rowsOf, span);
          const [part, , v] = tile.inputs;
          const { powers, fade, rows } = goOn(tileScores(tile).scores, before.rows);
          return { rows, sums: add(mul(fade, before.sums), ungrouped(matmul(grouped(powers, v), v), part)) };
        },
      );
      return div(sums, rows.total);
    }),
  );
  return join(tiles, 2);
}
/** Rows so far, and the values [b, h, t, k] so far, each times its weight and not divided yet. */
interface Sums {
  readonly rows: Rows;
  readonly sums: Operand;
}
