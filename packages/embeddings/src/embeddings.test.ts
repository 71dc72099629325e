import { checkGradients } from "@tenon/nn";
import { cpu, ids, mul, random, sum, tanh, tensor, type Backend } from "@tenon/tensor";
import { expect, test } from "vitest";

import { SegmentEmbedding } from "./segment-embedding.ts";
import { TokenEmbedding } from "./token-embedding.ts";

const on: Backend = cpu({ precision: "f64" });
const weight = tensor([1, -2, 3, -4, 5, -6, 7, -8], [2, 2, 2], on);

test("tokens are rows of the table; gradients add up where one repeats", async () => {
  const tokens = await new TokenEmbedding({ vocabulary: 3, width: 2, random: random(1) }).to(on);
  const chosen = ids([2, 0, 2, 1], [2, 2], on, { limit: 3 });
  const table = await tokens.table.host();
  const y = await tokens.forward(chosen).read();
  expect([...y]).toEqual([2, 0, 2, 1].flatMap((id) => [...table.slice(2 * id, 2 * id + 2)]));
  await checkGradients(tokens, () => sum(mul(tanh(tokens.forward(chosen)), weight)));
});

test("segments are two unless told otherwise, and have gradients", async () => {
  const segments = await new SegmentEmbedding({ width: 2, random: random(1) }).to(on);
  expect(segments.table.type.shape).toEqual([2, 2]);
  const chosen = ids([0, 1, 1, 1], [2, 2], on, { limit: 2, what: "segment" });
  await checkGradients(segments, () => sum(mul(tanh(segments.forward(chosen)), weight)));
});

test("bad sizes and dtypes are refused", async () => {
  expect(() => new TokenEmbedding({ vocabulary: 0, width: 2, random: random(1) })).toThrow(
    "TokenEmbedding: vocabulary must be a whole number from 1 up, got 0",
  );
  expect(() => new TokenEmbedding({ vocabulary: 2, width: 0.5, random: random(1) })).toThrow(
    "TokenEmbedding: width must be",
  );
  expect(() => new SegmentEmbedding({ count: 0, width: 2, random: random(1) })).toThrow(
    "SegmentEmbedding: count must be",
  );
  expect(() => new SegmentEmbedding({ width: -2, random: random(1) })).toThrow("SegmentEmbedding: width must be");
  const tokens = await new TokenEmbedding({ vocabulary: 3, width: 2, random: random(1) }).to(on);
  expect(() => tokens.forward(tensor([1], [1, 1], on))).toThrow("ids must be i32, got f32");
});
