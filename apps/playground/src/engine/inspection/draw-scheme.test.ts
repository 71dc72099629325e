import { bert, gpt, llama, transformer } from "@tenon/models";
import { alibiSlopes, rotaryFrequencies } from "@tenon/positional";
import { expect, test } from "vitest";

import type { SchemeDrawing, SchemeRequest } from "./scheme-data.ts";
import { inspecting, opened, sizes } from "./testing/opened.ts";

const { inspection } = inspecting(await opened(gpt(sizes)));
const drawn = (scheme: SchemeRequest["scheme"], length = 8): Promise<SchemeDrawing> =>
  inspection.scheme({ scheme, side: 0, layer: 0, length });

test("ALiBi falls in straight lines, by the slopes of its heads", async () => {
  const { bias, causal } = await drawn({ kind: "alibi" });
  expect([causal, bias!.heads, bias!.distances]).toEqual([true, 4, [-7, -6, -5, -4, -3, -2, -1, 0]]);
  for (const [head, slope] of alibiSlopes(4).entries())
    for (const [column, distance] of bias!.distances.entries())
      expect(bias!.values[head * 8 + column]).toBeCloseTo(slope * distance, 6);
});

test("T5's bias is one number for each bucket: far distances share it, in an encoder on both sides", async () => {
  const encoder = inspecting(await opened(bert(sizes))).inspection;
  const { bias } = await encoder.scheme({
    scheme: { kind: "t5", buckets: 8, maxDistance: 8 },
    side: 0,
    layer: 0,
    length: 16,
  });
  expect(bias!.distances.length).toBe(31);
  const at = (distance: number): number => bias!.values[bias!.distances.indexOf(distance)]!;
  expect([at(-8), at(8)]).toEqual([at(-15), at(15)]);
  expect(new Set([at(-8), at(8), at(0), at(1), at(-1)]).size).toBe(5);
});

test("sinusoids: each position is as near to itself as can be, and farther ones less", async () => {
  const { vectors, bias, rotation } = await drawn({ kind: "sinusoidal" });
  expect([vectors!.width, vectors!.table.length, bias, rotation]).toEqual([16, 8 * 16, undefined, undefined]);
  expect([vectors!.table[0], vectors!.table[1]]).toEqual([0, 1]);
  expect(vectors!.table[16]).toBeCloseTo(Math.sin(1), 6);
  const [self, near, far] = [0, 1, 4].map((key) => vectors!.similarity[key]!);
  expect(self).toBeCloseTo(1, 5);
  expect(self! > near! && near! > far!).toBe(true);
});

test("the model's own scheme is drawn with its own values, and no longer than it has positions", async () => {
  const open = await opened(gpt({ ...sizes, context: 6 }));
  const { vectors, length, kind } = await inspecting(open).inspection.scheme({
    scheme: "model",
    side: 0,
    layer: 0,
    length: 99,
  });
  expect([kind, length, vectors!.table.length]).toEqual(["learned", 6, 6 * 16]);
  const table = [...open.model.parameters()].find(([path]) => path === "embedding.position.table")![1];
  expect([...vectors!.table]).toEqual([...(await table.host())]);
});

test("rotary: the frequencies of the part itself, scores that fall with the distance, and what a scaling does", async () => {
  const spec = { ...llama({ ...sizes, keyValueHeads: 2, hidden: 32 }), width: 64 };
  const { inspection } = inspecting(await opened(spec));
  const own = await inspection.scheme({ scheme: "model", side: 0, layer: 1, length: 8 });
  expect(own.rotation!.frequencies).toEqual(rotaryFrequencies({ base: 10000, turned: 16 }));
  expect([own.bias, own.vectors, own.rotation!.scores[0]]).toEqual([undefined, undefined, 1]);
  const expected = own.rotation!.frequencies.reduce((sum, frequency) => sum + Math.cos(3 * frequency), 0) / 8;
  expect(own.rotation!.scores[3]).toBeCloseTo(expected, 4);
  expect(own.rotation!.cosines[2 * 8]).toBeCloseTo(Math.cos(2), 6);
  const scheme = { kind: "rotary", scaling: { kind: "linear", factor: 4 } };
  const scaled = await inspection.scheme({ scheme, side: 0, layer: 0, length: 8 });
  expect(scaled.rotation!.frequencies).toEqual(own.rotation!.frequencies.map((frequency) => frequency / 4));
});

test("relative vectors are told as what they add for queries of ones", async () => {
  const { bias } = await drawn({ kind: "relative", clip: 2 });
  expect([bias!.ofQueries, bias!.heads]).toEqual([true, 4]);
  const at = (distance: number): number => bias!.values[bias!.distances.indexOf(distance)]!;
  expect(at(-7)).toBe(at(-2));
  expect(at(-1)).not.toBe(at(-2));
});

test("each side of an encoder–decoder has its own, and what does not go with the attention says why", async () => {
  const { inspection } = inspecting(await opened(transformer({ ...sizes, hidden: 32 })));
  const sides = await Promise.all(
    [0, 1].map((side) => inspection.scheme({ scheme: "model", side, layer: 0, length: 8 })),
  );
  expect(sides.map(({ kind, causal }) => [kind, causal])).toEqual([
    ["sinusoidal", false],
    ["sinusoidal", true],
  ]);
  const linear = await opened({ ...gpt(sizes), position: { kind: "none" }, attention: { kind: "linear", heads: 4 } });
  await expect(
    inspecting(linear).inspection.scheme({ scheme: { kind: "alibi" }, side: 0, layer: 0, length: 8 }),
  ).rejects.toThrow('"alibi" adds to scores, and the attention of the kind "linear" forms none');
});
