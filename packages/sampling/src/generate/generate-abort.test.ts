import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";
import { collect } from "../../test/generations.ts";
import { markovModel } from "../../test/markov-model.ts";
import { generate } from "./generate.ts";

const backend = cpu();
const model = markovModel(backend, [
  [0, 1],
  [1, 0],
]);
const before = backend.memory();

test("a signal that fired already: nothing is computed", async () => {
  const generation = generate(model, [0], { signal: AbortSignal.abort(new Error("too late")) });
  await expect(generation.next()).rejects.toThrow("too late");
  expect(model.calls).toHaveLength(0);
  expect(generation.statistics.stopReason).toBe("aborted");
});

test("a signal between two tokens: its reason is thrown, no more tokens come, everything is given back", async () => {
  const controller = new AbortController();
  const generation = generate(model, [0], { signal: controller.signal });
  const steps: number[] = [];
  const reading = async (): Promise<void> => {
    for await (const { step } of generation) {
      steps.push(step);
      if (step === 2) controller.abort();
    }
  };
  await expect(reading()).rejects.toMatchObject({ name: "AbortError" });
  expect(steps).toEqual([0, 1, 2]);
  expect(generation.statistics).toMatchObject({ stopReason: "aborted", generatedTokens: 3 });
  expect(backend.memory()).toEqual(before);
});

test("a signal while the model computes: that token is not delivered", async () => {
  const controller = new AbortController();
  const slow = {
    ...model,
    next: (...[ids, cache]: Parameters<typeof model.next>) => {
      controller.abort(new Error("meanwhile"));
      return model.next(ids, cache);
    },
  };
  await expect(generate(slow, [0], { signal: controller.signal }).next()).rejects.toThrow("meanwhile");
  expect(backend.memory()).toEqual(before);
});

test("timers run during a long generation on a synchronous backend, so they can end it", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("time is up")), 1);
  await expect(collect(generate(model, [0], { maxTokens: 1_000_000, signal: controller.signal }))).rejects.toThrow(
    "time is up",
  );
  expect(backend.memory()).toEqual(before);
});

test("a signal that fires after the end changes nothing", async () => {
  const controller = new AbortController();
  const generation = generate(model, [0], { maxTokens: 2, signal: controller.signal });
  expect(await collect(generation)).toHaveLength(2);
  controller.abort();
  expect(await generation.next()).toEqual({ done: true, value: undefined });
  expect(generation.statistics.stopReason).toBe("length");
});
