import { causal, FixedCache, MultiHeadAttention } from "@tenon/attention";
import { LayerNorm, trace } from "@tenon/nn";
import { AlibiPosition, Extent, RotaryPosition, type AttentionPosition } from "@tenon/positional";
import { cpu, isTenonError, random, slice, tensor, type Backend } from "@tenon/tensor";
import { expect, test } from "vitest";

import { MLP } from "./feed-forward/mlp.ts";
import { PreNorm } from "./residual/pre-norm.ts";
import { Stack } from "./stack.ts";
import { TransformerBlock } from "./transformer-block.ts";

const width = 8;
const made = async (on: Backend, position: AttentionPosition = new RotaryPosition({ width: 4 })): Promise<Stack> =>
  new Stack(3, (layer) => {
    const seed = random(1).fork(layer);
    return new TransformerBlock({
      attention: new MultiHeadAttention({ width, heads: 2, position, random: seed.fork("attention") }),
      feedForward: new MLP({ width, hidden: 12, random: seed.fork("feedForward") }),
      residual: () => new PreNorm({ norm: new LayerNorm(width) }),
    });
  }).to(on);
const values = Float64Array.from({ length: 2 * 6 * width }, (_, i) => Math.sin(i * i));

test("blocks are named by their place, begin differently, and can be tapped", async () => {
  const on = cpu();
  const stack = await made(on);
  expect(stack.length).toBe(3);
  expect([...stack]).toHaveLength(3);
  const parameters = stack.parameters();
  expect([...parameters.keys()].slice(0, 2)).toEqual(["0.attention.query.weight", "0.attention.query.bias"]);
  expect(parameters.size).toBe(48);
  const weight = async (layer: number): Promise<ArrayLike<number>> =>
    parameters.get(`${layer}.attention.query.weight`)!.host();
  expect(await weight(0)).not.toEqual(await weight(1));
  const { taps } = trace(stack, ["*.attention.pattern"], () => stack.forward(tensor(values, [2, 6, width], on)));
  expect(Object.keys(taps)).toEqual(["0.attention.pattern", "1.attention.pattern", "2.attention.pattern"]);
});

test("cached equals uncached, token by token and in chunks", async () => {
  const on = cpu({ precision: "f64" });
  const stack = await made(on);
  const x = tensor(values, [2, 6, width], on);
  const whole = stack.forward(x, { mask: causal() });
  for (const chunks of [
    [1, 1, 1, 1, 1, 1],
    [4, 2],
  ]) {
    const caches = [0, 1, 2].map(() => new FixedCache(6));
    let start = 0;
    for (const length of chunks) {
      const piece = await stack.forward(slice(x, 1, start, length), { mask: causal(), caches }).read();
      const expected = await slice(whole, 1, start, length).read();
      piece.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
      start += length;
    }
  }
});

test("all layers share one extent, and nothing is left behind", async () => {
  const on = cpu();
  let [built, asked] = [0, 0];
  const rotary = new RotaryPosition({ width: 4 });
  const counting: AttentionPosition = {
    at: (extent) => {
      asked++;
      extent.once(counting, () => built++);
      return rotary.at(extent);
    },
  };
  const stack = await made(on, counting);
  using x = tensor(values, [2, 6, width], on);
  const before = on.memory().tensors;
  using _ = stack.forward(x);
  expect([built, asked]).toEqual([1, 3]);
  expect(on.memory().tensors).toBe(before + 1);
});

test("the positions of an extent that is given count", async () => {
  const on = cpu({ precision: "f64" });
  const stack = await made(on, new AlibiPosition({ heads: 2 }));
  const x = tensor(values.subarray(0, 4 * width), [1, 4, width], on);
  const at = (...positions: number[]): Promise<ArrayLike<number>> =>
    stack.forward(x, { extent: new Extent({ offset: 0, length: 4, positions: [positions], backend: on }) }).read();
  const usual = await stack.forward(x).read();
  expect(await at(0, 1, 2, 3)).toEqual(usual);
  expect(await at(0, 2, 4, 6)).not.toEqual(usual);
});

test("caches that do not fit are refused", async () => {
  const on = cpu();
  const stack = await made(on);
  const x = tensor(values, [2, 6, width], on);
  const messageOf = (body: () => unknown): string => {
    try {
      body();
    } catch (error) {
      if (isTenonError(error, "ConfigError")) return error.message;
    }
    return "no ConfigError";
  };
  const caches = [0, 1, 2].map(() => new FixedCache(8));
  expect(messageOf(() => stack.forward(x, { caches: caches.slice(1) }))).toBe(
    "Stack: 2 caches for 3 blocks; make one for each",
  );
  stack.forward(x, { caches });
  caches[1]!.reset();
  expect(messageOf(() => stack.forward(x, { caches }))).toBe(
    "Stack: the caches hold 6, 0, 6 positions, and should hold equally many. Was a forward pass cut short? reset() them all.",
  );
  expect(messageOf(() => new Stack(0, () => [...stack][0]!))).toBe(
    "Stack: layers must be a whole number from 1 up, got 0",
  );
});

test("a shared block is listed once", async () => {
  const [block] = await made(cpu());
  const shared = new Stack(4, () => block!);
  expect([...shared.parts().keys()].filter((path) => /^\d+$/u.test(path))).toEqual(["0"]);
});
