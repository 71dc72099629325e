import { scoped } from "../scope.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { concat } from "./concat.ts";
import { slice } from "./slice.ts";

/** Consecutive queries, or keys. */
export type Span = readonly [from: number, length: number];

/** How many queries and how many keys a tile has at most. */
export interface TileSize {
  readonly queries: number;
  readonly keys: number;
}

/** What a tile of scores [b, h, t, s] should not exceed. */
const cells = 2 ** 20;

/** Tiles of a call with queries [b, h, t, k]: as long as wide, or wider where there are few queries. */
export function tileSize([b, h, t]: Shape): TileSize {
  const heads = b! * h!;
  const queries = Math.min(t!, Math.max(64, Math.floor(Math.sqrt(cells / heads))));
  return { queries, keys: Math.max(64, Math.floor(cells / (heads * queries))) };
}

/** `from` … `to` − 1 in spans of `size`; the last may be shorter. */
export const spans = (from: number, to: number, size: number): Span[] =>
  Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => [
    from + i * size,
    Math.min(size, to - from - i * size),
  ]);

/** Spans that hold every key that some query of a span may see, as far as the mask's rules say; at least one. */
export function keySpans(attrs: AttentionAttrs, [query, queries]: Span, size: number): Span[] {
  const { mask, queryOffset, keyLength } = attrs;
  let [from, to] = [0, keyLength];
  for (const term of mask) {
    if (term.kind === "causal") to = Math.min(to, queryOffset + query + queries);
    if (term.kind === "window") from = Math.max(from, queryOffset + query - term.size + 1);
  }
  from = Math.min(from, keyLength - 1);
  return spans(from, Math.max(to, from + 1), size);
}

/** Part of an axis that is `whole` long; where x broadcasts along it, x itself. */
export const part = (x: Tensor, axis: number, whole: number, [from, length]: Span): Tensor =>
  x.shape.at(axis) === whole && length < whole ? slice(x, axis, from, length) : x;

/** The opposite of {@link part}, of all parts. */
export const join = (parts: readonly Tensor[], axis: number): Tensor =>
  parts.length === 1 ? parts[0]! : concat(parts, axis);

/** Some queries of an attention and some of its keys, the first of which is key `firstKey`: an attention, too. */
export interface Tile {
  readonly inputs: AttentionInputs;
  readonly attrs: AttentionAttrs;
  readonly firstKey: number;
}

/** The tile of these queries and keys. Rules of the mask that hide nothing of it are left out. */
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
  const mask = attrs.mask.filter(
    (term) =>
      !(term.kind === "causal" && firstKey + keyLength <= queryOffset + 1) &&
      !(term.kind === "window" && firstKey > queryOffset + queries[1] - 1 - term.size),
  );
  return {
    inputs: [
      rows(q),
      ofKeys(k),
      ofKeys(v),
      bias && cells(bias),
      sinks,
      ...masks.map((x) => (x.dtype === "bool" ? cells(x) : rows(x))),
    ],
    attrs: { ...attrs, mask, queryOffset, keyLength },
    firstKey,
  };
}

/** Goes through a list with a state, of which only the latest is alive, and nothing else that a step made. */
export function fold<T, S>(list: readonly T[], state: S, step: (state: S, item: T) => S): S {
  const last = list.length - 1;
  return last < 0 ? state : scoped<S>(() => step(fold(list.slice(0, last), state, step), list[last]!) as never);
}
