import { causal, MultiHeadAttention, MultiHeadCrossAttention } from "@tenon/attention";
import { LayerNorm, Linear, Module, recompute, valueAndGrad } from "@tenon/nn";
import {
  AlibiPosition,
  Extent,
  RelativePosition,
  RotaryPosition,
  T5Bias,
  type AttentionPosition,
} from "@tenon/positional";
import { cpu, mul, random, sum, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import type { Block, BlockOptions } from "./block.ts";
import { CrossAttentionBlock } from "./cross-attention-block.ts";
import { MLP } from "./feed-forward/mlp.ts";
import { PreNorm } from "./residual/pre-norm.ts";
import { Stack } from "./stack.ts";
import { TransformerBlock } from "./transformer-block.ts";

const [width, heads, layers] = [8, 2, 4] as const;

/** Some blocks in one segment: of all that they compute only the input and the memory are kept. */
class Recomputed extends Module<[x: Tensor, options?: BlockOptions], Tensor> implements Block {
  readonly blocks: readonly Block[];
  readonly takesMemory = true;
  constructor(...blocks: readonly Block[]) {
    super();
    this.blocks = blocks;
  }
  protected override compute(x: Tensor, { memory: looked, memoryMask, ...options }: BlockOptions = {}): Tensor {
    return recompute([x, looked], (x, memory) =>
      this.blocks.reduce(
        (y, block) => block.forward(y, block.takesMemory === true ? { ...options, memory, memoryMask } : options),
        x,
      ),
    );
  }
}

/** The same blocks, by themselves or in segments. */
const segmented: Readonly<Record<string, (a: Block, b: Block, c: Block, d: Block) => readonly Block[]>> = {
  "each block": (...blocks) => blocks.map((block) => new Recomputed(block)),
  "the last two blocks": (a, b, c, d) => [a, b, new Recomputed(c), new Recomputed(d)],
  "two blocks at a time": (a, b, c, d) => [new Recomputed(a, b), new Recomputed(c, d)],
  "a segment in a segment": (a, b, c, d) => [new Recomputed(a, new Recomputed(b), c), d],
};

const shared = (position: AttentionPosition) => (): AttentionPosition => position;
const schemes: Readonly<Record<string, (layer: number) => AttentionPosition>> = {
  rotary: shared(new RotaryPosition({ width: width / heads })),
  T5: shared(new T5Bias({ heads, buckets: 4, maxDistance: 3, random: random(5) })),
  ALiBi: shared(new AlibiPosition({ heads })),
  relative: (layer) => new RelativePosition({ width: width / heads, clip: 2, random: random(6).fork(layer) }),
};
const padded = [
  [0, 1, 2, 3, 4],
  [0, 0, 0, 1, 2],
];

/** An encoder of one layer, and a decoder of which one block looks at what it gives. */
class Model extends Module<[x: Tensor, positions?: readonly (readonly number[])[]], Tensor> {
  readonly encoder = new Linear({ input: width, output: width, random: random(2) });
  readonly blocks: Stack;
  constructor(
    position: (layer: number) => AttentionPosition,
    arranged = (...blocks: Block[]) => blocks as readonly Block[],
  ) {
    super();
    const residual = (): PreNorm => new PreNorm({ norm: new LayerNorm(width) });
    const blocks = Array.from({ length: layers }, (_, layer): Block => {
      const seed = random(3).fork(layer);
      const attention = new MultiHeadAttention({
        width,
        heads,
        position: position(layer),
        random: seed.fork("attention"),
      });
      const feedForward = new MLP({ width, hidden: 9, random: seed.fork("feedForward") });
      if (layer !== 2) return new TransformerBlock({ attention, feedForward, residual });
      const crossAttention = new MultiHeadCrossAttention({ width, heads, random: seed.fork("crossAttention") });
      return new CrossAttentionBlock({ attention, crossAttention, feedForward, residual });
    });
    const made = arranged(...blocks);
    this.blocks = new Stack(made.length, (layer) => made[layer]!);
  }
  protected override compute(x: Tensor, positions?: readonly (readonly number[])[]): Tensor {
    const extent = positions && new Extent({ offset: 0, length: x.shape[1]!, positions, backend: x.backend });
    const y = this.blocks.forward(x, { mask: causal(), memory: this.encoder.forward(x), extent });
    return sum(mul(y, y));
  }
}

const x = floats([2, 5, width], random(4));

/** The loss and all gradients, in the order of the parameters, which is that of the layers. */
async function results(model: Model, positions?: readonly (readonly number[])[]): Promise<ArrayLike<number>[]> {
  const on = cpu({ precision: "f64" });
  await model.to(on);
  using placed = place(x, on);
  const before = on.memory();
  const { value, gradients } = valueAndGrad(model, () => model.forward(placed, positions));
  const all = [value, ...[...model.parameters().values()].map((parameter) => gradients.get(parameter)!)];
  const numbers = await Promise.all(all.map((tensor) => tensor.read()));
  for (const tensor of all) tensor[Symbol.dispose]();
  expect(on.memory()).toEqual(before);
  return numbers;
}

describe.each(Object.keys(schemes))("with %s positions", (scheme) => {
  describe.each([
    ["0, 1, 2, …", undefined],
    ["of each row", padded],
  ])("%s", (_, positions) => {
    test.each(Object.keys(segmented))("%s computed again: the gradients stay, nothing is left", async (way) => {
      const found = await results(new Model(schemes[scheme]!, segmented[way]), positions);
      const expected = await results(new Model(schemes[scheme]!), positions);
      expect(found).toHaveLength(expected.length);
      expected.forEach((numbers, i) =>
        Array.from(numbers).forEach((number, j) => expect(found[i]![j]).toBeCloseTo(number, 10)),
      );
    });
  });
});
