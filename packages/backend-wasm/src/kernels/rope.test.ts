import { composites, cpu, random, rope, sizeOf, tensor, type Backend, type Shape, type Tensor } from "@tenon/tensor";
import { compositeCases, describeCase, expectClose, expectNumbers, runCase } from "@tenon/tensor/testing";
import { test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { ropeKernels, ropeTable } from "./rope.ts";

const reference = cpu({ precision: "f64" });
const drawn = (shape: Shape, seed: number, on: Backend): Tensor => {
  const dice = random(seed);
  return tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => dice.normal()),
    shape,
    on,
  );
};

eachEngine(ropeKernels, ropeTable, [], (tested) => {
  test.each(compositeCases.rope.map((each) => [describeCase("rope", each), each] as const))("%s", async (_, each) => {
    await expectClose(runCase(composites.rope, each, tested.on)[0]!, each.expected[0]!, 1e-6);
  });

  async function check(lead: Shape, t: number, half: number, rest: number): Promise<void> {
    const [mine, right] = [tested.on, reference].map((on) =>
      rope(drawn([...lead, t, 2 * half + rest], 1, on), drawn([t, half], 2, on), drawn([t, half], 3, on)),
    );
    expectNumbers(await mine!.read(), await right!.read(), 5e-7, `half ${half}, rest ${rest}`);
  }
  test("pairs and rests of any number", async () => {
    for (const half of [0, 1, 3, 4, 5, 15, 16, 17, 32, 64, 100])
      for (const rest of [0, 1, 4, 7]) await check([2, 3], 5, half, rest);
  });
  test("many rows, divided among threads", async () => {
    await check([2, 12], 200, 32, 0);
    await check([], 3000, 5, 3);
  });
});
