import { checkGolden, type PartGolden } from "@tenon/backend-testkit";
import { Module } from "@tenon/nn";
import { cpu, random, scoped, zeros, type Tensor } from "@tenon/tensor";
import { expectNumbers } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import alibi from "../goldens/alibi.json" with { type: "json" };
import relative from "../goldens/relative.json" with { type: "json" };
import frequencies from "../goldens/rotary-frequencies.json" with { type: "json" };
import rotaryScaling from "../goldens/rotary-scaling.json" with { type: "json" };
import rotary from "../goldens/rotary.json" with { type: "json" };
import sinusoidal from "../goldens/sinusoidal.json" with { type: "json" };
import t5Bias from "../goldens/t5-bias.json" with { type: "json" };
import t5Buckets from "../goldens/t5-buckets.json" with { type: "json" };
import { Attended } from "../test/attended.ts";
import { scalingOf, type NamedScaling } from "../test/scaling-of.ts";
import { AlibiPosition } from "./alibi-position.ts";
import { Extent } from "./extent.ts";
import { RelativePosition } from "./relative-position.ts";
import { RotaryPosition, type RotaryPositionOptions } from "./rotary-position.ts";
import { SinusoidalPosition } from "./sinusoidal-position.ts";
import { t5Bucket } from "./t5-bucket.ts";
import { T5Bias, type T5BiasOptions } from "./t5-bias.ts";

type Rows = readonly (readonly number[])[];
/** Cases of a file, as `test.each` takes them: a name, and the rest. */
const cases = <C>(written: unknown): (readonly [string, PartGolden<C>])[] =>
  (written as readonly PartGolden<C>[]).map((golden) => [golden.name, golden] as const);
const extentOf = (positions: Rows, on: Tensor["backend"]): Extent =>
  new Extent({ offset: 0, length: positions[0]!.length, positions, backend: on });

test.each(cases<{ width: number; positions: Rows }>(sinusoidal))("sinusoidal: %s", async (_, golden) => {
  const on = cpu({ precision: "f64" });
  const { config, expected } = golden;
  const table = new SinusoidalPosition(config).embed(extentOf(config.positions, on));
  expect(table.shape).toEqual(expected["output"]!.shape);
  expectNumbers(await table.read(), expected["output"]!.data, 1e-10);
});

type RotaryConfig = Omit<RotaryPositionOptions, "scaling"> & { scaling?: NamedScaling; positions: Rows };
/** What the position of a golden makes of its x. */
class Rotated extends Module<[x: Tensor], Tensor> {
  readonly position: RotaryPosition;
  readonly #rows: Rows;
  constructor({ scaling, positions, ...options }: RotaryConfig) {
    super();
    this.position = new RotaryPosition({ ...options, scaling: scaling && scalingOf(scaling) });
    this.#rows = positions;
  }
  protected override compute(x: Tensor): Tensor {
    return this.position.at(extentOf(this.#rows, x.backend)).rotate(x);
  }
}
test.each([...cases<RotaryConfig>(rotary), ...cases<RotaryConfig>(rotaryScaling)])("rotary: %s", async (_, golden) => {
  await checkGolden(golden, { create: (config) => new Rotated(config), forward: (part, { x }) => part.forward(x!) });
});

interface FrequencyCase {
  readonly name: string;
  readonly rotary: { width: number; base: number; fraction: number; scaling: NamedScaling };
  readonly length: number;
  readonly frequencies: readonly number[];
  readonly attentionFactor: number;
}
test.each((frequencies as readonly FrequencyCase[]).map((each) => [each.name, each] as const))(
  "frequencies: %s",
  (_, { rotary: { scaling, ...options }, length, ...expected }) => {
    const found = new RotaryPosition({ ...options, scaling: scalingOf(scaling) }).rotation(length);
    expect(found.frequencies.length).toBe(expected.frequencies.length);
    for (const [i, frequency] of found.frequencies.entries()) {
      expect(Math.abs(frequency / expected.frequencies[i]! - 1)).toBeLessThan(1e-9);
    }
    expect(found.attentionFactor).toBeCloseTo(expected.attentionFactor, 12);
  },
);

test.each(cases<Omit<T5BiasOptions, "random"> & { offset: number; length: number }>(t5Bias))(
  "T5: %s",
  async (_, golden) => {
    await checkGolden(golden, {
      create: (config) => new T5Bias({ ...config, random: random(1) }),
      forward: (part, _inputs, { heads, offset, length }) =>
        scoped(() => {
          const { backend } = part.table.value;
          const region = { firstQuery: 0, queries: length, firstKey: 0, keys: offset + length };
          const { bias } = part.at(new Extent({ offset, length, backend }));
          return bias(zeros([1, heads, length, 4], backend), region, 1);
        }),
    });
  },
);
test.each(t5Buckets.cases.map((each) => [JSON.stringify(each.options), each] as const))(
  "T5's buckets: %s",
  (_, { options, buckets }) => {
    expect(t5Buckets.distances.map((distance) => t5Bucket(distance, options))).toEqual(buckets);
  },
);

test.each(alibi.map((each) => [each.heads, each] as const))("ALiBi with %d heads", async (heads, golden) => {
  const on = cpu({ precision: "f64" });
  const position = new AlibiPosition({ heads });
  const last = new Extent({ offset: 4, length: 1, backend: on });
  const bias = position
    .at(last)
    .bias(zeros([1, heads, 1, 2], on), { firstQuery: 0, queries: 1, firstKey: 0, keys: 5 }, 1);
  // BLOOM counts from the first key, and softmax knows no difference: here the last query's own key gets 0.
  const expected = golden.bloom.map((x, i) => x - golden.bloom[5 * Math.floor(i / 5) + 4]!);
  expectNumbers(await bias.read(), expected, 1e-10);

  const region = { firstQuery: 0, queries: 4, firstKey: 0, keys: 4 };
  const rows = position.at(extentOf(golden.positions, on)).bias(zeros([2, heads, 4, 2], on), region, 1);
  expect(rows.shape).toEqual([2, heads, 4, 4]);
  expectNumbers(await rows.read(), golden.symmetric, 1e-10);
});

test.each(cases<{ width: number; clip: number; values: boolean }>(relative))("relative: %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (config) => new RelativePosition({ ...config, random: random(1) }),
    forward: (position, { q, k, v }) => new Attended({ position }).forward(q!, k!, v!),
  });
});
