import { recomputeBlocks } from "@tenon/blocks";
import {
  attachLora,
  normal,
  patch,
  storeWeights,
  valueAndGrad,
  withDropout,
  type Parameter,
  type Part,
} from "@tenon/nn";
import { cpu, dryRun, ids, mean, mul, random, Scope, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { assemble, type Assembled } from "./assemble.ts";
import type { Decoder } from "./decoder.ts";
import { t5, transformer } from "./encoder-decoder/presets.ts";
import type { EncoderDecoder } from "./encoder-decoder/encoder-decoder.ts";
import type { Encoder } from "./encoder.ts";
import type { ImageEncoder } from "./image/image-encoder.ts";
import { vit } from "./image/presets.ts";
import { bert, gpt, llama } from "./presets.ts";
import { rnnSearch } from "./recurrent/presets.ts";
import type { Spec } from "./spec.ts";

const sizes = { vocabulary: 20, context: 8, width: 16, layers: 3, heads: 2 };
const mixture = { kind: "mixture", experts: 4, expertsPerToken: 2, hidden: 8 };
const specs: Readonly<Record<string, Spec>> = {
  gpt: gpt({ ...sizes, dropout: 0.2 }),
  "llama with experts": { ...llama({ ...sizes, hidden: 24 }), feedForward: mixture, dropout: 0.2 },
  "relative positions": { ...gpt({ ...sizes, dropout: 0.2 }), position: { kind: "relative", clip: 2 } },
  "latent attention": {
    ...gpt(sizes),
    position: { kind: "rotary" },
    attention: { kind: "latent", heads: 2, latentWidth: 8, positionWidth: 4 },
  },
  bert: bert({ ...sizes, dropout: 0.2 }),
  transformer: transformer({ ...sizes, hidden: 24, dropout: 0.2 }),
  t5: t5({ ...sizes, hidden: 24 }),
  vit: vit({ image: [8, 8], patch: [4, 4], channels: 1, width: 16, layers: 3, heads: 2 }),
};
const rows = [
  [3, 1, 4, 1, 5],
  [0, 0, 9, 2, 6],
];

/** The result of each kind of model, with all that may come beside its ids. */
function answer(model: Assembled, on: Backend): Tensor {
  const at = ids(rows.flat(), [2, 5], on, { limit: 20 });
  const lengths = tensor([5, 3], [2], on, "i32");
  switch (model.spec.kind) {
    case "decoder":
      return (model as Decoder).forward(at, { paddings: [0, 2] });
    case "encoder":
      return (model as Encoder).forward(at, { lengths });
    case "encoder-decoder":
      return (model as EncoderDecoder).forward(at, at, { sourceLengths: lengths, paddings: [0, 2] });
    case "image-encoder":
      return (model as ImageEncoder).forward(
        tensor(
          Array.from({ length: 64 }, (_, i) => Math.sin(i)),
          [1, 1, 8, 8],
          on,
        ),
      );
    default:
      throw new Error(`no answer of ${model.spec.kind}`);
  }
}
const loss = (model: Assembled, on: Backend) => (): Tensor => {
  const y = answer(model, on);
  return mean(mul(y, y));
};

async function gradients(model: Assembled, on: Backend): Promise<number[][]> {
  using scope = new Scope();
  const { value, gradients } = scope.run(() => {
    const found = withDropout(model, random(3), 2, () => valueAndGrad(model, loss(model, on)));
    for (const each of [found.value, ...found.gradients.values()]) scope.adopt(each);
    return found;
  });
  const all = [value, ...[...model.parameters().values()].flatMap((each: Parameter) => gradients.get(each) ?? [])];
  return Promise.all(all.map(async (each) => [...(await each.read())]));
}

describe.each(Object.keys(specs))("%s", (name) => {
  test("computed again, blocks give the same loss and gradients, dropout included, and leave nothing behind", async () => {
    const on = cpu();
    const model = await assemble(specs[name]!, { seed: 5 }).to(on);
    const [expected, before] = [await gradients(model, on), on.memory()];
    for (const every of [1, 2]) {
      expect(recomputeBlocks(model, every).length).toBe(model.spec.kind === "encoder-decoder" ? 2 : 1);
      const found = await gradients(model, on);
      // The table of T5's biases is that of all blocks: its gradient is added up in another order.
      if (name === "t5" || name === "transformer") {
        expect(found.length).toBe(expected.length);
        found.forEach((one, i) => one.forEach((value, j) => expect(value).toBeCloseTo(expected[i]![j]!, 5)));
      } else expect(found).toEqual(expected);
      expect(on.memory()).toEqual(before);
    }
  });

  test.each(["bf16", "f16"] as const)("stored in %s computes what the rounded numbers in f32 do", async (dtype) => {
    const on = cpu();
    const model = await assemble(specs[name]!, { seed: 5 }).to(on);
    const result = async (): Promise<number[]> => {
      using scope = new Scope();
      return [...(await scope.run(() => answer(model, on)).read())];
    };
    const bytes = on.memory().bytes;
    const plain = await result();
    const stored = await storeWeights(model, dtype);
    const numbers = stored.reduce((sum, path) => sum + sizeOf(model, path), 0);
    expect(on.memory().bytes).toBe(bytes - 2 * numbers);
    expect(numbers * 4).toBeGreaterThan(bytes * 0.7);
    const found = await result();
    await storeWeights(model, "f32");
    const rounded = await result();
    const largest = Math.max(...plain.map(Math.abs));
    found.forEach((value, i) => expect(Math.abs(value - rounded[i]!)).toBeLessThan(1e-5 * (1 + largest)));
    found.forEach((value, i) => expect(Math.abs(value - plain[i]!)).toBeLessThan(0.2 * (1 + largest)));
  });
});

const sizeOf = (model: Part, path: string): number =>
  model
    .parameters()
    .get(path)!
    .type.shape.reduce((product, size) => product * size, 1);

test("of the activations of twelve blocks, a few are alive at one time", async () => {
  const spec = gpt({ vocabulary: 20, context: 64, width: 16, layers: 12, heads: 2 });
  const text = Array.from({ length: 128 }, (_, i) => i % 20);
  const lossOf = (model: Decoder, on: Backend) => (): Tensor =>
    mean(model.forward(ids(text, [2, 64], on, { limit: 20 })));
  const mostAlive = async (every: number): Promise<number> => {
    const on = cpu();
    const model = await assemble(spec).to(on);
    recomputeBlocks(model, every);
    const parameters = on.memory().bytes;
    let most = 0;
    const look = (x: Tensor): Tensor => {
      most = Math.max(most, on.memory().bytes - parameters);
      return x;
    };
    using scope = new Scope();
    scope.run(() => patch(model, { "blocks.*.output": look }, () => valueAndGrad(model, lossOf(model, on))));
    return most;
  };
  const [kept, each, fours] = [await mostAlive(0), await mostAlive(1), await mostAlive(4)];
  expect(each).toBeLessThan(kept / 3);
  expect(fours).toBeLessThan(kept / 2);

  // The whole step, gradients included, as a dry run counts it.
  const peak = async (every: number): Promise<number> => {
    const on = dryRun();
    const model = await assemble(spec).to(on);
    recomputeBlocks(model, every);
    const parameters = on.report().variables.bytes;
    valueAndGrad(model, lossOf(model, on));
    return on.report().peakBytes - 2 * parameters; // beyond parameters and their gradients
  };
  expect(await peak(1)).toBeLessThan((await peak(0)) / 2);
});

test("adapters over weights in 16 bits, with a dropout of their own: computed again, their gradients are the same", async () => {
  const on = cpu();
  const model = await assemble(specs["gpt"]!, { seed: 5 }).to(on);
  await storeWeights(model, "bf16");
  const lora = await attachLora(model, { rank: 2, dropout: 0.3, targets: "blocks.**", random: random(1) });
  for (const { adapter } of lora.weights.values()) adapter.b.initialise(normal(random(2), 0.3));
  const expected = await gradients(model, on);
  expect(expected).toHaveLength(1 + 3 * 6 * 2); // the loss, and A and B of six maps in three blocks
  recomputeBlocks(model);
  expect(await gradients(model, on)).toEqual(expected);
});

test("what has no stack of blocks says so, and so does a number that is none", () => {
  const model = assemble(rnnSearch({ vocabulary: 9, sourceVocabulary: 9, width: 8, hidden: 8 }));
  expect(() => recomputeBlocks(model)).toThrow(
    "recomputeBlocks: there is no Stack of blocks in this RnnSearch; use recompute() of @tenon/nn around what takes the memory",
  );
  expect(() => recomputeBlocks(assemble(specs["gpt"]!), 0.5)).toThrow(
    "recomputeBlocks: every must be a whole number from 0 up, got 0.5",
  );
});
