import { expect, test } from "vitest";

import { tensor } from "../create.ts";
import type { Op } from "../op.ts";
import { gelu } from "../ops/activation.ts";
import { attention } from "../ops/attention.ts";
import * as composites from "../ops/composites.ts";
import { linear } from "../ops/linear.ts";
import { layerNorm } from "../ops/norm.ts";
import { maskedSoftmax, softmax } from "../ops/softmax.ts";
import { random } from "../random.ts";
import { Scope } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { compositeCases } from "../testing/composite-cases.ts";
import { describeCase, expectNumbers, place, runCase, type OpCase } from "../testing/op-case.ts";
import { bools, floats } from "../testing/plain.ts";
import { cpu } from "./cpu.ts";
import { fusedKernels } from "./fused.ts";

const ops: { readonly [name: string]: Op } = composites;
const cases: { readonly [name: string]: readonly OpCase[] } = compositeCases;

function scaled(each: OpCase, by: number): OpCase {
  return {
    ...each,
    inputs: each.inputs.map((input) =>
      typeof input === "object" && input.dtype === "f32" ? { ...input, data: input.data.map((x) => x * by) } : input,
    ),
  };
}

test.each(Object.keys(fusedKernels))(
  "the kernel of %s gives what the composition gives, for small numbers and huge ones",
  async (name) => {
    const op = ops[name]!;
    for (const precision of ["f32", "f64"] as const) {
      const [fused, composed] = [cpu({ precision }), cpu({ precision, fused: false })];
      for (const by of [1e-3, 1, 300, 1e6]) {
        for (const each of cases[name]!.map((each) => scaled(each, by))) {
          using scope = new Scope();
          const [ours, theirs] = [fused, composed].map((on) => scope.run(() => runCase(op, each, on)));
          for (const [i, output] of ours!.entries()) {
            const [a, b] = [await output.read(), await theirs![i]!.read()];
            const size = Math.max(0, ...[...b].map(Math.abs).filter(Number.isFinite));
            expectNumbers(
              a.map((x) => x / (size || 1)),
              b.map((x) => x / (size || 1)),
              precision === "f32" ? 2e-6 : 1e-12,
              `${describeCase(name, each)} times ${by}`,
            );
          }
        }
      }
    }
  },
);

const dice = random(61);
const width = 67;
const [x, weight, vector, mask] = [
  floats([5, 3, width], dice),
  floats([9, width], dice),
  floats([width], dice),
  bools([3, width], dice),
];
const bigger: [string, (on: ReturnType<typeof cpu>) => Tensor][] = [
  ["softmax", (on) => softmax(place(x, on))],
  ["maskedSoftmax", (on) => maskedSoftmax(place(x, on), place(mask, on))],
  ["layerNorm", (on) => layerNorm(place(x, on), place(vector, on), place(vector, on))],
  ["gelu", (on) => gelu(place(x, on))],
  ["linear", (on) => linear(place(x, on), place(weight, on))],
  [
    "attention",
    (on) =>
      attention(
        [
          place({ ...x, shape: [5, 3, width, 1] }, on),
          place({ ...x, shape: [5, 3, width, 1] }, on),
          place({ ...x, shape: [5, 3, width, 1] }, on),
          undefined,
          undefined,
        ],
        { scale: 1, softCap: null, mask: [{ kind: "causal" }], queryOffset: 0, keyLength: width },
      ),
  ],
];
test.each(bigger)("%s over rows of odd length", async (_, f) => {
  expectNumbers(await f(cpu()).read(), await f(cpu({ fused: false })).read(), 2e-6);
});

test("precision is the backend's: f64 holds what f32 rounds", async () => {
  const [single, double] = [cpu(), cpu({ precision: "f64" })].map((on) =>
    softmax(tensor(Float64Array.of(0.1, 0.2), [2], on)),
  );
  expect(await single!.read()).toBeInstanceOf(Float32Array);
  const [first] = await double!.read();
  expect(first).toBeCloseTo(1 / (1 + Math.exp(0.1)), 15);
});
