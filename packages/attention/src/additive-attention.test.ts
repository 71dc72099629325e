import { trace } from "@tenon/nn";
import { cpu, random, sum, tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { AdditiveAttention } from "./additive-attention.ts";
import { padding } from "./mask/padding.ts";
import { predicate } from "./mask/predicate.ts";
import { MultiplicativeAttention, type MultiplicativeAttentionOptions } from "./multiplicative-attention.ts";

const on = cpu({ precision: "f64" });
const x = place(floats([2, 3, 4], random(1)), on);
const memory = place(floats([2, 5, 4], random(2)), on);
const attentions = [
  ["additive", new AdditiveAttention({ width: 4, random: random(3) })],
  ["dot", new MultiplicativeAttention({ width: 4, score: "dot", random: random(3) })],
  ["general", new MultiplicativeAttention({ width: 4, random: random(3) })],
  ["concat", new MultiplicativeAttention({ width: 4, score: "concat", random: random(3) })],
] as const;

test.each(attentions)("%s: weights sum to one, and the context lies among the memory", async (_, attention) => {
  await attention.to(on);
  const { output, taps } = trace(attention, ["scores", "pattern"], () => attention.forward(x, memory));
  const [scores, pattern] = [taps["scores"]![0]!, taps["pattern"]![0]!];
  expect([scores.shape, pattern.shape]).toEqual([
    [2, 1, 3, 5],
    [2, 1, 3, 5],
  ]);
  expectNumbers(await sum(pattern, -1).read(), [1, 1, 1, 1, 1, 1], 1e-12);
  const [context, known] = [await output.read(), await memory.read()];
  context.forEach((value, i) => {
    const [batch, column] = [Math.floor(i / 12), i % 4];
    const values = [0, 1, 2, 3, 4].map((s) => known[(batch * 5 + s) * 4 + column]!);
    expect(value).toBeGreaterThan(Math.min(...values));
    expect(value).toBeLessThan(Math.max(...values));
  });
});

test.each(attentions)(
  "%s: what is masked counts for nothing, and where all is masked nothing comes",
  async (_, attention) => {
    await attention.to(on);
    const lengths = tensor([2, 0], [2], on, "i32");
    const { output, taps } = trace(attention, ["pattern"], () =>
      attention.forward(x, memory, { mask: padding(lengths) }),
    );
    const pattern = await taps["pattern"]![0]!.read();
    pattern.forEach((weight, i) => expect(weight > 0).toBe(i < 15 && i % 5 < 2));
    expectNumbers((await output.read()).slice(12), new Float64Array(12), 0);
    // A mask of positions takes the queries for the last of the memory, as scaledDotProductAttention does.
    const same = predicate((query, key) => query === key);
    const one = trace(attention, ["pattern"], () => attention.forward(x, memory, { mask: same })).taps["pattern"]![0]!;
    const diagonal = [0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1];
    expectNumbers(await one.read(), [...diagonal, ...diagonal], 1e-12);
  },
);

test("options that do not fit are refused", () => {
  const make = (options: Partial<MultiplicativeAttentionOptions>) => () =>
    new MultiplicativeAttention({ width: 4, random: random(1), ...options });
  expect(make({ score: "cosine" as "dot" })).toThrow(
    'MultiplicativeAttention: score must be "dot", "general" or "concat", got "cosine"',
  );
  expect(make({ score: "dot", memoryWidth: 6 })).toThrow(
    'MultiplicativeAttention: the score "dot" needs a memory as wide as x, but the widths are 4 and 6; choose "general"',
  );
  expect(make({ memoryWidth: 0 })).toThrow(
    "MultiplicativeAttention: memoryWidth must be a whole number from 1 up, got 0",
  );
  expect(() => new AdditiveAttention({ width: 4, hidden: 0, random: random(1) })).toThrow(
    "AdditiveAttention: hidden must be a whole number from 1 up, got 0",
  );
});
