import { checkGolden, testComponent, type PartGolden } from "@tenon/backend-testkit";
import { Conv2d, GroupNorm, trace } from "@tenon/nn";
import { cpu, crossEntropy, ids, random, tensor, type Random, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { fit } from "../../test/fit.ts";
import written from "../../goldens/resnet.json" with { type: "json" };
import { NoResidual } from "../residual/no-residual.ts";
import { Shortcut } from "../residual/shortcut.ts";
import { ResNet, zeroPadded, type ResNetOptions } from "./resnet.ts";

const groupsOf = (groups: number) => (channels: number) => new GroupNorm({ channels, groups });
const projected: ResNetOptions["residual"] = ({ input, output, stride, random }) =>
  input === output && stride === 1
    ? new Shortcut()
    : new Shortcut({ shortcut: new Conv2d({ input, output, kernel: 1, bias: false, random }, { stride }) });

interface Config {
  readonly channels: number;
  readonly widths: readonly number[];
  readonly blocks: number;
  readonly classes: number;
  readonly groups: number;
  readonly projection: boolean;
}
const made = ({ groups, projection, ...config }: Config, random: Random): ResNet =>
  new ResNet({ ...config, norm: groupsOf(groups), residual: projection ? projected : undefined, random });

const goldens = written as unknown as readonly PartGolden<Config>[];
test.each(goldens.map((golden) => [golden.name, golden] as const))("agrees with %s", async (_, golden) => {
  await checkGolden(golden, {
    create: (config) => made(config, random(1)),
    forward: (model, { x }) => model.forward(x!),
  });
});

testComponent({
  name: "ResNet",
  config: { channels: 2, widths: [2, 4], blocks: 1, classes: 3, groups: 2, projection: true },
  create: made,
  inputs: (on) => [place(floats([2, 2, 5, 4], random(1)), on)],
  outputShape: [2, 3],
  parameters: 2 * 2 * 9 + 4 + (2 * 2 * 2 * 9 + 8) + (2 * 4 * 9 + 4 * 4 * 9 + 16) + 8 + 15,
});

test("of n = 3 it is the paper's of 20 layers, with 0.27 million parameters", () => {
  const model = new ResNet({ blocks: 3, classes: 10, norm: groupsOf(8), random: random(1) });
  const shapes = [...model.parameters()].filter(([, { type }]) => type.shape.length > 1);
  expect(shapes).toHaveLength(20);
  const count = [...model.parameters().values()].reduce((n, { type }) => n + type.shape.reduce((a, b) => a * b), 0);
  expect(count / 1e6).toBeCloseTo(0.27, 2);
});

test("each stage but the first halves the cells, and the features are their means", async () => {
  const on = cpu();
  const model = new ResNet({
    channels: 1,
    widths: [2, 4, 6],
    blocks: 2,
    classes: 3,
    norm: groupsOf(2),
    random: random(1),
  });
  await model.to(on);
  const x = place(floats([1, 1, 9, 7], random(1)), on);
  const { taps } = trace(model, ["stem", "features", "blocks.*.output"], () => model.forward(x));
  expect(Object.entries(taps).map(([name, [y]]) => [name, y!.shape])).toEqual([
    ["stem", [1, 2, 9, 7]],
    ["blocks.0.output", [1, 2, 9, 7]],
    ["blocks.1.output", [1, 2, 9, 7]],
    ["blocks.2.output", [1, 4, 5, 4]],
    ["blocks.3.output", [1, 4, 5, 4]],
    ["blocks.4.output", [1, 6, 3, 2]],
    ["blocks.5.output", [1, 6, 3, 2]],
    ["features", [1, 6]],
  ]);
});

test("a sample's logits do not depend on the others of its batch", async () => {
  const on = cpu({ precision: "f64" });
  const model = await made(
    { channels: 1, widths: [2, 4], blocks: 1, classes: 3, groups: 1, projection: false },
    random(1),
  ).to(on);
  const draw = (seed: number): Tensor => place(floats([1, 1, 6, 6], random(seed)), on);
  const [one, other] = [await draw(1).read(), await draw(2).read()];
  const both = await model.forward(tensor([...one, ...other], [2, 1, 6, 6], on)).read();
  const alone = await model.forward(draw(1)).read();
  [...alone].forEach((value, i) => expect(both[i]).toBeCloseTo(value, 12));
});

test("it learns the direction of stripes, wherever they are", async () => {
  const on = cpu();
  const stream = random(3);
  const [samples, size] = [48, 8] as const;
  const classOf = Array.from({ length: samples }, (_, i) => i % 2);
  const pictures = classOf.flatMap((vertical) => {
    const [phase, period] = [stream.uniform() * 8, 3 + 2 * stream.uniform()];
    return Array.from({ length: size * size }, (_, cell) => {
      const along = vertical === 1 ? cell % size : Math.floor(cell / size);
      return Math.sin((2 * Math.PI * (along + phase)) / period) + 0.3 * stream.normal();
    });
  });
  const x = tensor(pictures, [samples, 1, size, size], on);
  const classes = ids(classOf, [samples], on, { limit: 2 });
  const model = new ResNet({
    channels: 1,
    widths: [4, 8],
    blocks: 1,
    classes: 2,
    norm: groupsOf(2),
    random: random(1),
  });
  await model.to(on);
  const losses = await fit(model, () => crossEntropy(model.forward(x), classes), { steps: 40, rate: 0.02 });
  expect(losses[0]).toBeGreaterThan(0.5);
  expect(losses.at(-1)).toBeLessThan(0.05);
});

test("other connections fit: without any it is the paper's plain network where the shape changes, too", async () => {
  const on = cpu();
  const options = { channels: 1, widths: [2, 4], blocks: 1, classes: 3, norm: groupsOf(1), random: random(1) };
  const plain = await new ResNet({ ...options, residual: () => new NoResidual() }).to(on);
  const usual = await new ResNet({ ...options, residual: zeroPadded }).to(on);
  const x = place(floats([1, 1, 6, 6], random(1)), on);
  expect([...plain.parameters().keys()]).toEqual([...usual.parameters().keys()]);
  expect(await plain.forward(x).read()).not.toEqual(await usual.forward(x).read());
});

test("bad options and inputs are refused", async () => {
  const options = { channels: 1, widths: [2, 4], blocks: 1, classes: 3, norm: groupsOf(1), random: random(1) };
  expect(() => new ResNet({ ...options, widths: [] })).toThrow(
    "ResNet: widths is empty; give the channels of at least one stage",
  );
  expect(() => new ResNet({ ...options, blocks: 0 })).toThrow("ResNet: blocks must be a whole number from 1 up, got 0");
  expect(() => new ResNet({ ...options, widths: [4, 2] })).toThrow("ZeroPaddedShortcut: zeros cannot make 2 channels");
  const on = cpu();
  const unfit = await new ResNet({ ...options, residual: () => new Shortcut() }).to(on);
  const x = place(floats([1, 1, 6, 6], random(1)), on);
  expect(() => unfit.forward(x)).toThrow(
    "Shortcut: the shortcut gives [1, 2, 6, 6], the sublayer [1, 4, 3, 3]; give a shortcut that changes x",
  );
});
