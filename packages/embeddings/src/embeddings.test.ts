import { checkGradients, Linear } from "@tenon/nn";
import { cpu, ids, mul, random, sum, tanh, tensor, type Backend } from "@tenon/tensor";
import { expect, test } from "vitest";

import { FactorisedEmbedding } from "./factorised-embedding.ts";
import { FactorisedOutput } from "./factorised-output.ts";
import { ScaledEmbedding } from "./scaled-embedding.ts";
import { SegmentEmbedding } from "./segment-embedding.ts";
import { TiedOutput } from "./tied-output.ts";
import { TokenEmbedding } from "./token-embedding.ts";
import { TransposedLinear } from "./transposed-linear.ts";

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

test("scaled tokens are √d times as long, or as told", async () => {
  const tokens = await new TokenEmbedding({ vocabulary: 2, width: 4, random: random(1) }).to(on);
  const chosen = ids([1, 0], [1, 2], on, { limit: 2 });
  const plain = await tokens.forward(chosen).read();
  for (const [options, scale] of [
    [undefined, 2],
    [{ scale: 0.5 }, 0.5],
  ] as const) {
    expect(await new ScaledEmbedding(tokens, options).forward(chosen).read()).toEqual(plain.map((x) => x * scale));
  }
  expect(() => new ScaledEmbedding(tokens, { scale: 0 })).toThrow(
    "ScaledEmbedding: scale must be a finite number above 0, got 0",
  );
});

test("a tie to scaled tokens shares the table, which its own product does not scale", async () => {
  const scaled = new ScaledEmbedding(new TokenEmbedding({ vocabulary: 2, width: 4, random: random(1) }));
  const output = await new TiedOutput(scaled.tokens).to(on);
  scaled.tokens.table.assign(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  expect(output.table).toBe(scaled.tokens.table);
  expect([...(await output.forward(tensor([1, 0, 0, 0], [1, 1, 4], on)).read())]).toEqual([1, 5]);
});

const factorised = (): FactorisedEmbedding =>
  new FactorisedEmbedding({
    tokens: new TokenEmbedding({ vocabulary: 3, width: 2, random: random(1) }),
    map: new Linear({ input: 2, output: 4, bias: false, random: random(2) }),
  });

test("a factorised table is the product of two: tokens table · mapᵀ, both ways", async () => {
  const embedding = await factorised().to(on);
  const output = new FactorisedOutput(embedding);
  const [E, W] = [await embedding.tokens.table.host(), await embedding.map.weight.host()];
  const wide = (id: number, j: number): number => E[2 * id]! * W[2 * j]! + E[2 * id + 1]! * W[2 * j + 1]!; // [3, 4]
  const y = await embedding.forward(ids([2, 0], [1, 2], on, { limit: 3 })).read();
  [2, 0].forEach((id, i) => {
    for (let j = 0; j < 4; j++) expect(y[4 * i + j]).toBeCloseTo(wide(id, j), 12);
  });
  const x = [1, -2, 3, 0.5];
  const logits = await output.forward(tensor(x, [1, 1, 4], on)).read();
  for (let id = 0; id < 3; id++)
    expect(logits[id]).toBeCloseTo(
      x.reduce((sum, x, j) => sum + x * wide(id, j), 0),
      12,
    );
  expect([...output.parameters().values()].every((own) => [...embedding.parameters().values()].includes(own))).toBe(
    true,
  );
});

test("what does not fit a factorised embedding is refused", async () => {
  const tokens = new TokenEmbedding({ vocabulary: 3, width: 3, random: random(1) });
  const { map } = factorised();
  expect(() => new FactorisedEmbedding({ tokens, map })).toThrow(
    "FactorisedEmbedding: the tokens' vectors have width 3, and the map takes 2; give both the same",
  );
  const back = await new TransposedLinear(map).to(on);
  expect(() => back.forward(tensor([1, 2], [1, 2], on))).toThrow(
    "TransposedLinear: x must end with 4, as the results of the map [4, 2] do, got [1, 2]",
  );
  expect([...(await back.forward(tensor([1, 0, 0, 0], [4], on)).read())]).toEqual(
    [...(await map.weight.host())].slice(0, 2),
  );
});
