// An encoder–decoder says on every backend what it says on cpu, with and without its cache.
import { gpujs } from "@tenon/backend-gpujs";
import { wasm } from "@tenon/backend-wasm";
import { assemble, bart, marian, t5, transformer, type EncoderDecoderSpec } from "@tenon/models";
import { beamSearch, generate, gnmtScore, sample, temperature } from "@tenon/sampling";
import { type Backend, cpu, crossEntropy, differentiate, ids, random, reshape, tensor } from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

const sizes = { vocabulary: 19, context: 10, width: 16, layers: 2, heads: 2, hidden: 12 };
const specs: readonly (readonly [name: string, spec: EncoderDecoderSpec])[] = [
  ["transformer", transformer(sizes)],
  ["t5", t5(sizes)],
  ["bart", bart({ ...sizes, decoderLayers: 1 })],
  ["marian", marian({ ...sizes, sourceVocabulary: 11 })],
];
const [source, target] = [
  [5, 6, 7, 8, 9, 10, 1, 2, 0, 0],
  [1, 12, 13, 1, 3, 18],
];

/** Logits of padded sources, all gradients together, and what is found token by token and by beams. */
async function observed(spec: EncoderDecoderSpec, on: Backend) {
  const model = await assemble(spec, { seed: 5 }).to(on);
  // Larger than models begin, so that their words differ.
  for (const parameter of model.parameters().values()) parameter.assign((await parameter.host()).map((x) => 2 * x));
  const sources = ids(source, [2, 5], on, { limit: 11 });
  const logits = () =>
    model.forward(sources, ids(target, [2, 3], on, { limit: 19 }), { sourceLengths: tensor([5, 3], [2], on, "i32") });
  const targets = ids([12, 13, 4, 3, 18, 2], [6], on, { limit: 19 });
  const { gradients } = differentiate([...model.parameters().values()], () =>
    crossEntropy(reshape(logits(), [6, 19]), targets),
  );
  const steepness: number[] = [];
  for (const gradient of gradients) steepness.push(...(await gradient!.read()));
  using encoded = model.encode(ids(source.slice(0, 5), [1, 5], on, { limit: 11 }));
  const drawn: number[] = [];
  const strategy = sample(random(3));
  for await (const { id } of generate(encoded, [1], { strategy, transforms: [temperature(3)], maxTokens: 7 }))
    drawn.push(id);
  const options = { beams: 3, maxTokens: 6, stop: [4], score: gnmtScore({ alpha: 0.5, beta: 0.3 }) };
  const { hypotheses } = await beamSearch(encoded, [1], options);
  return { logits: await logits().read(), steepness, drawn, beams: hypotheses.map((one) => one.ids) };
}

const largest = (values: ArrayLike<number>): number => Math.max(...Array.from(values, Math.abs));
const closable = (on: Backend & { close(): void }) => ({ on: on as Backend, close: () => on.close() });
const others = {
  wasm: async () => closable(await wasm({ threads: 1 })),
  "gpujs (cpu)": async () => closable(await gpujs({ mode: "cpu" })),
};

for (const [backend, start] of Object.entries(others)) {
  test.each(specs)(`${backend}: %s`, async (_, spec) => {
    const { on, close } = await start();
    const [found, expected] = [await observed(spec, on), await observed(spec, cpu())];
    expectNumbers(found.logits, expected.logits, 1e-4, "the logits", largest(expected.logits));
    expectNumbers(found.steepness, expected.steepness, 1e-4, "the gradients", largest(expected.steepness));
    expect(new Set(expected.drawn).size).toBeGreaterThan(2);
    expect([found.drawn, found.beams]).toEqual([expected.drawn, expected.beams]);
    close();
  });
}
