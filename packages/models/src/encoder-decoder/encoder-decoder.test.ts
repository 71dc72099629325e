// What holds for every encoder–decoder that a spec can describe.
import { loadParameters, parseSafetensors, saveParameters } from "@tenon/checkpoint";
import { checkGradients, valueAndGrad } from "@tenon/nn";
import { concat, cpu, crossEntropy, reshape, scoped, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { encoderDecoders } from "../../test/encoder-decoders.ts";
import { expectClose, filled, refusal, someIds, upload, whole } from "../../test/models.ts";
import { assemble } from "../assemble.ts";
import type { EncoderDecoder } from "./encoder-decoder.ts";

const double = (): Backend => cpu({ precision: "f64" });
const [batch, s, t, vocabulary] = [2, 7, 5, 13];
const sources = someIds(vocabulary, batch * s);
const targets = someIds(vocabulary, batch * t, 2);
const lengths = [4, 7];
const row = (ids: readonly number[], i: number): number[] =>
  ids.slice((i * ids.length) / batch, ((i + 1) * ids.length) / batch);

function logitsOf(model: EncoderDecoder, source = sources, target = targets): Tensor {
  const on = model.backend;
  return scoped(() =>
    model.forward(upload(source, batch, on), upload(target, batch, on), { sourceLengths: whole(lengths, [batch], on) }),
  );
}
/** A loss that the logits of every position take part in. */
const lossOf = (model: EncoderDecoder): Tensor =>
  crossEntropy(
    reshape(logitsOf(model), [batch * t, vocabulary]),
    whole(someIds(vocabulary, batch * t, 3), [batch * t], model.backend),
  );

test.each(encoderDecoders)(
  "a padded source equals the source alone, whatever the padding holds: %s",
  async (_, spec) => {
    const on = double();
    const model = await filled(spec, on);
    const noise = sources.map((id, i) => (i >= lengths[0]! && i < s ? (id + 5) % vocabulary : id));
    const [padded, noisy] = [await logitsOf(model).read(), await logitsOf(model, noise).read()];
    for (const i of [0, 1]) {
      const alone = await scoped(() =>
        model.forward(upload(row(sources, i).slice(0, lengths[i]), 1, on), upload(row(targets, i), 1, on)),
      ).read();
      for (const logits of [padded, noisy]) expectClose(row([...logits], i), alone, 1e-13);
    }
  },
);

test.each(encoderDecoders)("each target sees all of the source, itself and what was before: %s", async (_, spec) => {
  const model = await filled(spec, cpu());
  const before = await logitsOf(model).read();
  const touched = async (source: number[], target: number[]): Promise<number[]> => {
    const after = await logitsOf(model, source, target).read();
    const changed = [...before.keys()].filter((i) => before[i] !== after[i]).map((i) => Math.floor(i / vocabulary));
    return [...new Set(changed)];
  };
  const other = (ids: readonly number[], place: number): number[] =>
    ids.map((id, i) => (i === place ? (id + 1) % vocabulary : id));
  expect(await touched(sources, other(targets, t + 2))).toEqual([t + 2, t + 3, t + 4]);
  expect(await touched(other(sources, 2), targets)).toEqual([0, 1, 2, 3, 4]);
});

test.each(encoderDecoders)("targets padded in front and behind say the same: %s", async (_, spec) => {
  const on = double();
  const model = await filled(spec, on);
  const [first, second] = [row(targets, 0).slice(0, 3), row(targets, 1)];
  const behind = await logitsOf(model, sources, [...first, 9, 9, ...second]).read();
  const inFront = await scoped(() =>
    model.forward(upload(sources, batch, on), upload([9, 9, ...first, ...second], batch, on), {
      sourceLengths: whole(lengths, [batch], on),
      paddings: [2, 0],
    }),
  ).read();
  expectClose(inFront.slice(2 * vocabulary, t * vocabulary), behind.slice(0, 3 * vocabulary), 1e-13);
  expectClose(inFront.slice(t * vocabulary), behind.slice(t * vocabulary), 1e-13);
  const told = await scoped(() =>
    model.forward(upload(sources, batch, on), upload([...first, 9, 9, ...second], batch, on), {
      sourceLengths: whole(lengths, [batch], on),
      lengths: whole([3, t], [batch], on),
    }),
  ).read();
  expectClose(told.slice(0, 3 * vocabulary), behind.slice(0, 3 * vocabulary), 1e-13);
});

test.each(encoderDecoders)(
  "token by token through a cache as at once, rows selected and forked: %s",
  async (_, spec) => {
    const on = double();
    const model = await filled(spec, on);
    const expected = [...(await logitsOf(model).read())];
    const last = (i: number, from: number): number[] => row(expected, i).slice(from * vocabulary);
    using encoded = model.encode(upload(sources, batch, on), { lengths: whole(lengths, [batch], on) });
    using cache = encoded.cache();
    const step = (from: number, to: number, rows = [0, 1], of = cache): Tensor =>
      scoped(() => {
        const ids = rows.flatMap((i) => row(targets, i).slice(from, to));
        return encoded.logits(encoded.states(upload(ids, rows.length, on), of));
      });
    expectClose(await concat([step(0, 2), step(2, 3), step(3, t)], 1).read(), expected, 1e-12);
    cache.crop(1);
    using other = cache.fork();
    other.select([1, 0, 1]);
    const crossed = await step(1, t, [1, 0, 1], other).read();
    expectClose(crossed, [...last(1, 1), ...last(0, 1), ...last(1, 1)], 1e-12);
    expectClose(await step(1, t).read(), [...last(0, 1), ...last(1, 1)], 1e-12);
    cache.reset();
    const next = await scoped(() => encoded.next(upload(targets, batch, on), cache)).read();
    expectClose(next, [...last(0, t - 1), ...last(1, t - 1)], 1e-12);
  },
);

test.each(encoderDecoders)(
  "every parameter has a gradient, the one that central differences show: %s",
  async (_, spec) => {
    const model = await filled(spec, double());
    await checkGradients(model, () => lossOf(model), { samples: 2 });
  },
);

test.each(encoderDecoders)("save, load, same logits: %s", async (_, spec) => {
  const model = await filled(spec, cpu());
  const bytes = await saveParameters(model);
  const again: typeof spec = JSON.parse(JSON.stringify(model.spec));
  const other = await assemble(again, { seed: 9 }).to(cpu());
  expect(other.spec).toEqual(model.spec);
  const fresh = await logitsOf(other).read();
  loadParameters(other, parseSafetensors(bytes));
  const logits = await logitsOf(model).read();
  expect(await logitsOf(other).read()).toEqual(logits);
  expect(fresh).not.toEqual(logits);
});

test.each(encoderDecoders)("memory returns to where it was: %s", async (_, spec) => {
  const on = cpu();
  const model = await filled(spec, on);
  const base = on.memory();
  expect(base.tensors).toBe(model.parameters().size);
  logitsOf(model)[Symbol.dispose]();
  const { value, gradients } = valueAndGrad(model, () => lossOf(model));
  for (const tensor of [value, ...gradients.values()]) tensor[Symbol.dispose]();
  expect(on.memory()).toEqual(base);
  {
    using source = upload(sources, batch, on);
    using counts = whole(lengths, [batch], on);
    using encoded = model.encode(source, { lengths: counts });
    using cache = encoded.cache();
    for (let i = 0; i < 3; i++) scoped(() => void encoded.next(upload([i, i], 2, on), cache));
    scoped(() => void encoded.attention(cache));
    using fork = cache.fork();
    fork.select([1]);
  }
  expect(on.memory()).toEqual(base);
});

test("a source of another number of rows than the target, and too many ids, are refused", async () => {
  const on = cpu();
  const model = await filled(encoderDecoders[0]![1], on);
  const ids = (count: number, rows = 1): Tensor => upload(new Array<number>(count * rows).fill(1), rows, on);
  const encoded = model.encode(ids(3, 2));
  expect(refusal(() => encoded.next(ids(1, 3), encoded.cache()))).toMatchInlineSnapshot(
    `"ShapeError: 2 sources for 3 targets: row i of a target belongs to source i. Ways of decoding that go by the ids of a target alone, as generate and beamSearch do, take one source at a time; encode each by itself."`,
  );
  expect(refusal(() => encoded.attention(encoded.cache()))).toMatchInlineSnapshot(
    `"ConfigError: attention() is about the latest pass, and there was none since the cache was made, cropped, selected or forked; call next() or states() first"`,
  );
  expect(refusal(() => model.forward(ids(3, 2), ids(2, 3)))).toMatchInlineSnapshot(
    `"ShapeError: MultiHeadCrossAttention: x [3, 2, 16] has 3 sequences, the memory 2; give each sequence a memory of its own"`,
  );
  expect(refusal(() => model.forward(ids(13), ids(2)))).toMatchInlineSnapshot(
    `"ConfigError: 13 tokens, but this model's context is 12. Shorten the text, or assemble a model with a larger context."`,
  );
  expect(refusal(() => model.forward(ids(3), ids(13)))).toMatchInlineSnapshot(
    `"ConfigError: 13 tokens, but this model's context is 12. Shorten the text, or assemble a model with a larger context."`,
  );
  const cache = encoded.cache();
  encoded.next(ids(1, 2), cache);
  expect(refusal(() => encoded.next(ids(1, 3), cache))).toMatchInlineSnapshot(
    `"ShapeError: FixedCache: it holds [2, 4, t, 4], got [3, 4, 1, 4]. Each batch and each layer needs a cache of its own."`,
  );
});
