import { Extent } from "@tenon/positional";
import { cpu, findLeaks, random, scoped, slice, tensor, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { FixedCache } from "../cache/fixed-cache.ts";
import { SlidingCache } from "../cache/sliding-cache.ts";
import { LinearAttention } from "../linear-attention.ts";
import { all } from "../mask/all.ts";
import { any } from "../mask/any.ts";
import { causal } from "../mask/causal.ts";
import { leftPadding } from "../mask/left-padding.ts";
import type { Mask, MaskExtent } from "../mask/mask.ts";
import { predicate } from "../mask/predicate.ts";
import { window } from "../mask/window.ts";
import { MultiHeadAttention } from "../multi-head-attention.ts";

const [b, t, d] = [2, 5, 8];
const on = cpu({ precision: "f64" });
const x = place(floats([b, t, d], random(1)), on);

/** The same mask, and for which extents it was lowered. */
function counted(mask: Mask): Mask & { readonly asked: MaskExtent[] } {
  const asked: MaskExtent[] = [];
  return {
    asked,
    lower: (tensors, at) => {
      asked.push(at);
      return mask.lower(tensors, at);
    },
  };
}
const padded = (): Mask => leftPadding(tensor([1, 0], [b], on, "i32"));
const pass = (offset: number, length: number): Extent => new Extent({ offset, length, backend: on });

test("layers that share an extent lower a mask once, each with a mask of its own beside it", async () => {
  const own = [undefined, window(3), predicate((query, key) => query - key !== 1), padded()];
  const layers = await Promise.all(
    own.map((mask, i) => new MultiHeadAttention({ width: d, heads: 2, random: random(i), variant: { mask } }).to(on)),
  );
  const mask = counted(any(all(causal(), padded()), window(1)));
  const apart = await Promise.all(layers.map(async (layer) => [...(await layer.forward(x, { mask }).read())]));
  expect(mask.asked).toHaveLength(4);
  const together = scoped(() => {
    const extent = pass(0, t);
    return layers.map((layer) => layer.forward(x, { mask, extent }));
  });
  expect(mask.asked).toHaveLength(5);
  for (const [i, y] of together.entries()) expectNumbers(await y.read(), apart[i]!, 1e-12);
});

test("linear attention shares it, too", async () => {
  const layers = await Promise.all(
    [1, 2].map((seed) => new LinearAttention({ width: d, heads: 2, causal: true, random: random(seed) }).to(on)),
  );
  const mask = counted(padded());
  scoped(() => {
    const extent = pass(0, t);
    for (const layer of layers) layer.forward(x, { mask, extent });
  });
  expect(mask.asked).toHaveLength(1);
});

test("it is lowered again where the keys of a layer begin at another place, and in the next pass", async () => {
  const attention = await new MultiHeadAttention({ width: d, heads: 2, random: random(2) }).to(on);
  const mask = counted(all(causal(), window(2), padded()));
  using fixed = new FixedCache(9);
  using sliding = new SlidingCache({ window: 2, slack: 1 });
  using other = new FixedCache(9);
  const step = (offset: number, length: number): Tensor[] =>
    scoped(() => {
      const extent = pass(offset, length);
      const piece = slice(x, 1, offset, length);
      return [fixed, sliding, other].map((cache) => attention.forward(piece, { mask, cache, extent }));
    });
  step(0, 3);
  const [whole, ...others] = step(3, 1);
  for (const y of others) expectNumbers(await y.read(), await whole!.read(), 1e-12);
  expect(mask.asked.map(({ queryOffset, firstKey }) => [queryOffset, firstKey])).toEqual([
    [0, 0],
    [3, 0],
    [3, 1],
  ]);
});

test("a mask that refuses an extent refuses it again, and nothing leaks", async () => {
  const attention = await new MultiHeadAttention({ width: d, heads: 2, random: random(2) }).to(on);
  const { leaks } = await findLeaks(() => {
    scoped(() => {
      const extent = pass(0, t);
      const failing: Mask = {
        lower: () => {
          throw new Error("not here");
        },
      };
      for (let i = 0; i < 2; i++) {
        expect(() => attention.forward(x, { mask: failing, extent })).toThrow("not here");
        attention.forward(x, { mask: any(causal(), padded()), extent });
      }
    });
  });
  expect(leaks).toEqual([]);
});
