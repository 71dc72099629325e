// Packed rows mean what padded ones do, for the decoders of @tenon/models.
import { wasm } from "@tenon/backend-wasm";
import { assemble, bert, type DecoderSpec, gpt, llama } from "@tenon/models";
import { valueAndGrad } from "@tenon/nn";
import { type Backend, cpu, random } from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";
import { afterAll, expect, test } from "vitest";

import { type Batch } from "./data/batch.ts";
import { predictionsIn } from "./data/counts.ts";
import { documentBatches } from "./data/document-batches.ts";
import { packedBatches } from "./data/packed-batches.ts";
import { causalLoss } from "./objectives/causal-loss.ts";
import { maskedLoss } from "./objectives/masked-loss.ts";

const [vocabulary, context] = [11, 12];
const sizes = { vocabulary, context, width: 16, layers: 2, heads: 2 };
const learned = gpt(sizes);
const specs: Readonly<Record<string, DecoderSpec>> = {
  learned,
  rotary: llama({ ...sizes, hidden: 24 }),
  ALiBi: { ...learned, position: { kind: "alibi" } },
};
const documents = Array.from({ length: 9 }, (_, i) => {
  const draw = random(2).fork(i);
  return Array.from({ length: 2 + draw.integer(7) }, () => 3 + draw.integer(8));
});
const options = { documents, context, tokens: 1000, begin: 1, end: 2, random: random(3) };
const padded = documentBatches(options)(0);
const packed = packedBatches(options)(0);

const threads = await wasm({ threads: 1 });
afterAll(() => threads.close());
const backends: readonly (readonly [string, Backend])[] = [
  ["cpu", cpu()],
  ["wasm", threads],
];
const cases = backends.flatMap(([name, on]) =>
  Object.entries(specs).map(([kind, spec]) => [name, kind, on, spec] as const),
);

test.each(cases)("on %s, %s positions: the same loss and gradients", async (_, __, on, spec) => {
  expect(predictionsIn(packed)).toBe(predictionsIn(padded));
  expect(packed.shape[0]).toBeLessThan(padded.shape[0]);
  const model = await assemble(spec).to(on);
  const [one, other] = [padded, packed].map((batch) => valueAndGrad(model, () => causalLoss(model, batch, on)));
  expect((await other!.value.read())[0]).toBeCloseTo((await one!.value.read())[0]!, 5);
  for (const [parameter, gradient] of one!.gradients)
    expectNumbers(await other!.gradients.get(parameter)!.read(), await gradient.read(), 1e-5, "a gradient");
  // The numbers count: without them the documents of a row would be one text.
  const { documents: _documents, ...blind } = packed;
  const mixed = await causalLoss(model, blind, on).read();
  expect(Math.abs(mixed[0]! - (await one!.value.read())[0]!)).toBeGreaterThan(1e-4);
});

test("an encoder gets documents and segments, and a model without segments refuses them", async () => {
  const on = cpu({ precision: "f64" });
  const model = await assemble(bert(sizes)).to(on);
  const lossOf = async (batch: Batch): Promise<number> => (await maskedLoss(model, batch, on).read())[0]!;
  const segmentsOf = ({ inputs }: Batch): Int32Array => inputs.map((id) => id % 2);
  const [one, other] = [padded, packed].map((batch) => ({ ...batch, segments: segmentsOf(batch) }));
  expect(await lossOf(other!)).toBeCloseTo(await lossOf(one!), 10);
  expect(await lossOf(one!)).not.toBeCloseTo(await lossOf(padded), 5);
  const decoder = await assemble(learned).to(on);
  expect(() => maskedLoss(decoder, one!, on)).toThrow(
    "the batch has segments, but the model has none; leave them out, or give the model segments to tell apart",
  );
  expect(() => maskedLoss(model, { ...padded, segments: padded.inputs }, on)).toThrow(/^segment 10 at place 1 is out/);
});
