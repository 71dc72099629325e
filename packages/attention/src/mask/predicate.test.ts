import { autodiff, cpu, random, Scope, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { FixedCache } from "../cache/fixed-cache.ts";
import { MultiHeadAttention } from "../multi-head-attention.ts";
import { all } from "./all.ts";
import { causal } from "./causal.ts";
import type { MaskExtent } from "./mask.ts";
import { predicate } from "./predicate.ts";
import { window } from "./window.ts";

const on = cpu();
const at = (queries: number, keys: number, queryOffset = 0): MaskExtent => ({
  queries,
  keys,
  queryOffset,
  firstKey: 0,
  firstQuery: 0,
  backend: on,
});
const wave = (b: number, t: number): Tensor =>
  tensor(
    Float32Array.from({ length: b * t * 8 }, (_, i) => Math.sin(i * i)),
    [b, t, 8],
    on,
  );

test("lowers to one dense term, true where the function says so, by position", async () => {
  const tensors: Tensor[] = [];
  const before = on.memory().tensors;
  {
    using scope = new Scope();
    const terms = scope.run(() =>
      all(
        causal(),
        predicate((query, key) => query % 2 === key),
      ).lower(tensors, at(2, 3, 4)),
    );
    expect(terms).toEqual([{ kind: "causal" }, { kind: "dense", input: 0 }]);
    expect(tensors[0]!.type).toEqual({ dtype: "bool", shape: [2, 3] });
    expect(await tensors[0]!.read()).toEqual(Uint8Array.of(1, 0, 0, 0, 1, 0)); // queries 4 and 5
  }
  expect(on.memory().tensors).toBe(before);
});

test("asks once for each pair, until the positions change", () => {
  let asked = 0;
  const mask = predicate(() => {
    asked++;
    return true;
  });
  using scope = new Scope();
  for (const [extent, total] of [
    [at(2, 3), 6],
    [at(2, 3), 6],
    [{ ...at(2, 3), backend: autodiff(on) }, 6],
    [at(2, 3, 1), 12],
    [at(1, 3, 1), 15],
    [at(1, 4, 1), 19],
    [{ ...at(1, 4, 1), firstKey: 1 }, 23],
  ] as const) {
    scope.run(() => mask.lower([], extent));
    expect(asked).toBe(total);
  }
});

test("gives what the mask that it spells out gives, with and without a cache", async () => {
  const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
  const [named, spelled] = [all(causal(), window(3)), predicate((query, key) => key <= query && key > query - 3)];
  const x = wave(2, 6);
  const expected = await attention.forward(x, { mask: named }).read();
  expect(await attention.forward(x, { mask: spelled }).read()).toEqual(expected);
  const results = [];
  for (const mask of [named, spelled]) {
    using cache = new FixedCache(9);
    attention.forward(x, { mask, cache });
    results.push(await attention.forward(wave(2, 2), { mask, cache }).read());
  }
  expect(results[1]).toEqual(results[0]);
});
