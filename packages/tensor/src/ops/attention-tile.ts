import { apply } from "../op.ts";
import { scoped } from "../scope.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { concatOp } from "./concat.ts";
import { slice } from "./slice.ts";

/** Consecutive queries, or keys. */
export type Span = readonly [from: number, length: number];

/** Up to so many scores [b, h, t, s], 4 MB, a call is one tile: fewer ops, each larger, which is what a GPU wants. */
const atOnce = 2 ** 20;
/** So many has a tile of a larger call. On cpu and in WASM 2¹⁶ to 2¹⁸ are about as fast, and 2²⁰ takes 10 to 20 % longer. */
const scoresOfTile = 2 ** 18;

/**
 * How many queries, and how many keys, a tile of a call with queries [b, h, t, k] and s keys has at most. A call with very few queries is one
 * tile: its scores are fewer than the numbers in its keys, which are copied where they are cut.
 */
export function tileSize([b, h, t]: Shape, s: number): number {
  const heads = b! * h!;
  return t! < 16 || heads * t! * s <= atOnce
    ? Math.max(t!, s)
    : Math.max(64, Math.floor(Math.sqrt(scoresOfTile / heads)));
}

/** `from` … `to` − 1 in spans of `size`; the last may be shorter. */
const cut = (from: number, to: number, size: number): Span[] =>
  Array.from({ length: Math.ceil((to - from) / size) || 1 }, (_, i) => [
    from + i * size,
    Math.min(size, to - from - i * size),
  ]);

/** The queries of a call in spans. */
export const querySpans = (q: Tensor, size: number): Span[] => cut(0, q.shape[2]!, size);

/** Spans of the keys that the queries of a span may see, as far as the mask's rules say; where all keys fit into one, of all keys. */
export function keySpans(attrs: AttentionAttrs, [query, queries]: Span, size: number): Span[] {
  const { mask, queryOffset, keyLength } = attrs;
  let [from, to] = [0, keyLength];
  if (to <= size) return [[from, to]];
  for (const term of mask) {
    if (term.kind === "causal") to = Math.min(to, queryOffset + query + queries);
    if (term.kind === "window") from = Math.max(from, queryOffset + query - term.size + 1);
  }
  from = Math.min(from, keyLength - 1); // at least one, if only to find that it is hidden
  return cut(from, Math.max(to, from + 1), size);
}

/** Part of an axis that is `whole` long; where x broadcasts along it, x itself. */
export const part = (x: Tensor, axis: number, whole: number, [from, length]: Span): Tensor =>
  x.shape.at(axis) === whole && length < whole ? slice(x, axis, from, length) : x;

/** All parts of an axis, counted from the last, as one. */
export const join = ([first, ...rest]: readonly Tensor[], axis: number): Tensor =>
  rest.length === 0 ? first! : apply(concatOp, [first!, ...rest], { axis: first!.rank + axis });

/** Some queries of an attention and some of its keys: an attention, whose first key is key `firstKey`. */
export interface Tile {
  readonly inputs: AttentionInputs;
  readonly attrs: AttentionAttrs;
  readonly firstKey: number;
}

/** The tile of these queries and keys. */
export function tileOf(
  [q, k, v, bias, sinks, ...masks]: AttentionInputs,
  attrs: AttentionAttrs,
  queries: Span,
  keys: Span,
): Tile {
  const [firstKey, keyLength] = keys;
  const queryOffset = attrs.queryOffset + queries[0];
  const rows = (x: Tensor): Tensor => part(x, -2, q.shape[2]!, queries);
  const cells = (x: Tensor): Tensor => part(rows(x), -1, attrs.keyLength, keys);
  const ofKeys = (x: Tensor): Tensor => part(x, -2, k.shape[2]!, keys);
  return {
    inputs: [
      rows(q),
      ofKeys(k),
      ofKeys(v),
      bias && cells(bias),
      sinks,
      ...masks.map((x) => (x.dtype === "bool" ? cells(x) : rows(x))),
    ],
    attrs: { ...attrs, queryOffset, keyLength },
    firstKey,
  };
}

/** Goes through a list with a state. Of what a step makes only its state is alive after it, and of the states only the latest. */
export function fold<T, S>(list: readonly T[], state: S, step: (state: S, item: T) => S): S {
  const last = list.length - 1;
  return last < 0 ? state : scoped<S>(() => step(fold(list.slice(0, last), state, step), list[last]!) as never);
}
