import { MLP } from "@tenon/blocks";
import { checkGradients, Module } from "@tenon/nn";
import { add, concat, ConfigError, cpu, mul, scoped, sum, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as z from "zod";

import { DistancePosition } from "../../test/distance-position.ts";
import { expectClose, fill, refusal, someIds, upload } from "../../test/models.ts";
import { assemble } from "../assemble.ts";
import type { Decoder } from "../decoder.ts";
import { gpt } from "../presets.ts";
import type { Kind } from "./kind.ts";
import { standardKinds } from "./standard.ts";

const distance: Kind<"position", { kind: "distance"; strength: number }> = {
  options: z.strictObject({
    kind: z.literal("distance"),
    strength: z.number().positive().default(1).describe("a number above 0"),
  }),
  build: ({ strength }, { attention }) => {
    const heads = Number(attention.heads);
    return { attention: (layer) => new DistancePosition(heads, strength / (layer + 1)) };
  },
};
const kinds = standardKinds.with("position", "distance", distance);
const sizes = { vocabulary: 13, context: 7, width: 12, layers: 2, heads: 3 };
const spec = { ...gpt(sizes), position: { kind: "distance" } };

test("a kind of a stranger's works in a spec, with its defaults and one part for each layer", async () => {
  const model = assemble(spec, { kinds });
  expect(model.spec.position).toEqual({ kind: "distance", strength: 1 });
  const slopes = [...model.parameters()].filter(([path]) => path.endsWith("position.slopes"));
  expect(slopes.map(([path]) => path)).toEqual([
    "blocks.0.attention.position.slopes",
    "blocks.1.attention.position.slopes",
  ]);
  expect(await Promise.all(slopes.map(async ([, parameter]) => [...(await parameter.host())]))).toEqual([
    [1, 0.5, 0.25],
    [0.5, 0.25, 0.125],
  ]);
});

test("and with it hold the invariants: cached = uncached, gradients", async () => {
  const on = cpu({ precision: "f64" });
  const model = await assemble(spec, { kinds }).to(on);
  fill(model);
  const ids = someIds(13, 7);
  const expected = await model.forward(upload(ids, 1, on)).read();
  const cached = scoped(() => {
    using cache = model.cache();
    return concat(
      [ids.slice(0, 4), ids.slice(4, 5), ids.slice(5)].map((chunk) => model.forward(upload(chunk, 1, on), { cache })),
      1,
    );
  });
  expectClose(await cached.read(), expected, 1e-13);
  const weights = tensor(
    Float64Array.from(expected, (_, i) => Math.sin(i)),
    [1, 7, 13],
    on,
  );
  await checkGradients(model, () => sum(mul(model.forward(upload(ids, 1, on)), weights)), { samples: 3 });
});

test("its options are checked like any other's", () => {
  const bad = (position: object): string => refusal(() => assemble({ ...spec, position }, { kinds }));
  expect(bad({ kind: "distance", strength: 0 })).toMatchInlineSnapshot(
    `"ConfigError: spec.position.strength: expected a number above 0, got 0"`,
  );
  expect(bad({ kind: "distance", slope: 1 })).toMatchInlineSnapshot(
    `"ConfigError: spec.position.slope: there is no such key; the keys are kind, strength"`,
  );
  expect(bad({ kind: "distanse" })).toMatchInlineSnapshot(
    `"ConfigError: spec.position.kind: expected "none" or "learned" or "sinusoidal" or "relative" or "t5" or "alibi" or "rotary" or "distance", got "distanse""`,
  );
});

test("what is wrong deep in its options is said with the words of the schema there", () => {
  const nested = standardKinds.with("position", "nested", {
    options: z.strictObject({
      kind: z.literal("nested"),
      steps: z.array(z.strictObject({ size: z.int().describe("a whole number") })).default([]),
      side: z
        .union([z.literal("left"), z.literal(2)])
        .nullable()
        .optional(),
      way: z
        .discriminatedUnion("to", [
          z.strictObject({ to: z.literal("a"), far: z.number().describe("a distance, or null").nullable() }),
          z.strictObject({ to: z.literal("b") }),
        ])
        .optional(),
      lone: z.union([z.string(), z.array(z.string())]).optional(),
    }),
    build: () => ({}),
  });
  const bad = (options: object): string =>
    refusal(() => assemble({ ...spec, position: { kind: "nested", ...options } }, { kinds: nested }));
  expect([
    bad({ steps: [{ size: 1 }, { size: 1.5 }] }),
    bad({ steps: [{ size: 1, depth: 2 }] }),
    bad({ steps: [{}] }),
    bad({ side: "right" }),
    bad({ way: { to: "c" } }),
    bad({ way: { to: "a", far: "away" } }),
    bad({ way: { to: "b", far: 1 } }),
    bad({ lone: 1 }),
  ]).toMatchInlineSnapshot(`
    [
      "ConfigError: spec.position.steps.1.size: expected a whole number, got 1.5",
      "ConfigError: spec.position.steps.0.depth: there is no such key; the keys are size",
      "ConfigError: spec.position.steps.0.size: missing; expected a whole number",
      "ConfigError: spec.position.side: expected "left" or 2, got "right"",
      "ConfigError: spec.position.way.to: expected "a" or "b", got "c"",
      "ConfigError: spec.position.way.far: expected a distance, or null, got "away"",
      "ConfigError: spec.position.way.far: there is no such key; the keys are to",
      "ConfigError: spec.position.lone: expected a string or a list, got 1",
    ]
  `);
});

test("a schema that does not take the kind's name is refused when it is registered", () => {
  const position = (options: z.ZodType): string =>
    refusal(() => standardKinds.with("position", "mine", { options, build: () => ({}) }));
  const expected =
    'ConfigError: position: the options of the kind "mine" must take it as their kind; write kind: z.literal("mine") into the schema';
  expect(position(z.strictObject({}))).toBe(expected);
  expect(position(z.object({ size: z.number() }))).toBe(expected);
  expect(position(z.strictObject({ kind: z.literal("yours") }))).toBe(expected);
  expect(position(z.strictObject({ kind: z.string() }))).toBe("nothing was thrown");
});

test("a registry never changes: the standard one knows nothing of it", () => {
  expect(kinds.names("position")).toEqual([...standardKinds.names("position"), "distance"]);
  expect(standardKinds.names("position")).not.toContain("distance");
  expect(kinds.names("norm")).toEqual(standardKinds.names("norm"));
  expect(refusal(() => assemble(spec))).toMatchInlineSnapshot(
    `"ConfigError: spec.position.kind: expected "none" or "learned" or "sinusoidal" or "relative" or "t5" or "alibi" or "rotary", got "distance""`,
  );
});

test("a name is taken once, in its group", () => {
  expect(refusal(() => kinds.with("position", "distance", distance))).toMatchInlineSnapshot(
    `"ConfigError: position has a kind "distance" already; choose another name"`,
  );
  expect(refusal(() => standardKinds.with("norm", "layer-norm", {} as never))).toMatchInlineSnapshot(
    `"ConfigError: norm has a kind "layer-norm" already; choose another name"`,
  );
  const elsewhere = kinds.with("feedForward", "distance", {
    options: z.strictObject({ kind: z.literal("distance") }),
    build: (_, { width, random }) => new MLP({ width, hidden: 3, random }),
  });
  expect(elsewhere.names("feedForward")).toEqual([...standardKinds.names("feedForward"), "distance"]);
});

/** A norm that takes part in nothing but carries numbers of its own, to see which stream it was given. */
class Shift extends Module<[x: Tensor], Tensor> {
  readonly amount: number;
  constructor(amount: number) {
    super();
    this.amount = amount;
  }
  protected override compute(x: Tensor): Tensor {
    return add(x, this.amount);
  }
}

test("every part is given a stream of its own, a function of the seed and of its place", () => {
  const shifting = standardKinds.with("norm", "shift", {
    options: z.strictObject({ kind: z.literal("shift") }),
    build: (_, { random }) => new Shift(random.uniform()),
  });
  const amounts = (seed: number): number[] => {
    const model: Decoder = assemble({ ...gpt(sizes), norm: { kind: "shift" } }, { kinds: shifting, seed });
    return [...model.parts().values()].flatMap((part) => (part instanceof Shift ? [part.amount] : []));
  };
  expect(amounts(1)).toHaveLength(5);
  expect(new Set([...amounts(1), ...amounts(2)]).size).toBe(10);
  expect(amounts(1)).toEqual(amounts(1));
});

test("what a part refuses comes under the name of the spec's key; what breaks in it comes as it is", () => {
  const broken = (error: Error): string => {
    const refusing = standardKinds.with("feedForward", "broken", {
      options: z.strictObject({ kind: z.literal("broken") }),
      build: () => {
        throw error;
      },
    });
    try {
      assemble({ ...gpt(sizes), feedForward: { kind: "broken" } }, { kinds: refusing });
    } catch (thrown) {
      return thrown === error ? "as it is" : `${String(thrown)}, caused by it: ${(thrown as Error).cause === error}`;
    }
    return "nothing was thrown";
  };
  expect(broken(new ConfigError("Broken: no"))).toBe("ConfigError: spec.feedForward: Broken: no, caused by it: true");
  expect(broken(new TypeError("oops"))).toBe("as it is");
});
