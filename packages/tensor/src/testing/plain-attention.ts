import type { AttentionAttrs, MaskTerm } from "../ops/attention.ts";
import { at, indices, plain, total, upTo, type Plain } from "./plain.ts";

export interface PlainAttention {
  readonly q: Plain;
  readonly k: Plain;
  readonly v: Plain;
  readonly bias?: Plain | undefined;
  readonly masks?: readonly Plain[];
}

/** e^x over its sum, over the entries that are allowed; zeros when none is. */
export function plainSoftmax(row: readonly number[], allowed: readonly boolean[]): number[] {
  const top = Math.max(...row.filter((_, i) => allowed[i]));
  const powers = row.map((x, i) => (allowed[i] ? Math.exp(x - top) : 0));
  const sum = total(powers);
  return powers.map((power) => (sum === 0 ? 0 : power / sum));
}

/** Attention, one query and one key at a time. */
export function plainAttention(
  { q, k, v, bias, masks = [] }: PlainAttention,
  { scale, mask, queryOffset, keyLength }: AttentionAttrs,
): Plain {
  const [b, h, t, width] = q.shape as [number, number, number, number];
  const group = h / k.shape[1]!;
  const maySee = (term: MaskTerm, index: readonly number[], query: number, key: number): boolean => {
    switch (term.kind) {
      case "causal":
        return key <= query;
      case "window":
        return key > query - term.size;
      case "lengths":
        return key < at(masks[term.input]!, [index[0]!]);
      case "dense":
        return at(masks[term.input]!, [...index.slice(0, 3), key]) === 1;
    }
  };
  const patterns = new Map<string, number[]>();
  for (const index of indices([b, h, t])) {
    const [n, head, query] = index as [number, number, number];
    const shared = Math.floor(head / group);
    const scores = upTo(keyLength).map(
      (key) =>
        scale * total(upTo(width).map((c) => at(q, [...index, c]) * at(k, [n, shared, key, c]))) +
        (bias === undefined ? 0 : at(bias, [...index, key])),
    );
    const allowed = upTo(keyLength).map((key) => mask.every((term) => maySee(term, index, query + queryOffset, key)));
    patterns.set(index.join(), plainSoftmax(scores, allowed));
  }
  return plain([b, h, t, v.shape[3]!], (index) => {
    const [n, head, , c] = index as [number, number, number, number];
    const pattern = patterns.get(index.slice(0, 3).join())!;
    return total(pattern.map((weight, key) => weight * at(v, [n, Math.floor(head / group), key, c])));
  });
}
