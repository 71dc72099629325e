import { cpu, tensor, type Tensor } from "@tenon/tensor";
import { afterEach, expect, test, vi } from "vitest";

import { collect, recital } from "../../test/generations.ts";
import { markovModel } from "../../test/markov-model.ts";
import type { CausalModel } from "../predict/causal-model.ts";
import { generate } from "./generate.ts";
import type { GenerationStatistics } from "./statistics.ts";

const table = [
  [0, 2, 1],
  [1, 0, 2],
  [2, 1, 0],
];
const backend = cpu();
const model = markovModel(backend, table, { second: table });
const short = markovModel(backend, table, { context: 5 });
const before = backend.memory();
afterEach(() => {
  vi.restoreAllMocks();
});

test("a generation that ends by itself gives everything back", async () => {
  await collect(generate(model, [0, 1], { maxTokens: 7, alternatives: 2 }));
  expect(backend.memory()).toEqual(before);
});

test("leaving the loop early gives everything back", async () => {
  const generation = generate(model, [0, 1]);
  for await (const { step } of generation) {
    expect(backend.memory().tensors).toBeGreaterThan(before.tensors);
    if (step === 3) break;
  }
  expect(backend.memory()).toEqual(before);
  expect(generation.statistics).toMatchObject({ stopReason: "aborted", generatedTokens: 4 });
  expect((await generation.next()).done).toBe(true);
});

test("an error in the loop's body, and await using, give everything back", async () => {
  const failing = async (): Promise<void> => {
    for await (const { step } of generate(model, [0])) if (step === 1) throw new Error("the consumer's own");
  };
  await expect(failing()).rejects.toThrow("the consumer's own");
  expect(backend.memory()).toEqual(before);
  {
    await using generation = generate(model, [0]);
    await generation.next();
    expect(backend.memory().tensors).toBeGreaterThan(before.tensors);
  }
  expect(backend.memory()).toEqual(before);
});

test("throw() ends the generation with that error", async () => {
  const generation = generate(model, [0]);
  await generation.next();
  await expect(generation.throw(new Error("enough"))).rejects.toThrow("enough");
  expect(backend.memory()).toEqual(before);
  expect(generation.statistics.stopReason).toBe("aborted");
});

test("a generation that is never read computes nothing and holds nothing", async () => {
  const calls = model.calls.length;
  const generation = generate(model, [0]);
  expect(generation.statistics).toMatchObject({ promptTokens: 1, generatedTokens: 0, stopReason: undefined });
  expect((await generation.return()).value.stopReason).toBe("aborted");
  expect(model.calls).toHaveLength(calls);
});

test("a model that fails, and one that returns NaN, give everything back and say what is wrong", async () => {
  const failing: CausalModel<object> = {
    ...recital(backend, 3, [0]),
    next: () => {
      tensor([1, 2, 3], [3], backend);
      throw new Error("the model's own");
    },
  };
  await expect(collect(generate(failing, [0]))).rejects.toThrow("the model's own");
  const diverged = markovModel(backend, [
    [0, Number.NaN],
    [0, 0],
  ]);
  const held = backend.memory();
  await expect(collect(generate(diverged, [1, 0]))).rejects.toThrow(
    "the model's logits after 2 tokens: NaN for token id 1 of 2.",
  );
  expect(backend.memory()).toEqual(held);
});

test("logits of another shape or dtype are refused", async () => {
  const returning = (make: () => Tensor): CausalModel<object> => ({ ...recital(backend, 3, [0]), next: make });
  const flat = returning(() => tensor([1, 2, 3], [3], backend));
  await expect(collect(generate(flat, [0]))).rejects.toThrow(
    "model.next() returned f32 [3] for one sequence, but the logits of its last position are f32 [1, 3].",
  );
  const whole = returning(() => tensor([1, 2, 3], [1, 3], backend, "i32"));
  await expect(collect(generate(whole, [0]))).rejects.toThrow("model.next() returned i32 [1, 3]");
});

test("a full context ends the generation, after one token drawn from its last position", async () => {
  for (const length of [1, 4, 5]) {
    const generation = generate(short, new Array<number>(length).fill(0));
    expect(await collect(generation)).toHaveLength(5 - length + 1);
    expect(generation.statistics.stopReason).toBe("context");
  }
});

test("maxTokens counts first where both limits meet", async () => {
  const generation = generate(short, [0, 0, 0, 0], { maxTokens: 2 });
  await collect(generation);
  expect(generation.statistics.stopReason).toBe("length");
});

test("the statistics count tokens and the seconds spent on them, and are the generator's return value", async () => {
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (clock += 0.25));
  const generation = generate(model, [0, 1, 2], { maxTokens: 4 });
  let result = await generation.next();
  const early = generation.statistics;
  expect(early).toMatchObject({ promptTokens: 3, generatedTokens: 1, decodeTokensPerSecond: 0, stopReason: undefined });
  expect(early.prefillSeconds).toBeGreaterThan(0);
  clock += 60_000;
  while (result.done !== true) result = await generation.next();
  const final: GenerationStatistics = result.value;
  expect(final).toEqual(generation.statistics);
  expect(final).toMatchObject({ promptTokens: 3, generatedTokens: 4, stopReason: "length" });
  const { seconds, prefillSeconds, prefillTokensPerSecond, decodeTokensPerSecond } = final;
  expect(prefillSeconds).toBe(early.prefillSeconds);
  expect(seconds).toBeGreaterThan(early.seconds);
  expect(seconds).toBeLessThan(1); // the minute between the tokens is the consumer's
  expect(prefillTokensPerSecond).toBeCloseTo(3 / prefillSeconds, 6);
  expect(decodeTokensPerSecond).toBeCloseTo(3 / (seconds - prefillSeconds), 3);
});
