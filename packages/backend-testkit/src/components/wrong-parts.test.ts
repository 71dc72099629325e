import { Module, normal, Parameter } from "@tenon/nn";
import {
  add,
  apply,
  keep,
  max,
  mul,
  random,
  sum,
  type Composite,
  type Json,
  type None,
  type Random,
  type Tensor,
} from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import type { ComponentUnderTest } from "./component-test.ts";
import { componentTests } from "./component-tests.ts";

/** x · scale + shift, or what a test makes of it. */
class Sound extends Module<[x: Tensor], Tensor> {
  readonly scale: Parameter;
  readonly shift: Parameter;
  readonly body: (x: Tensor, part: Sound) => Tensor;
  constructor(stream: Random, body?: (x: Tensor, part: Sound) => Tensor) {
    super();
    this.scale = new Parameter([3], normal(stream.fork("scale"), 1));
    this.shift = new Parameter([3], normal(stream.fork("shift"), 1));
    this.body = body ?? ((x) => add(mul(x, this.scale.value), this.shift.value));
  }
  protected override compute(x: Tensor): Tensor {
    return this.body(x, this);
  }
}
type Given = ComponentUnderTest<Json, [x: Tensor], Tensor>;
const sound: Given = {
  name: "sound",
  config: { width: 3 },
  create: (_, stream) => new Sound(stream),
  inputs: (on) => [place(floats([2, 4, 3], random(1)), on)],
  outputShape: [2, 4, 3],
  parameters: 6,
  causal: 1,
};
const doing = (body: (x: Tensor, part: Sound) => Tensor): Partial<Given> => ({
  create: (_, stream) => new Sound(stream, body),
});

/** 2x, whose rule says 3. */
const doubledOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "vendor/doubled",
  infer: ([x]) => x,
  compose: ([x]) => mul(x, 2),
  gradient: ({ upstream }) => [() => mul(upstream, 3)],
};

const shape = "has the shape and the number of parameters that it says";
const json = "survives its config's way through JSON";
const seeds = "is the same for the same seed";
const gradient = "gives every parameter a gradient, and the right one";
const checkpoint = "comes back from a checkpoint as it was";
const memory = "leaves nothing behind but its result, and its inputs alive";
const precision = "gives the same with fused kernels, without them, and in double precision";
const causality = "does not let the past depend on the future";

let calls = 0;
const affine = (x: Tensor, { scale, shift }: Sound): Tensor => add(mul(x, scale.value), shift.value);
const defects: readonly (readonly [name: string, given: Partial<Given>, fails: readonly string[], error: string])[] = [
  [
    "a sum along the way",
    doing((x, part) => sum(affine(x, part), -1)),
    [shape, gradient],
    "the output is [2, 4], expected [2, 4, 3]",
  ],
  ["another number of parameters", { parameters: 7 }, [shape], "it has 6 parameters, expected 7"],
  [
    "a config that JSON changes",
    {
      config: { scale: NaN },
      create: (config, stream) =>
        new Sound(stream, (x, part) => mul(affine(x, part), (config as { scale: unknown }).scale === null ? 2 : 1)),
    },
    [json],
    "the output of the part made again: element 0",
  ],
  [
    "a pass that differs from the one before",
    doing((x, part) => mul(affine(x, part), ++calls)),
    [json, seeds, gradient, checkpoint, precision, causality],
    "element",
  ],
  [
    "a seed that is not used",
    { create: () => new Sound(random(1)) },
    [seeds],
    "another seed gives the same parameters",
  ],
  ["a seed that matters where none should", { seeded: false }, [seeds], "another seed gives other parameters"],
  [
    "a parameter that nothing depends on",
    doing((x, { scale }) => mul(x, scale.value)),
    [gradient],
    "shift gets no gradient",
  ],
  [
    "a parameter that counts for nothing",
    doing((x, { scale, shift }) => add(mul(x, scale.value), mul(shift.value, 0))),
    [gradient],
    "the gradient of shift is zero everywhere",
  ],
  ["a wrong gradient", doing((x, part) => apply(doubledOp, [affine(x, part)], {})), [gradient], "scale"],
  [
    "an intermediate result that stays",
    doing((x, part) => {
      keep(add(x, 1));
      return affine(x, part);
    }),
    [shape, json, seeds, checkpoint, memory, precision, causality],
    "left over",
  ],
  [
    "an input that is freed",
    doing((x, part) => {
      const y = affine(x, part);
      x[Symbol.dispose]();
      return y;
    }),
    [gradient, memory, causality],
    "already freed",
  ],
  [
    "a look at the future",
    doing((x, part) => add(affine(x, part), max(x, 1, { keepDims: true }))),
    [causality],
    "the output of the first 1 alone",
  ],
];

const failing = async (given: Partial<Given>): Promise<{ name: string; error: string }[]> => {
  const failed: { name: string; error: string }[] = [];
  for (const { name, run } of componentTests({ ...sound, ...given })) {
    try {
      await run();
    } catch (error) {
      failed.push({ name, error: (error as Error).message });
    }
  }
  return failed;
};

test("a sound part passes", async () => {
  expect(await failing({})).toEqual([]);
});

test.each(defects)("%s is found", async (_, given, fails, error) => {
  const failed = await failing(given);
  expect(failed.map(({ name }) => name)).toEqual(fails);
  expect(failed[0]?.error).toContain(error);
});
