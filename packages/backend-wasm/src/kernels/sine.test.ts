import { cos, cpu, primitives, random, sin, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { describeCase, expectClose, expectNumbers, primitiveCases, runCase } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { sineKernels, sineTable } from "./sine.ts";

const reference = cpu({ precision: "f64" });
const functions = { sin, cos };

/** Numbers of every size that floats have, and those next to multiples of a quarter turn, where rests are small. */
function numbers(n: number): Float32Array {
  const dice = random(n);
  return Float32Array.from({ length: n }, (_, i) => {
    if (i % 3 === 0) return dice.normal() * 10;
    if (i % 3 === 1) return (dice.integer(2) - 0.5) * 2 ** (dice.uniform() * 256 - 128);
    return (dice.integer(2 ** (1 + (i % 40))) * Math.PI) / 2;
  });
}

eachEngine(sineKernels, sineTable, [], (tested) => {
  describe.each(["sin", "cos"] as const)("%s", (name) => {
    const { sin: sinOp, cos: cosOp } = primitives;
    test.each(primitiveCases[name].map((each) => [describeCase(name, each), each] as const))("%s", async (_, each) => {
      await expectClose(runCase({ sin: sinOp, cos: cosOp }[name], each, tested.on)[0]!, each.expected[0]!, 2e-7);
    });

    const of = (x: Float32Array, on: Backend): Tensor => functions[name](tensor(x, [x.length], on));
    test("numbers of any size, as near as a float can be", async () => {
      for (const n of [0, 1, 3, 4, 5, 15, 16, 17, 100, 20_000]) {
        const x = numbers(n);
        expectNumbers(await of(x, tested.on).read(), await of(x, reference).read(), 1.5e-7, `${n} numbers`);
      }
    });
    test("the largest before and after which another way is taken, and the largest of all", async () => {
      const ends = Float32Array.of(
        99_999.99,
        100_000,
        100_000.01,
        -100_001,
        2 ** 24 + 2,
        2 ** 127,
        3.4028235e38,
        1e-45,
      );
      const x = Float32Array.from([...ends, ...ends.map((each) => -each)]);
      expectNumbers(await of(x, tested.on).read(), await of(x, reference).read(), 1.5e-7);
    });
    test("what has none", async () => {
      const [nan, up, down] = await of(Float32Array.of(NaN, Infinity, -Infinity, 1), tested.on).read();
      expect([nan, up, down]).toEqual([NaN, NaN, NaN]);
    });
  });
});
