import { expect, test } from "vitest";

import { predictionsIn, tokensIn } from "./counts.ts";

const two = { inputs: Int32Array.of(4, 5, 6, 7), shape: [2, 2] } as const;
const cut = { ...two, lengths: Int32Array.of(2, 1) };

test("tokens are those of all sequences, without padding", () => {
  expect(tokensIn(two)).toBe(4);
  expect(tokensIn(cut)).toBe(3);
  expect(tokensIn({ ...two, source: cut })).toBe(7);
  expect(tokensIn({ first: two, second: cut })).toBe(7);
  expect(tokensIn({ images: 3 })).toBe(0);
  expect(tokensIn({ ...two, tokens: 9 })).toBe(9);
});

test("predictions are what is asked for", () => {
  expect(predictionsIn({ ...two, targets: Int32Array.of(1, -100, 2, 3) })).toBe(3);
  expect(predictionsIn({ ...two, labels: Int32Array.of(1, -100) })).toBe(1);
  expect(predictionsIn({ ...two, labels: Float32Array.of(1, 2, 3, 4) })).toBe(2);
  expect(predictionsIn({ first: two, second: cut })).toBe(2);
  expect(predictionsIn({ images: 3 })).toBe(1);
  expect(predictionsIn({ ...two, predictions: 5 })).toBe(5);
});
