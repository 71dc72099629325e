import { Parameter, Part, valueAndGrad } from "@tenon/nn";
import { Extent, type AttentionPosition } from "@tenon/positional";
import { cpu, mul, random, Scope, scoped, slice, sum, zeros, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { batch, heads, kinds, longest } from "../../test/masks.ts";
import { attend } from "../steps/attend.ts";
import { FixedCache } from "../cache/fixed-cache.ts";
import { SlidingCache } from "../cache/sliding-cache.ts";
import { MultiHeadAttention } from "../multi-head-attention.ts";
import { scaledDotProductAttention } from "../scaled-dot-product-attention.ts";
import { all } from "./all.ts";
import { any } from "./any.ts";
import { causal } from "./causal.ts";
import { local } from "./local.ts";
import type { Mask } from "./mask.ts";
import { not } from "./not.ts";
import { prefix } from "./prefix.ts";
import { window } from "./window.ts";

const on = cpu({ precision: "f64" });
const width = 8;
const x = place(floats([batch, longest, width], random(1)), on);
const read = async (y: Tensor): Promise<number[]> => [...(await y.read())];

test.each(kinds)("$name means the same when a cache has dropped what is far behind", async ({ make }) => {
  const attention = await new MultiHeadAttention({ width, heads, random: random(2) }).to(on);
  using fixed = new FixedCache(longest);
  using sliding = new SlidingCache({ window: 3, slack: 2 });
  using scope = new Scope();
  let length = 0;
  for (const t of [2, 1, 1, 2, 5, 1]) {
    length += t;
    const [one, other] = scope.run(() => {
      const mask = all(causal(), window(3), make(on, t, length));
      const piece = slice(x, 1, length - t, t);
      return [fixed, sliding].map((cache) => attention.forward(piece, { mask, cache }));
    });
    expectNumbers(await read(other!), await read(one!), 1e-12);
  }
});

test.each(kinds)("$name means the same when queries take turns", async ({ make }) => {
  const t = 5;
  const none: AttentionPosition = { at: () => ({ bias: () => zeros([1, 1], on) }) };
  const [queries, keys] = [2, 3].map((seed) => place(floats([batch, heads, longest, 4], random(seed)), on));
  using scope = new Scope();
  const [together, ...turns] = scope.run(() => {
    const extent = new Extent({ offset: longest - t, length: t, backend: on });
    const options = { mask: make(on, t, longest), position: none, placement: none.at(extent), extent, scale: 0.5 };
    const few = slice(queries!, 2, 0, t);
    return [undefined, heads * longest * 2, 1].map((limit) =>
      attend(few, keys!, keys!, { ...options, keyLength: longest, firstKey: 0 }, limit),
    );
  });
  for (const turn of turns) expectNumbers(await read(turn), await read(together!), 1e-12);
});

class Scores extends Part {
  readonly queries: Parameter = new Parameter([1, 2, 3, 4], () => Float32Array.from(floats([24], random(4)).data));
  readonly keys: Parameter = new Parameter([1, 2, 3, 4], () => Float32Array.from(floats([24], random(5)).data));
}
const blind: readonly (readonly [string, Mask, number])[] = [
  ["nothing", any(), 0],
  ["the opposite of everything", not(all()), 0],
  ["a mask and its opposite", all(local(1), not(local(1))), 0],
  ["what lies ahead", not(prefix(0)), 2],
];

test.each(blind)("queries that see no key give zeros and no gradient: %s", async (_, mask, seeing) => {
  const scores = await new Scores().to(on);
  const attended = (): Tensor =>
    scaledDotProductAttention(scores.queries.value, scores.keys.value, scores.keys.value, { mask });
  const y = await read(scoped(attended));
  const rows = Array.from({ length: 6 }, (_, i) => y.slice(4 * i, 4 * i + 4).every((value) => value === 0));
  expect(rows).toEqual([0, 1].flatMap(() => [0, 1, 2].map((row) => row >= seeing)));
  const weights = place(floats([1, 2, 3, 4], random(6)), on);
  const { value, gradients } = valueAndGrad(scores, () => sum(mul(attended(), weights)));
  const found = await Promise.all([value, ...gradients.values()].map(read));
  expect(found.flat().every(Number.isFinite)).toBe(true);
  const ofQueries = found[1]!.slice(4 * seeing, 12);
  expect(ofQueries.every((slope) => slope === 0)).toBe(true);
});

test.each([
  ["prefix", prefix(4)],
  ["local", local(2, 1)],
])("%s is for the kernel what its dense form is", async (_, mask) => {
  const [q, k] = [7, 8].map((seed) => place(floats([1, heads, longest, 4], random(seed)), on)) as [Tensor, Tensor];
  const terms = scaledDotProductAttention(q, k, k, { mask });
  const dense = scaledDotProductAttention(q, k, k, { mask: any(mask, any()) });
  expectNumbers(await read(terms), await read(dense), 1e-12);
});
