// What holds for every model that a spec can describe; see also decoder-cache.test.ts.
import { loadParameters, parseSafetensors, saveParameters } from "@tenon/checkpoint";
import { checkGradients, valueAndGrad } from "@tenon/nn";
import { cpu, crossEntropy, reshape, scoped, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose, fill, filled, someIds, upload, whole } from "../test/models.ts";
import { decoders, encoders } from "../test/specs.ts";
import { assemble } from "./assemble.ts";
import type { Decoder } from "./decoder.ts";
import type { Encoder } from "./encoder.ts";
import type { DecoderSpec, EncoderSpec } from "./spec.ts";

const models: readonly (readonly [name: string, spec: DecoderSpec | EncoderSpec])[] = [
  ...decoders.map(([name, spec]) => [`decoder: ${name}`, spec] as const),
  ...encoders.map(([name, spec]) => [`encoder: ${name}`, spec] as const),
];
const double = (): Backend => cpu({ precision: "f64" });
const [batch, length, vocabulary] = [2, 9, 13];
const ids = someIds(vocabulary, batch * length);
const lengths = [5, 9];

/** The segment of each of the ids; undefined for a model without segments. */
function segmentsFor({ spec }: Decoder | Encoder): number[] | undefined {
  return spec.kind === "encoder" && spec.segments > 0 ? someIds(spec.segments, batch * length, 3) : undefined;
}

/** The logits [b, t, v] of a batch, padded where a row is shorter than the longest. */
function logitsOf(model: Decoder | Encoder, data: readonly number[], rowLengths?: readonly number[]): Tensor {
  return scoped(() => {
    const on = model.backend;
    const segments = segmentsFor(model)?.slice(0, data.length);
    const counts = rowLengths && whole(rowLengths, [rowLengths.length], on);
    return model.forward(upload(data, batch, on), {
      lengths: counts,
      ...(segments && { segments: whole(segments, [batch, data.length / batch], on) }),
    });
  });
}

/** A loss that the logits of every position take part in. */
function lossOf(model: Decoder | Encoder): Tensor {
  const targets = whole(someIds(vocabulary, batch * length, 2), [batch * length], model.backend);
  return crossEntropy(reshape(logitsOf(model, ids), [batch * length, vocabulary]), targets);
}

test.each(models)("a padded row equals the row alone, whatever the padding holds: %s", async (_, spec) => {
  const on = double();
  const model = await filled(spec, on);
  const padded = await logitsOf(model, ids, lengths).read();
  const [first] = lengths as [number];
  const noise = ids.map((id, i) => (i >= first && i < length ? (id + 5) % vocabulary : id));
  const short = segmentsFor(model)?.slice(0, first);
  const alone = await scoped(() =>
    model.forward(upload(ids.slice(0, first), 1, on), short && { segments: whole(short, [1, first], on) }),
  ).read();
  for (const logits of [padded, await logitsOf(model, noise, lengths).read()]) {
    expectClose(logits.slice(0, first * vocabulary), alone, 1e-13);
    // The other row is full, and knows nothing of its neighbour.
    const full = length * vocabulary;
    expectClose(logits.slice(full), (await logitsOf(model, ids).read()).slice(full), 1e-13);
  }
});

test.each(models)("what the padding holds reaches no other position: %s", async (_, spec) => {
  const model = await filled(spec, cpu());
  const [place] = lengths as [number];
  const changed = ids.map((id, i) => (i === place ? (id + 1) % vocabulary : id));
  const [before, after] = [await logitsOf(model, ids, lengths).read(), await logitsOf(model, changed, lengths).read()];
  const touched = new Set(
    [...before.keys()].filter((i) => before[i] !== after[i]).map((i) => Math.floor(i / vocabulary)),
  );
  expect([...touched]).toEqual([place]);
});

test.each(models)("the past depends on the future in no decoder, and in every encoder: %s", async (_, spec) => {
  const model = await filled(spec, cpu());
  const changed = ids.map((id, i) => (i % length >= 4 ? (id + 1) % vocabulary : id));
  const [before, after] = [await logitsOf(model, ids).read(), await logitsOf(model, changed).read()];
  const differs = before.map((value, i) => Number(value !== after[i]));
  const positions = Array.from({ length }, (_, position) =>
    differs.some((different, i) => different === 1 && Math.floor(i / vocabulary) % length === position),
  );
  expect(positions).toEqual(positions.map((_, position) => spec.kind === "encoder" || position >= 4));
});

test.each(models)("every parameter has a gradient, the one that central differences show: %s", async (_, spec) => {
  const model = await filled(spec, double());
  await checkGradients(model, () => lossOf(model), { samples: 2 });
});

test.each(models)("fused equals composed, logits and gradients: %s", async (_, spec) => {
  const outcome = async (on: Backend): Promise<ArrayLike<number>[]> => {
    const model = await filled(spec, on);
    const { gradients } = valueAndGrad(model, () => lossOf(model));
    return Promise.all([logitsOf(model, ids, lengths), ...gradients.values()].map(async (tensor) => tensor.read()));
  };
  for (const [precision, tolerance] of [
    ["f64", 1e-12],
    ["f32", 1e-5],
  ] as const) {
    const fused = await outcome(cpu({ precision }));
    const composed = await outcome(cpu({ precision, fused: false }));
    expect(fused.length).toBe(composed.length);
    const [logits, ...gradients] = fused;
    expectClose(logits!, composed[0]!, tolerance);
    // A gradient may be zero throughout, as that of a key's bias, but for rounding: compare them all at once.
    const flat = (all: readonly ArrayLike<number>[]): number[] => all.flatMap((values) => Array.from(values));
    expectClose(flat(gradients), flat(composed.slice(1)), 5 * tolerance);
  }
});

test.each(models)("save, load, same logits: %s", async (_, spec) => {
  const model = await filled(spec, cpu());
  const bytes = await saveParameters(model);
  const again: DecoderSpec | EncoderSpec = JSON.parse(JSON.stringify(model.spec));
  const other = await assemble(again, { seed: 9 }).to(cpu());
  const fresh = await logitsOf(other, ids).read();
  loadParameters(other, parseSafetensors(bytes));
  const logits = await logitsOf(model, ids).read();
  expect(await logitsOf(other, ids).read()).toEqual(logits);
  expect(fresh).not.toEqual(logits);
});

test.each(models)("memory returns to where it was: %s", async (_, spec) => {
  const on = cpu();
  const model = await assemble(spec).to(on);
  fill(model);
  const base = on.memory();
  expect(base.tensors).toBe(model.parameters().size);
  logitsOf(model, ids, lengths)[Symbol.dispose]();
  expect(on.memory()).toEqual(base);
  const { value, gradients } = valueAndGrad(model, () => lossOf(model));
  for (const tensor of [value, ...gradients.values()]) tensor[Symbol.dispose]();
  expect(on.memory()).toEqual(base);
  if (model.spec.kind === "decoder") {
    const decoder = model as Decoder;
    const cache = decoder.cache();
    for (let i = 0; i < 3; i++) scoped(() => void decoder.next(upload([i, i], 2, on), cache));
    expect(on.memory().tensors).toBe(base.tensors + 2 * spec.layers);
    cache[Symbol.dispose]();
    expect(on.memory()).toEqual(base);
  }
  model[Symbol.dispose]();
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
});
