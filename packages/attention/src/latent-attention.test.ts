import { normal, trace, type Initialiser, type Part } from "@tenon/nn";
import {
  AlibiPosition,
  Extent,
  RelativePosition,
  RotaryPosition,
  T5Bias,
  type AttentionPosition,
} from "@tenon/positional";
import { concat, cpu, expand, random, reshape, slice, sum, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { kinds } from "../test/caches.ts";
import { FixedCache } from "./cache/fixed-cache.ts";
import { LatentAttention, type LatentAttentionOptions } from "./latent-attention.ts";
import { causal } from "./mask/causal.ts";
import { window } from "./mask/window.ts";
import { attend } from "./steps/attend.ts";
import { merge, split } from "./steps/heads.ts";

const [b, t, d, h, r] = [2, 5, 8, 2, 3];
const on = cpu({ precision: "f64" });
const x = place(floats([b, t, d], random(1)), on);
const made = (options: Partial<LatentAttentionOptions> = {}): Promise<LatentAttention> =>
  new LatentAttention({ width: d, heads: h, latentWidth: r, random: random(2), ...options }).to(on);

const from = random(7);
const initial: Initialiser = (stream) => normal(stream, 1);
const variant = { valueWidth: 6 }; // as wide as a query, for tables that serve keys and values
const positions: Readonly<Record<string, () => AttentionPosition & Partial<Part>>> = {
  none: () => ({ at: () => ({}) }),
  rotary: () => new RotaryPosition({ width: 2 }),
  ALiBi: () => new AlibiPosition({ heads: h }),
  "T5's bias": () => new T5Bias({ heads: h, buckets: 4, maxDistance: 8, random: from, initial }),
  "relative keys and values": () => new RelativePosition({ width: 6, clip: 3, random: from, initial }),
};
const named = Object.entries(positions);

test.each(named)("gives what keys and values made in full give, with positions: %s", async (_, make) => {
  const position = make();
  const latent = await made({ position, variant });
  const { output, taps } = trace(latent, ["query", "latent"], () => latent.forward(x, { mask: causal() }));
  const [query, known] = [taps["query"]![0]!, taps["latent"]![0]!];
  expect([query.shape, known.shape]).toEqual([
    [b, h, t, 6],
    [b, 1, t, r + 2],
  ]);
  // The paper's equations 10 to 19, with a key and a value for every head.
  const c = reshape(slice(known, 3, 0, r), [b, t, r]);
  const shared = expand(slice(known, 3, r, 2), [b, h, t, 2]);
  const keys = concat([split(latent.key.forward(c), h), shared], -1);
  const values = split(latent.value.forward(c), h);
  const extent = new Extent({ offset: 0, length: t, backend: on });
  const found = attend(query, keys, values, {
    mask: causal(),
    position,
    placement: position.at(extent),
    extent,
    keyLength: t,
    firstKey: 0,
    scale: 1 / Math.sqrt(6),
  });
  expectNumbers(await output.read(), await latent.output.forward(merge(found)).read(), 1e-12);
});

test.each(named)("every cache gives what a pass over everything gives, with positions: %s", async (_, make) => {
  const latent = await made({ position: make(), variant });
  for (const { name, make: newCache, masks, within } of kinds) {
    for (const mask of masks) {
      using cache = newCache();
      const whole = await latent.forward(x, { mask }).read();
      latent.forward(slice(x, 1, 0, 3), { mask, cache });
      const next = await latent.forward(slice(x, 1, 3, 1), { mask, cache }).read();
      const last = await latent.forward(slice(x, 1, 4, 1), { mask, cache }).read();
      const expected = [0, 1].map((row) => [...whole.slice((row * t + 3) * d, (row + 1) * t * d)]);
      const actual = [0, 1].map((row) => [next, last].flatMap((y) => [...y.slice(row * d, (row + 1) * d)]));
      expectNumbers(actual.flat(), expected.flat(), within, name, 1);
    }
  }
});

test("a soft cap bounds the scores, a scale multiplies them, a mask of its own joins that of the pass", async () => {
  const scores = async (options: Partial<LatentAttentionOptions>, name = "scores"): Promise<number[]> => {
    const attention = await made(options);
    const { taps } = trace(attention, [name], () => attention.forward(x, { mask: causal() }));
    return [...(await taps[name]![0]!.read())];
  };
  const plain = await scores({});
  const bent = plain.map((score) => 0.1 * Math.tanh(score / 0.1));
  expectNumbers(await scores({ variant: { softCap: 0.1 } }), bent, 1e-12);
  const doubled = plain.map((score) => score * 2 * Math.sqrt(6));
  expectNumbers(await scores({ variant: { scale: 2 } }), doubled, 1e-12);
  const pattern = await scores({ variant: { mask: window(1) } }, "pattern");
  const itself = plain.map((_, i) => Number(Math.floor(i / t) % t === i % t));
  expectNumbers(pattern, itself, 1e-12);
});

test("what is cached is the latent and the shared key, once", async () => {
  const on = cpu();
  const attention = await new LatentAttention({ width: d, heads: h, latentWidth: r, random: random(2) }).to(on);
  const given: boolean[] = [];
  class Watched extends FixedCache {
    override append(keys: Tensor, values: Tensor): ReturnType<FixedCache["append"]> {
      given.push(keys === values, keys.shape.join() === "2,1,5,5");
      return super.append(keys, values);
    }
  }
  using cache = new Watched(8);
  attention.forward(place(floats([b, t, d], random(1)), on), { cache });
  expect(given).toEqual([true, true]);
});

test("each head's contribution adds up to the output", async () => {
  const attention = await made();
  const { output, taps } = trace(attention, ["contributions", "heads", "pattern"], () => attention.forward(x));
  expect(taps["contributions"]![0]!.shape).toEqual([b, h, t, d]);
  expect(taps["heads"]![0]!.shape).toEqual([b, h, t, 4]);
  expectNumbers(await sum(taps["contributions"]![0]!, 1).read(), await output.read(), 1e-12);
  expectNumbers(await attention.forward(x).read(), await output.read(), 1e-12);
});

test("sizes and inputs that do not fit are refused", async () => {
  const make = (options: Partial<LatentAttentionOptions>) => () =>
    new LatentAttention({ width: d, heads: h, latentWidth: r, random: random(2), ...options });
  expect(make({ heads: 3 })).toThrow("LatentAttention: heads 3 does not divide width 8; choose heads from 1, 2, 4, 8");
  expect(make({ latentWidth: 0 })).toThrow("LatentAttention: latentWidth must be a whole number from 1 up, got 0");
  expect(make({ queryLatentWidth: 1.5 })).toThrow("LatentAttention: queryLatentWidth must be a whole number");
  expect(make({ variant: { headWidth: 3 } })).toThrow(
    "LatentAttention: positionWidth must be a whole number from 1 up, got 1.5",
  );
  expect(make({ variant: { softCap: -1 } })).toThrow(
    "LatentAttention: softCap must be a finite number above 0, got -1",
  );
  const attention = await made({ position: new RotaryPosition({ width: 4 }) });
  expect(() => attention.forward(x)).toThrow("RotaryPosition: made for heads of width 4, got [2, 2, 5, 2]");
  expect(() => attention.forward(slice(x, 2, 0, 4))).toThrow("LatentAttention: x must be [b, t, 8], got [2, 5, 4]");
  const strange = { length: 0, capacity: 1 } as unknown as FixedCache;
  const plain = await made();
  expect(() => plain.forward(x, { cache: strange })).toThrow(
    "LatentAttention: the cache keeps no keys and values, and so belongs to another kind of attention; make one with newCache()",
  );
});
