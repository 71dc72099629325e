import { bools, type Plain } from "@tenon/tensor/testing";
import { cpu, denseMask, expand, random, scoped, tensor, type Backend, type Random, type Tensor } from "@tenon/tensor";

import { all } from "../src/mask/all.ts";
import { any } from "../src/mask/any.ts";
import { causal } from "../src/mask/causal.ts";
import { dense } from "../src/mask/dense.ts";
import { documents } from "../src/mask/documents.ts";
import { leftPadding } from "../src/mask/left-padding.ts";
import { local } from "../src/mask/local.ts";
import type { Mask, MaskExtent } from "../src/mask/mask.ts";
import { not } from "../src/mask/not.ts";
import { padding } from "../src/mask/padding.ts";
import { predicate } from "../src/mask/predicate.ts";
import { prefix } from "../src/mask/prefix.ts";
import { fixedSparse, stridedSparse } from "../src/mask/sparse.ts";
import { window } from "../src/mask/window.ts";

/** Sizes of all these tests; `longest` is how many tokens a text has at most. */
export const batch = 3;
export const heads = 2;
export const longest = 12;

/** May the query see the key? Both are places in the text; `row` is the query's place in its pass. */
type Rule = (batch: number, head: number, query: number, key: number, row: number) => boolean;

/** A mask and what it is to mean. */
export interface Kind {
  readonly name: string;
  /** For a pass over t queries that are the last of a text of `length` tokens. */
  readonly make: (on: Backend, t: number, length: number) => Mask;
  readonly rule: Rule;
}

const counts = [5, 0, 9];
const count = (on: Backend): Tensor => tensor(counts, [batch], on, "i32");
const ids = [
  [7, 7, 7, 1, 2, 2, 2, 2, 9, 9, 9, 9],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [4, 3, 3, 3, 3, 3, 5, 5, 6, 6, 6, 8],
];
const checker: Rule = (_, __, query, key) => (query * 7 + key * 3) % 5 < 3;
const table: Plain = bools([batch, heads, longest, longest], random(5));
const drawn: Rule = (b, h, _, key, row) => table.data[((b * heads + h) * longest + row) * longest + key] === 1;
/** The table's first t rows and `length` columns. */
const corner = (on: Backend, t: number, length: number): Tensor => {
  const rows = Array.from({ length: batch * heads * t * length }, (_, i) => {
    const [key, row, head] = [i % length, Math.floor(i / length) % t, Math.floor(i / (length * t))];
    return table.data[(head * longest + row) * longest + key]!;
  });
  return tensor(rows, [batch, heads, t, length], on, "bool");
};

