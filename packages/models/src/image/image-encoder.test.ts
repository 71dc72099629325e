import { testComponent } from "@tenon/backend-testkit";
import { checkGradients, patch, trace } from "@tenon/nn";
import { add, concat, cpu, mul, random, slice, sum, tanh, zeros, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { expectClose, filled, refusal } from "../../test/models.ts";
import { assemble } from "../assemble.ts";
import { describe } from "../describe.ts";
import { ClassTokenHead } from "./class-token-head.ts";
import { vit } from "./presets.ts";

const on = cpu({ precision: "f64" });
const sizes = { image: [4, 6], patch: [2, 3], channels: 2, width: 8, layers: 2, heads: 2 } as const;
const images = place(floats([2, 2, 4, 6], random(3)), on);
const classes = { kind: "classification", labels: 3 } as const;

testComponent({
  name: "ClassTokenHead",
  config: { width: 4, output: 3 },
  create: (config, random) => new ClassTokenHead({ ...config, activation: tanh, random }),
  inputs: (on) => [place(floats([2, 5, 4], random(1)), on)],
  outputShape: [2, 3],
  parameters: 15,
});

test("an image becomes what the head says: classes, a pooled vector, or a vector for each patch", async () => {
  const shapeOf = async (head: Parameters<typeof vit>[0]["head"]): Promise<readonly number[]> =>
    (await filled(vit({ ...sizes, head }), on)).forward(images).shape;
  expect(await shapeOf(classes)).toEqual([2, 3]);
  expect(await shapeOf({ kind: "pooler", activation: "tanh" })).toEqual([2, 8]);
  expect(await shapeOf({ kind: "pooler", width: 5, activation: "relu" })).toEqual([2, 5]);
  expect(await shapeOf(undefined)).toEqual([2, 5, 8]);
});

test("the head looks at the class token alone, which every patch reaches", async () => {
  const model = await filled(vit({ ...sizes, head: classes }), on);
  const logits = await model.forward(images).read();
  const vectors = model.encode(images);
  expectClose(await model.head!.forward(vectors).read(), logits, 1e-12);
  const others = floats([2, 5, 8], random(4));
  const keepFirst = others.data.map((_, i) => (Math.floor(i / 8) % 5 === 0 ? 0 : Number(others.data[i])));
  const changed = add(vectors, place({ ...others, data: keepFirst }, on));
  expectClose(await model.head!.forward(changed).read(), logits, 1e-12);
  for (const [row, column] of [
    [0, 0],
    [0, 5],
    [3, 0],
    [3, 5],
  ] as const) {
    const pixels = new Float64Array(2 * 2 * 4 * 6);
    pixels[row * 6 + column] = 1; // of the first image
    const after = await model
      .forward(add(images, place({ dtype: "f32", shape: [2, 2, 4, 6], data: [...pixels] }, on)))
      .read();
    expect([...after.slice(0, 3)].every((value, i) => value !== logits[i])).toBe(true);
    expect(after.slice(3)).toEqual(logits.slice(3));
  }
});

test.each([{ kind: "learned" }, { kind: "sinusoidal" }, { kind: "rotary" }, { kind: "none" }])(
  "with positions of the kind $kind every parameter has the gradient that central differences show",
  async (position) => {
    const model = await filled({ ...vit({ ...sizes, head: classes }), position }, on);
    const weight = place(floats([2, 3], random(5)), on);
    await checkGradients(model, () => sum(mul(tanh(model.forward(images)), weight)), { samples: 2 });
    const [before, after] = [await model.forward(images).read(), await model.forward(swapped(images)).read()];
    const off = Math.max(...before.map((value, i) => Math.abs(value - after[i]!)));
    // Without positions the order of the patches is of no matter.
    if (position.kind === "none") expect(off).toBeLessThan(1e-12);
    else expect(off).toBeGreaterThan(1e-3);
  },
);

test("its taps are there, and what is put there reaches the logits", async () => {
  const model = await filled(vit({ ...sizes, head: classes }), on);
  const { output, taps } = trace(model, ["**"], () => model.forward(images));
  const names = Object.keys(taps);
  for (const name of ["embedding.output", "blocks.0.attention.pattern", "blocks.1.feedForward.hidden", "final"])
    expect(names).toContain(name);
  for (const name of names) {
    const other = patch(model, { [name]: (x: Tensor) => add(x, mul(x, x)) }, () => model.forward(images));
    expect(await other.read(), name).not.toEqual(await output.read());
  }
});

test("images of another size are refused, and patches that do not divide them", async () => {
  const model = await filled(vit(sizes), on);
  expect(refusal(() => model.forward(zeros([1, 2, 4, 9], on)))).toBe(
    "ShapeError: PatchEmbedding: images must be [b, 2, 4, 6], that is channels, height and width, got [1, 2, 4, 9]; bring them to this size first",
  );
  const spec = vit(sizes);
  const changed = (change: object): string => refusal(() => assemble({ ...spec, ...change }));
  expect(changed({ patch: [2, 4] })).toBe(
    "ConfigError: spec.patch: expected [height, width] in pixels that divide those of the image, got [2,4]",
  );
  expect(changed({ image: 4 })).toBe("ConfigError: spec.image: expected [height, width] in pixels, got 4");
  expect(changed({ image: [4] })).toBe("ConfigError: spec.image: expected [height, width] in pixels, got [4]");
  expect(changed({ image: [4, 0] })).toContain("ConfigError: spec.image.1: expected a number above 0, got 0");
  expect(changed({ channels: 0 })).toBe("ConfigError: spec.channels: expected a whole number from 1 up, got 0");
  expect(changed({ head: { kind: "segmentation" } })).toBe(
    `ConfigError: spec.head.kind: expected "none" or "pooler" or "classification", got "segmentation"`,
  );
  expect(changed({ head: { kind: "classification" } })).toBe(
    "ConfigError: spec.head.labels: missing; expected a whole number from 1 up",
  );
  expect(changed({ vocabulary: 5 })).toContain(
    "spec.vocabulary: there is no such key; the keys are kind, version, width",
  );
});

test("its spec goes through JSON, and its parts are described", () => {
  const model = assemble(vit({ ...sizes, head: classes, dropout: 0.1 }), { seed: 3 });
  const again = assemble(JSON.parse(JSON.stringify(model.spec))) as typeof model;
  expect(again.spec).toEqual(model.spec);
  expect(model.spec.head).toEqual(classes);
  const { parts, count, packages } = describe(model);
  expect(parts.find(({ path }) => path === "embedding")).toMatchObject({
    kind: "PatchEmbedding",
    package: "@tenon/embeddings",
    parameters: [{ name: "classToken", shape: [8] }],
  });
  expect(parts.find(({ path }) => path === "head")).toMatchObject({ kind: "ClassTokenHead", package: "@tenon/models" });
  expect(packages).toContain("@tenon/attention");
  expect(count).toBe(
    [...model.parameters().values()].reduce((total, { type }) => total + type.shape.reduce((a, b) => a * b), 0),
  );
});

test("a spec says how its weights begin", async () => {
  const deviation = async (initial: "bert" | undefined): Promise<number> => {
    const model = assemble({ ...vit({ ...sizes, width: 32 }), ...(initial && { initial }) });
    const values = [...(await model.embedding.patches.weight.host())];
    return Math.sqrt(values.reduce((total, value) => total + value ** 2, 0) / values.length);
  };
  expect(await deviation("bert")).toBeLessThan(0.03);
  expect(await deviation(undefined)).toBeGreaterThan(0.08);
});

/** The upper patches below, and the lower ones above. */
function swapped(x: Tensor): Tensor {
  return concat([slice(x, 2, 2, 2), slice(x, 2, 0, 2)], 2);
}
