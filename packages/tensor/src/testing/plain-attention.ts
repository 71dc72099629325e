import type { MaskTerm } from "../ops/attention-mask.ts";
import type { AttentionAttrs } from "../ops/attention-type.ts";
import { at, indices, plain, total, upTo, type Plain } from "./plain.ts";

/** The tensors of an attention, written out. */
export interface PlainAttention {
  readonly q: Plain;
  readonly k: Plain;
  readonly v: Plain;
  readonly bias?: Plain | undefined;
  readonly sinks?: Plain | undefined;
  readonly masks?: readonly Plain[];
}

/** e^x over its sum, over the entries that are allowed; zeros when none is. */
export function plainSoftmax(row: readonly number[], allowed: readonly boolean[]): number[] {
  const top = Math.max(...row.filter((_, i) => allowed[i]));
  const powers = row.map((x, i) => (allowed[i] ? Math.exp(x - top) : 0));
  const sum = total(powers);
  return powers.map((power) => (sum === 0 ? 0 : power / sum));
}

/** What one query gives each key and the sink of its head, and how its scores change with the products of query and keys. */
interface PlainRow {
  readonly weights: readonly number[];
  readonly sunk: number;
  readonly slopes: readonly number[];
}

/** The row of each query, by its index in [b, h, t]. */
function plainRows(tensors: PlainAttention, attrs: AttentionAttrs): (index: readonly number[]) => PlainRow {
  const { q, k, bias, sinks, masks = [] } = tensors;
  const { scale, softCap, mask, queryOffset, keyLength } = attrs;
  const [b, h, t, width] = q.shape as [number, number, number, number];
  const maySee = (term: MaskTerm, index: readonly number[], query: number, key: number): boolean => {
    switch (term.kind) {
      case "causal":
        return key <= query;
      case "window":
        return key > query - term.size;
      case "lengths":
        return key < at(masks[term.input]!, [index[0]!]);
      case "interval": {
        const [first, end] = [0, 1].map((i) => at(masks[term.input]!, [index[0]!, index[2]!, i]));
        return first! <= key && key < end!;
      }
      case "dense":
        return at(masks[term.input]!, [...index.slice(0, 3), key]) === 1;
    }
  };
  const rows = new Map<string, PlainRow>();
  for (const index of indices([b, h, t])) {
    const [n, head, query] = index as [number, number, number];
    const scaled = upTo(keyLength).map(
      (key) =>
        scale * total(upTo(width).map((c) => at(q, [...index, c]) * at(k, [n, keyHeadOf(tensors, head), key, c]))),
    );
    const scores = scaled.map(
      (x, key) =>
        (softCap === null ? x : softCap * Math.tanh(x / softCap)) +
        (bias === undefined ? 0 : at(bias, [...index, key])),
    );
    const allowed = upTo(keyLength).map((key) => mask.every((term) => maySee(term, index, query + queryOffset, key)));
    // The sink is one more key, which every query sees.
    const weights = plainSoftmax(
      sinks === undefined ? scores : [...scores, at(sinks, [head])],
      sinks === undefined ? allowed : [...allowed, true],
    );
    rows.set(index.join(), {
      weights: weights.slice(0, keyLength),
      sunk: weights[keyLength] ?? 0,
      slopes: scaled.map((x) => (softCap === null ? scale : scale / Math.cosh(x / softCap) ** 2)),
    });
  }
  return (index) => rows.get(index.slice(0, 3).join())!;
}

/** The key head of a query head. */
const keyHeadOf = ({ q, k }: PlainAttention, head: number): number => Math.floor(head / (q.shape[1]! / k.shape[1]!));

/** Attention, one query and one key at a time. */
export function plainAttention(tensors: PlainAttention, attrs: AttentionAttrs): Plain {
  const { q, v } = tensors;
  const rows = plainRows(tensors, attrs);
  return plain([...q.shape.slice(0, 3), v.shape[3]!], (index) => {
    const [n, head, , c] = index as [number, number, number, number];
    return total(rows(index).weights.map((weight, key) => weight * at(v, [n, keyHeadOf(tensors, head), key, c])));
  });
}

/** The weights that each query gives each key, [b, h, t, s]. */
export function plainWeights(tensors: PlainAttention, attrs: AttentionAttrs): Plain {
  const rows = plainRows(tensors, attrs);
  return plain([...tensors.q.shape.slice(0, 3), attrs.keyLength], (index) => rows(index).weights[index[3]!]!);
}

/** The gradients of attention, one query and one key at a time, with `output` for what it gave. */
export function plainAttentionGradient(
  tensors: PlainAttention,
  output: Plain,
  upstream: Plain,
  attrs: AttentionAttrs,
): Plain[] {
  const { q, k, v, bias, sinks } = tensors;
  const rows = plainRows(tensors, attrs);
  const width = upTo(v.shape[3]!);
  const made = [q, k, v, bias, sinks].map((x) => x && new Array<number>(x.data.length).fill(0));
  const [dq, dk, dv, dBias, dSinks] = made as [number[], number[], number[], number[]?, number[]?];
  for (const index of indices(q.shape.slice(0, 3))) {
    const [n, head] = index as [number, number];
    const shared = keyHeadOf(tensors, head);
    const { weights, sunk, slopes } = rows(index);
    const drift = total(width.map((c) => at(upstream, [...index, c]) * at(output, [...index, c])));
    if (dSinks !== undefined) dSinks[head]! -= sunk * drift;
    weights.forEach((weight, key) => {
      const towards = total(width.map((c) => at(upstream, [...index, c]) * at(v, [n, shared, key, c])));
      const score = weight * (towards - drift);
      if (dBias !== undefined) dBias[flat(bias!, [...index, key])]! += score;
      for (const c of upTo(q.shape[3]!)) {
        dq[flat(q, [...index, c])]! += score * slopes[key]! * at(k, [n, shared, key, c]);
        dk[flat(k, [n, shared, key, c])]! += score * slopes[key]! * at(q, [...index, c]);
      }
      for (const c of width) dv[flat(v, [n, shared, key, c])]! += weight * at(upstream, [...index, c]);
    });
  }
  return [q, k, v, bias, sinks].flatMap((x, i) => (x === undefined ? [] : [{ ...x, data: made[i]! }]));
}

/** Where an index of a shape that x broadcasts to lies in x. */
const flat = (x: Plain, index: readonly number[]): number =>
  x.shape.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[index.length - x.shape.length + axis]!), 0);
