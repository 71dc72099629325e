import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul } from "./arithmetic.ts";
import { fold, join, keySpans, querySpans, tileOf, tileSize, type Span, type Tile } from "./attention-tile.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { maskOf, patternOf, scoresOf, weighed } from "./explicit-attention.ts";
import { goOn, hide, unseen, type Rows } from "./online-softmax.ts";
import type { Operand } from "./operand.ts";

/** Rows so far, and what their weights, not divided yet, make of the values so far, [b, h, t, k]. */
interface Sums {
  readonly rows: Rows;
  readonly sums: Operand;
}

/** The scores of a tile before the bias, and after the bias and the rules of the mask that hide anything of this tile. */
export function tileScores({ inputs, attrs, firstKey }: Tile): { readonly capped: Tensor; readonly scores: Tensor } {
  const { queryOffset, keyLength } = attrs;
  const lastQuery = queryOffset + inputs[0].shape[2]! - 1;
  const mask = attrs.mask.filter(
    (term) =>
      !(term.kind === "causal" && firstKey + keyLength <= queryOffset + 1) &&
      !(term.kind === "window" && firstKey > lastQuery - term.size),
  );
  const { capped, scores } = scoresOf(inputs, attrs);
  return { capped, scores: hide(scores, maskOf(inputs, { ...attrs, mask }, firstKey)) };
}

/**
 * Attention in tiles of queries and keys, so that [b, h, t, s] is never held: the queries of a tile go through the keys that they may see with an
 * online softmax, and take along what their weights make of the values. Where all keys fit into one tile it is a plain softmax.
 *
 * A row of −∞ that no mask hides gives zeros over several tiles, and NaN in one.
 *
 * Rabe and Staats 2021, "Self-attention does not need O(n²) memory"; Dao et al. 2022, "FlashAttention: fast and memory-efficient exact
 * attention with IO-awareness".
 */
export function attentionInTiles(
  inputs: AttentionInputs,
  attrs: AttentionAttrs,
  size: number = tileSize(inputs[0].shape, attrs.keyLength),
): Tensor {
  const [q, , , , sinks] = inputs;
  const ofQueries = (queries: Span): Tensor => {
    const list = keySpans(attrs, queries, size);
    if (list.length === 1) {
      const { inputs: given, attrs: at, firstKey } = tileOf(inputs, attrs, queries, list[0]!);
      return weighed(patternOf(scoresOf(given, at).scores, maskOf(given, at, firstKey), sinks).pattern, given, at);
    }
    const start: Sums = { rows: unseen(sinks, q.dtype), sums: 0 };
    const { rows, sums } = fold(list, start, (before, span) => {
      const tile = tileOf(inputs, attrs, queries, span);
      const { powers, fade, rows } = goOn(tileScores(tile).scores, before.rows);
      return { rows, sums: add(mul(fade, before.sums), weighed(powers, tile.inputs, tile.attrs)) };
    });
    return div(sums, rows.total);
  };
  return join(
    querySpans(q, size).map((queries) => scoped(() => ofQueries(queries))),
    -2,
  );
}
