import { concat, cpu, scoped, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose, filled, someIds, upload, whole } from "../test/models.ts";
import { decoders } from "../test/specs.ts";
import type { Decoder, DecoderInput } from "./decoder.ts";
import type { DecoderSpec } from "./spec.ts";

const [batch, length, vocabulary] = [2, 9, 13];
const ids = someIds(vocabulary, batch * length);
/** Columns from … to − 1 of the ids. */
const columns = (from: number, to: number, on: Backend): Tensor =>
  upload(
    ids.filter((_, i) => i % length >= from && i % length < to),
    batch,
    on,
  );

/** The logits of all positions, from a cache that is fed in chunks. */
function inChunks(model: Decoder, sizes: readonly number[], lengths?: Tensor): Tensor {
  return scoped(() => {
    using cache = model.cache();
    const input: DecoderInput = { cache, lengths };
    const chunks = sizes.map((size) => model.forward(columns(cache.length, cache.length + size, model.backend), input));
    return concat(chunks, 1);
  });
}

const waysToCut = [[9], [4, 1, 3, 1], [1, 8], Array<number>(9).fill(1)];
const doubles = [cpu({ precision: "f64" }), cpu({ precision: "f64", fused: false })];

test.each(decoders)("cached equals uncached, however the text is cut: %s", async (_, spec) => {
  for (const on of doubles) {
    const model = await filled(spec, on);
    const expected = await model.forward(columns(0, length, on)).read();
    for (const sizes of waysToCut) expectClose(await inChunks(model, sizes).read(), expected, 1e-13);
  }
});

test.each(decoders)("next gives the last logits of forward: %s", async (_, spec) => {
  const on = cpu({ precision: "f64" });
  const model = await filled(spec, on);
  using cache = model.cache(8);
  for (const [from, to] of [
    [0, 3],
    [3, 4],
    [4, 8],
  ] as const) {
    const next = model.next(columns(from, to, on), cache);
    expect(next.shape).toEqual([batch, vocabulary]);
    expect(cache.length).toBe(to);
    const all = await model.forward(columns(0, to, on)).read();
    const last = [...all].filter((_, i) => Math.floor(i / vocabulary) % to === to - 1);
    expectClose(await next.read(), last, 1e-13);
  }
});

test("with lengths, too: they count from the beginning of the text", async () => {
  const on = cpu({ precision: "f64" });
  const lengths = whole([9, 5], [2], on);
  for (const [, spec] of decoders) {
    const model = await filled(spec, on);
    const expected = await model.forward(columns(0, length, on), { lengths }).read();
    expectClose(await inChunks(model, [3, 4, 2], lengths).read(), expected, 1e-13);
  }
});

const [[, gptSpec]] = decoders as readonly [readonly [string, DecoderSpec]];

test("a cache that is reset serves another text, in the same memory", async () => {
  const on = cpu();
  const model = await filled(gptSpec, on);
  using cache = model.cache();
  using before = scoped(() => model.next(columns(0, 6, on), cache));
  const { bytes } = on.memory();
  cache.reset();
  expect(cache.length).toBe(0);
  using other = scoped(() => model.next(columns(2, 4, on), cache));
  expect(on.memory().bytes - bytes).toBe(4 * batch * vocabulary);
  using fresh = model.cache();
  using expected = scoped(() => model.next(columns(2, 4, on), fresh));
  expect(await other.read()).toEqual(await expected.read());
  expect(await other.read()).not.toEqual(await before.read());
});
