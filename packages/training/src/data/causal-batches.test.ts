import { isTenonError, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { causalBatches } from "./causal-batches.ts";

const counting = Int32Array.from({ length: 100 }, (_, i) => i);

test("targets are the inputs one place on", () => {
  const batches = causalBatches({ ids: counting, context: 8, batch: 3, random: random(1) });
  for (let step = 0; step < 20; step++) {
    const { inputs, targets, lengths, shape } = batches(step);
    expect(shape).toEqual([3, 8]);
    expect(lengths).toBeUndefined();
    for (let i = 0; i < 24; i++) {
      expect(targets[i]).toBe(inputs[i]! + 1);
      if (i % 8 > 0) expect(inputs[i]).toBe(inputs[i - 1]! + 1);
    }
  }
});

test("a batch is a pure function of the step", () => {
  const make = (seed: number) => causalBatches({ ids: counting, context: 8, batch: 3, random: random(seed) });
  const batches = make(1);
  const fifth = batches(5);
  batches(6);
  expect(batches(5)).toEqual(fifth);
  expect(make(1)(5)).toEqual(fifth);
  expect(batches(6)).not.toEqual(fifth);
  expect(make(2)(5)).not.toEqual(fifth);
});

test("every window is drawn, the first and the last among them", () => {
  const batches = causalBatches({ ids: [0, 1, 2, 3, 4, 5], context: 3, batch: 100, random: random(1) });
  const { inputs } = batches(0);
  const starts = new Set(Array.from({ length: 100 }, (_, row) => inputs[row * 3]));
  expect([...starts].sort()).toEqual([0, 1, 2]);
});

test("a text of exactly one window and a token will do; a shorter one is refused with numbers and a remedy", () => {
  const options = { context: 8, batch: 1, random: random(1) };
  const { inputs, targets } = causalBatches({ ...options, ids: counting.subarray(0, 9) })(0);
  expect([inputs[0], targets[7]]).toEqual([0, 8]);
  let thrown: unknown;
  try {
    causalBatches({ ...options, ids: counting.subarray(0, 8) });
  } catch (error) {
    thrown = error;
  }
  expect(isTenonError(thrown, "ConfigError") && thrown.fields).toEqual({ available: 8, needed: 9, context: 8 });
  expect((thrown as Error).message).toBe(
    "causalBatches: the text is too short: it has 8 tokens, and a window of 8 and the token after it needs 9. Use a longer text, or a context of at most 7.",
  );
  expect(() => causalBatches({ ...options, ids: [], what: "notes.txt" })).toThrow(
    "notes.txt is too short: it has 0 tokens, and a window of 8 and the token after it needs 9. Use a longer text.",
  );
});

test("bad options are refused by name", () => {
  const options = { ids: counting, context: 8, batch: 1, random: random(1) };
  expect(() => causalBatches({ ...options, batch: 0 })).toThrow(
    "causalBatches: batch must be a whole number from 1 up",
  );
  expect(() => causalBatches({ ...options, context: 1.5 })).toThrow("causalBatches: context must be a whole number");
  expect(() => causalBatches({ ...options, ids: [0.5, 1, 2] })).toThrow("token id 0.5 at place 0 is out of range");
});