export const kinds: readonly Kind[] = [
  { name: "causal", make: () => causal(), rule: (_, __, query, key) => key <= query },
  { name: "window", make: () => window(3), rule: (_, __, query, key) => key > query - 3 },
  { name: "local", make: () => local(2, 1), rule: (_, __, query, key) => key >= query - 2 && key <= query + 1 },
  { name: "local on both sides", make: () => local(3), rule: (_, __, query, key) => Math.abs(key - query) <= 3 },
  { name: "local, back alone", make: () => local(2, 0), rule: (_, __, query, key) => key >= query - 2 && key <= query },
  { name: "padding", make: (on) => padding(count(on)), rule: (b, _, __, key) => key < counts[b]! },
  { name: "leftPadding", make: (on) => leftPadding(count(on)), rule: (b, _, __, key) => key >= counts[b]! },
  { name: "prefix of one length", make: () => prefix(4), rule: (_, __, query, key) => key < 4 || key <= query },
  { name: "prefix", make: (on) => prefix(count(on)), rule: (b, _, query, key) => key < counts[b]! || key <= query },
  { name: "documents", make: () => documents(ids), rule: (b, _, query, key) => ids[b]![query] === ids[b]![key] },
  {
    name: "documents, the same in each row",
    make: () => documents([ids[0]!]),
    rule: (_, __, query, key) => ids[0]![query] === ids[0]![key],
  },
  { name: "predicate", make: () => predicate((query, key) => checker(0, 0, query, key, 0)), rule: checker },
  {
    name: "stridedSparse",
    make: () => stridedSparse(3),
    rule: (_, __, query, key) => key <= query && (query - key <= 3 || (query - key) % 3 === 0),
  },
  {
    name: "fixedSparse",
    make: () => fixedSparse(4, 2),
    rule: (_, __, query, key) => key <= query && (key >> 2 === query >> 2 || key % 4 > 1),
  },
  { name: "dense", make: (on, t, length) => dense(corner(on, t, length)), rule: drawn },
  {
    name: "dense, of keys alone",
    make: (on, _, length) =>
      dense(
        tensor(
          Array.from({ length }, (_, key) => Number(key % 3 > 0)),
          [length],
          on,
          "bool",
        ),
      ),
    rule: (_, __, ___, key) => key % 3 > 0,
  },
  {
    name: "dense, of queries alone",
    make: (on, t) =>
      dense(
        tensor(
          Array.from({ length: t }, (_, row) => Number(row % 2)),
          [t, 1],
          on,
          "bool",
        ),
      ),
    rule: (_, __, ___, ____, row) => row % 2 === 1,
  },
  { name: "all of none", make: () => all(), rule: () => true },
  { name: "any of none", make: () => any(), rule: () => false },
  { name: "not", make: (on) => not(padding(count(on))), rule: (b, _, __, key) => key >= counts[b]! },
  { name: "not all", make: () => not(all()), rule: () => false },
  {
    name: "any",
    make: (on) => any(all(causal(), window(2)), padding(count(on)), documents(ids)),
    rule: (b, _, query, key) =>
      (key <= query && key > query - 2) || key < counts[b]! || ids[b]![query] === ids[b]![key],
  },
  {
    name: "all of several intervals",
    make: (on) => all(local(4, 2), documents(ids), leftPadding(count(on))),
    rule: (b, _, query, key) =>
      key >= query - 4 && key <= query + 2 && ids[b]![query] === ids[b]![key] && key >= counts[b]!,
  },
  {
    name: "all of several of a kind",
    make: (on, t, length) =>
      all(
        all(causal(), window(6), dense(corner(on, t, length)), leftPadding(tensor([0, 2, 1], [batch], on, "i32"))),
        all(causal(), window(4), local(9, 3), documents(ids), padding(count(on))),
        padding(tensor([7, 8, 8], [batch], on, "i32")),
        not(window(2)),
      ),
    rule: (b, h, query, key, row) =>
      key <= query &&
      key > query - 4 &&
      key >= [0, 2, 1][b]! &&
      drawn(b, h, query, key, row) &&
      ids[b]![query] === ids[b]![key] &&
      key < Math.min(counts[b]!, [7, 8, 8][b]!) &&
      key <= query - 2,
  },
];

/** A part of a pass over the last tokens of a text, of which a cache may have dropped the first. */
export interface Pass {
  readonly at: MaskExtent;
  /** All queries of the pass, and all tokens of the text by now. */
  readonly t: number;
  readonly length: number;
}

export function drawPass(dice: Random, backend: Backend = cpu()): Pass {
  const t = 1 + dice.integer(5);
  const offset = dice.integer(longest - t + 1);
  const firstKey = dice.integer(offset + 1);
  const firstQuery = dice.integer(t);
  const queries = 1 + dice.integer(t - firstQuery);
  const keys = offset + t - firstKey;
  return {
    at: { queries, keys, queryOffset: offset + firstQuery, firstKey, firstQuery, backend },
    t,
    length: offset + t,
  };
}

/** What the mask says of each pair, [b, h, queries, keys]. */
export async function said(mask: Mask, at: MaskExtent): Promise<number[]> {
  const { queries, keys, queryOffset, firstKey, backend } = at;
  using allowed = scoped(() => {
    const tensors: Tensor[] = [];
    const terms = mask.lower(tensors, at);
    const seen = denseMask(terms, tensors, { queries, keys, queryOffset: queryOffset - firstKey, on: backend });
    return expand(seen ?? tensor([1], [1], backend, "bool"), [batch, heads, queries, keys]);
  });
  return [...(await allowed.read())];
}

/** What the rule says of each pair. */
export function meant(rule: Rule, { queries, keys, queryOffset, firstKey, firstQuery }: MaskExtent): number[] {
  return Array.from({ length: batch * heads * queries * keys }, (_, i) => {
    const [j, row, head] = [i % keys, Math.floor(i / keys) % queries, Math.floor(i / (keys * queries))];
    return Number(rule(Math.floor(head / heads), head % heads, queryOffset + row, firstKey + j, firstQuery + row));
  });
}
