import { Part } from "@tenon/nn";
import { cpu, isTenonError, random, scoped, zeros, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { Attended } from "../test/attended.ts";
import { heads, schemes, width } from "../test/schemes.ts";
import { Extent } from "./extent.ts";
import { RelativePosition } from "./relative-position.ts";

const on = cpu({ precision: "f64" });

test.each([
  ["relative keys and values", true],
  ["relative keys", true],
  ["T5, both ways", true],
  ["ALiBi", false],
  ["rotary", false],
])("beyond the clip all distances are one: %s, %s", async (name, clipped) => {
  const position = schemes[name]!();
  if (position instanceof Part) await position.to(on);
  const [q, k, v] = [1, 2, 3].map((seed) => place(floats([1, heads, 5, width], random(seed)), on));
  const at = async (positions: number[]): Promise<number[]> => [
    ...(await new Attended({ position, positions: [positions] }).forward(q!, k!, v!).read()),
  ];
  const near = await at([0, 1, 20, 21, 22]);
  const far = await at([0, 1, 500, 501, 502]);
  if (clipped) expectNumbers(far, near, 1e-12);
  else expect(far.some((x, i) => Math.abs(x - near[i]!) > 1e-3)).toBe(true);
});

test("layers with tables of their own share one index for each region of a pass", async () => {
  const backend = cpu();
  const layers = [1, 2].map((seed) => new RelativePosition({ width: 4, clip: 2, random: random(seed) }));
  for (const layer of layers) await layer.to(backend);
  scoped(() => {
    const extent = new Extent({ offset: 0, length: 3, backend });
    const region = { firstQuery: 0, queries: 3, firstKey: 0, keys: 3 };
    const [queries, pattern] = [zeros([1, 2, 3, 4], backend), zeros([1, 2, 3, 3], backend)];
    const before = backend.memory().tensors;
    for (const layer of layers) {
      const { bias, values } = layer.at(extent);
      bias(queries, region, 1);
      values!(pattern, region);
    }
    expect(backend.memory().tensors).toBe(before + 1 + 2 * 2); // the index, and two results for each layer
  });
  expect(backend.memory().tensors).toBe(4);
});

test("without relative values attention keeps its fused kernel", () => {
  const position = new RelativePosition({ width: 4, clip: 2, values: false, random: random(1) });
  expect([...position.parameters().keys()]).toEqual(["keys"]);
  expect(position.at(new Extent({ offset: 0, length: 1, backend: on })).values).toBeUndefined();
});

const asked = async (shape: number[], positions?: number[][]): Promise<Tensor> => {
  const position = await new RelativePosition({ width: 4, clip: 2, random: random(1) }).to(on);
  const extent = new Extent({ offset: 0, length: 1, positions, backend: on });
  return position.at(extent).bias(zeros(shape, on), { firstQuery: 0, queries: 1, firstKey: 0, keys: 1 }, 1);
};
test.each([
  [
    "ConfigError",
    () => new RelativePosition({ width: 0, clip: 1, random: random(1) }),
    "RelativePosition: width must be a whole number from 1 up, got 0",
  ],
  [
    "ConfigError",
    () => new RelativePosition({ width: 4, clip: 0, random: random(1) }),
    "RelativePosition: clip must be a whole number from 1 up, got 0",
  ],
  [
    "ShapeError",
    () => asked([1, 2, 1, 5]),
    "RelativePosition: made for heads of width 4, got [1, 2, 1, 5]. The width is that of a head's queries: the model's width divided by the number of heads, or in a LatentAttention headWidth + positionWidth.",
  ],
  [
    "ShapeError",
    () => asked([3, 2, 1, 4], [[0], [1]]),
    "RelativePosition: the extent has positions for 2 sequences, got [3, 2, 1, 4]",
  ],
] as const)("what does not fit is refused: %s %#", async (kind, make, message) => {
  let error: unknown;
  try {
    await make();
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, kind)).toBe(true);
  expect((error as Error).message).toContain(message);
});
