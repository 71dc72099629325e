import { expect, test } from "vitest";

import { peakModule } from "./peak-module.ts";

test("the loop of the peak is a valid module that ends, and computes sums that grow with the rounds", async () => {
  const { bytes, operationsPerRound } = peakModule();
  // A dozen sums of four numbers, each grown by four products in a round.
  expect(operationsPerRound).toBe(12 * 4 * 4 * 2);
  const { instance } = await WebAssembly.instantiate(bytes);
  const { loop } = instance.exports as { loop: (rounds: number) => void };
  expect(loop(1000)).toBeUndefined();
});
