import { trace, withDropout } from "@tenon/nn";
import { LearnedPosition, SinusoidalPosition } from "@tenon/positional";
import { cpu, random, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { PatchEmbedding, type PatchEmbeddingOptions } from "./patch-embedding.ts";

const on = cpu({ precision: "f64" });
const sizes = { image: [4, 6], patch: [2, 3], channels: 2, width: 3, random: random(1) } as const;
const read = async (x: Tensor): Promise<number[]> => [...(await x.read())];

test("a patch's vector is one linear map of its pixels; patches follow one another row by row, behind the class token", async () => {
  const embedding = await new PatchEmbedding(sizes).to(on);
  expect(embedding.count).toBe(5);
  embedding.classToken.assign(Float64Array.of(7, 8, 9));
  embedding.patches.bias!.assign(Float64Array.of(0.5, -1, 2));
  const [weight, bias] = [await embedding.patches.weight.host(), await embedding.patches.bias!.host()];
  const pixels = floats([1, 2, 4, 6], random(2));
  const at = (c: number, row: number, column: number): number => Number(pixels.data[(c * 4 + row) * 6 + column]);
  const expected = [7, 8, 9];
  for (const [top, left] of [
    [0, 0],
    [0, 3],
    [2, 0],
    [2, 3],
  ] as const) {
    for (let o = 0; o < 3; o++) {
      let sum = bias[o]!;
      for (let c = 0; c < 2; c++)
        for (let i = 0; i < 2; i++)
          for (let j = 0; j < 3; j++) sum += weight[((o * 2 + c) * 2 + i) * 3 + j]! * at(c, top + i, left + j);
      expected.push(sum);
    }
  }
  const y = embedding.forward(place(pixels, on));
  expect(y.shape).toEqual([1, 5, 3]);
  expectNumbers(await read(y), expected, 1e-12, "the vectors");
});

test("positions are added to class token and patches, and any scheme for embeddings will do", async () => {
  const images = place(floats([2, 2, 4, 6], random(2)), on);
  const plain = await new PatchEmbedding(sizes).to(on);
  for (const position of [
    new LearnedPosition({ context: 5, width: 3, random: random(4) }),
    new SinusoidalPosition({ width: 3 }),
  ]) {
    const embedding = await new PatchEmbedding({ ...sizes, position }).to(on);
    const [with_, without] = [await read(embedding.forward(images)), await read(plain.forward(images))];
    const added = with_.map((value, i) => value - without[i]!);
    expectNumbers(added.slice(15), added.slice(0, 15), 1e-12, "the second image's positions");
    expect(Math.max(...added.map(Math.abs))).toBeGreaterThan(0.01);
  }
});

test("what it gives can be seen, and the dropout acts on it in training alone", async () => {
  const embedding = await new PatchEmbedding({ ...sizes, dropout: 0.5 }).to(on);
  const images = place(floats([1, 2, 4, 6], random(2)), on);
  const { output, taps } = trace(embedding, ["output"], () => embedding.forward(images));
  expect(await read(taps["output"]![0]!)).toEqual(await read(output));
  const trained = await read(withDropout(embedding, random(5), 0, () => embedding.forward(images)));
  const kept = await read(output);
  const shares = trained.map((value, i) => value / kept[i]!);
  expect(new Set(shares.map((share) => Math.round(share)))).toEqual(new Set([0, 2]));
});

test("sizes that do not fit, and images and positions of other shapes, are refused by name", async () => {
  const make = (change: Partial<PatchEmbeddingOptions>) => () => new PatchEmbedding({ ...sizes, ...change });
  expect(make({ patch: [2, 4] })).toThrow(
    "PatchEmbedding: a width of 6 pixels is not cut evenly into patches of 4; choose sizes of which one divides the other",
  );
  expect(make({ patch: [3, 3] })).toThrow("PatchEmbedding: a height of 4 pixels is not cut evenly into patches of 3");
  expect(make({ image: [0, 6] })).toThrow("PatchEmbedding: the image's height must be a whole number from 1 up, got 0");
  expect(make({ patch: [2, 0.5] })).toThrow("PatchEmbedding: the patch's width must be a whole number from 1 up");
  expect(make({ channels: 0 })).toThrow("PatchEmbedding: channels must be a whole number from 1 up, got 0");
  expect(make({ width: -1 })).toThrow("PatchEmbedding: width must be a whole number from 1 up, got -1");
  expect(make({ dropout: 1 })).toThrow("Dropout: rate must be at least 0 and below 1, got 1");
  const embedding = await new PatchEmbedding(sizes).to(on);
  const expected = "PatchEmbedding: images must be [b, 2, 4, 6], that is channels, height and width, got ";
  for (const shape of [[2, 4, 6], [1, 2, 6, 4], [1, 3, 4, 6], []]) {
    expect(() => embedding.forward(zeros(shape, on))).toThrow(
      `${expected}[${shape.join(", ")}]; bring them to this size first`,
    );
  }
  const short = new PatchEmbedding({ ...sizes, position: { embed: () => tensor([1, 2, 3], [1, 3], on) } });
  await short.to(on);
  expect(() => short.forward(zeros([1, 2, 4, 6], on))).toThrow(
    "PatchEmbedding: positions must be [5, 3], one for the class token and each patch, got [1, 3]",
  );
});
