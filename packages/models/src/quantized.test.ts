import { dequantizeWeights, freeze, quantizeWeights, trace, valueAndGrad } from "@tenon/nn";
import { cpu, ids, mean, mul, scoped } from "@tenon/tensor";
import { expect, test } from "vitest";

import { testQuantizedDecoders } from "../test/test-quantized-decoders.ts";
import { assemble } from "./assemble.ts";
import type { Decoder } from "./decoder.ts";
import { describe as description } from "./describe.ts";
import { gpt } from "./presets.ts";

testQuantizedDecoders(() => cpu());

const spec = gpt({ vocabulary: 50, context: 32, width: 64, layers: 2, heads: 4 });

test("a description says what is in levels, and what it takes", async () => {
  const on = cpu();
  const model = await assemble(spec).to(on);
  const before = description(model);
  expect(before.bytes).toBe(on.memory().bytes);
  await quantizeWeights(model, { bits: 8, paths: "**.query.weight" });
  const after = description(model);
  expect(after.bytes).toBe(on.memory().bytes);
  expect(after.count).toBe(before.count + 2 * 64 * 2);
  expect(after.parts.find(({ path }) => path === "blocks.0.attention.query")!.parameters).toEqual([
    { name: "weight", shape: [64, 64], dtype: "q8" },
    { name: "weight.scales", shape: [64, 2] },
    { name: "bias", shape: [64] },
  ]);
});

test("gradients flow through levels to all that is not", async () => {
  const model = await assemble(spec).to(cpu());
  await quantizeWeights(model, { bits: 8 });
  const trained = [...model.parameters()].filter(([, { frozen }]) => !frozen);
  const { gradients } = valueAndGrad(model, () =>
    scoped(() => {
      const logits = model.forward(ids([1, 2, 3], [1, 3], model.backend, { limit: 50 }));
      return mean(mul(logits, logits));
    }),
  );
  expect(gradients.size).toBe(trained.length);
  expect(trained.map(([path]) => path)).toContain("blocks.0.attention.query.bias");
  const first = gradients.get(model.parameters().get("blocks.0.attention.query.bias")!)!;
  expect((await first.read()).some((value) => value !== 0)).toBe(true);
  expect(() => freeze(model)).not.toThrow();
});

test("what each head adds can be looked at, too", async () => {
  const model = await assemble(spec).to(cpu());
  const at = ids([1, 2, 3], [1, 3], model.backend, { limit: 50 });
  await quantizeWeights(model, { bits: 8 });
  const [plain, { output, taps }] = [
    await model.forward(at).read(),
    trace(model, ["blocks.0.attention.contributions"], () => model.forward(at)),
  ];
  expect(taps["blocks.0.attention.contributions"]![0]!.shape).toEqual([1, 4, 3, 64]);
  (await output.read()).forEach((value, i) => expect(value).toBeCloseTo(plain[i]!, 5));
});

test.each([
  ["a factorised table and its output", { ...spec, tokens: { width: 32 } }],
  [
    "latent attention, whose maps are absorbed",
    {
      ...spec,
      position: { kind: "rotary" },
      attention: { kind: "latent", heads: 4, latentWidth: 32, positionWidth: 8 },
    },
  ],
  [
    "experts, which stay as they are",
    { ...spec, feedForward: { kind: "mixture", experts: 4, expertsPerToken: 2, hidden: 32 } },
  ],
] as const)("%s compute from levels what they stand for", async (_, spec) => {
  const model = (await assemble(spec).to(cpu())) as Decoder;
  expect((await quantizeWeights(model, { bits: 8 })).length).toBeGreaterThan(6);
  const logits = async (): Promise<number[]> => {
    const cache = model.cache();
    const at = ids([1, 2, 3], [1, 3], model.backend, { limit: 50 });
    const found = [...(await model.forward(at).read()), ...(await model.next(at, cache).read())];
    cache[Symbol.dispose]();
    return found;
  };
  const found = await logits();
  await dequantizeWeights(model);
  const expected = await logits();
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
});
