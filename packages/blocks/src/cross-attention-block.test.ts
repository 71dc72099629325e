import {
  causal,
  FixedCache,
  KeptMemory,
  MultiHeadAttention,
  MultiHeadCrossAttention,
  padding,
  type CrossAttentionOptions,
} from "@tenon/attention";
import { testComponent } from "@tenon/backend-testkit";
import { LayerNorm, Linear, Module, trace } from "@tenon/nn";
import {
  add,
  concat,
  cpu,
  expand,
  mean,
  mul,
  random,
  slice,
  tensor,
  zeros,
  type Random,
  type Tensor,
} from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { CrossAttentionBlock } from "./cross-attention-block.ts";
import { MLP } from "./feed-forward/mlp.ts";
import { PostNorm } from "./residual/post-norm.ts";
import { Stack } from "./stack.ts";
import { TransformerBlock } from "./transformer-block.ts";

const width = 8;
/** Every position gets a map of the memory's mean, and remembers what it was given. */
class Average extends Module<[x: Tensor, memory: Tensor, options?: CrossAttentionOptions], Tensor> {
  readonly map: Linear;
  given: CrossAttentionOptions | undefined;
  constructor(random: Random) {
    super();
    this.map = new Linear({ input: 6, output: width, random });
  }
  protected override compute(x: Tensor, memory: Tensor, options?: CrossAttentionOptions): Tensor {
    this.given = options;
    return add(mul(x, 0.1), expand(mean(this.map.forward(memory), 1, { keepDims: true }), x.shape));
  }
}
const made = (random: Random): CrossAttentionBlock =>
  new CrossAttentionBlock({
    attention: new MultiHeadAttention({ width, heads: 2, bias: false, random: random.fork("attention") }),
    crossAttention: new Average(random.fork("cross")),
    feedForward: new MLP({ width, hidden: 9, random: random.fork("feedForward") }),
    residual: () => new PostNorm({ norm: new LayerNorm(width) }),
  });
const [x, memory] = [floats([2, 3, width], random(1)), floats([2, 5, 6], random(2))];

testComponent({
  name: "CrossAttentionBlock, causal",
  config: {},
  create: (_, random) => made(random),
  inputs: (on) => [place(x, on), { mask: causal(), memory: place(memory, on) }],
  outputShape: x.shape,
  parameters: 4 * 8 * 8 + (6 * 8 + 8) + (2 * 8 * 9 + 9 + 8) + 3 * 2 * 8,
  causal: 1,
});

test("the stream is tapped around each of the three sublayers", async () => {
  const on = cpu();
  const block = await made(random(1)).to(on);
  const { taps, output } = trace(block, ["*"], () => block.forward(place(x, on), { memory: place(memory, on) }));
  expect(Object.keys(taps)).toEqual(["input", "middle", "crossed", "output"]);
  const last = await taps["output"]![0]!.read();
  expect(await output.read()).toEqual(last);
  expect(await taps["crossed"]![0]!.read()).not.toEqual(await taps["middle"]![0]!.read());
});

test("the cross-attention gets the memory's mask and cache, the self-attention the others", async () => {
  const on = cpu();
  const block = await made(random(1)).to(on);
  const memoryMask = padding(tensor([2, 5], [2], on, "i32"));
  const memoryCache = { once: () => ({}), select: () => {}, fork: () => memoryCache, reset: () => {} } as never;
  const cache = new FixedCache(4);
  block.forward(place(x, on), { mask: causal(), cache, memory: place(memory, on), memoryMask, memoryCache });
  expect((block.crossAttention as Average).given).toEqual({ mask: memoryMask, cache: memoryCache });
  expect(cache.length).toBe(3);
});

test("without a memory, and with one that nobody looks at, there is an error", async () => {
  const on = cpu();
  const block = await made(random(1)).to(on);
  expect(() => block.forward(place(x, on))).toThrow(
    "CrossAttentionBlock: there is no memory to look at; give forward the encoder's result as memory, or use a TransformerBlock",
  );
  const { attention, feedForward } = block;
  const plain = new TransformerBlock({
    attention,
    feedForward,
    residual: () => new PostNorm({ norm: new LayerNorm(width) }),
  });
  await plain.to(on);
  expect(() => plain.forward(place(x, on), { memory: place(memory, on) })).toThrow(
    "TransformerBlock: it has no cross-attention and looks at no memory; use a CrossAttentionBlock",
  );
  for (const about of [
    { memory: place(memory, on) },
    { memoryMask: causal() },
    { memoryCaches: [new KeptMemory()] },
  ] as const) {
    expect(() => new Stack(1, () => plain).forward(place(x, on), about)).toThrow(
      "Stack: none of its blocks looks at a memory; build it of CrossAttentionBlocks",
    );
  }
  expect(() =>
    new Stack(1, () => block).forward(place(x, on), { memory: place(memory, on), memoryCaches: [] }),
  ).toThrow("Stack: 0 memory caches for 1 blocks; make one for each");
});

test("a stack gives its memory to the blocks that look at one, and makes caches for all", async () => {
  const on = cpu();
  const layers = [made(random(1)), made(random(2))];
  const { attention, feedForward } = made(random(3));
  const plain = new TransformerBlock({
    attention,
    feedForward,
    residual: () => new PostNorm({ norm: new LayerNorm(width) }),
  });
  const stack = await new Stack(3, (layer) => (layer === 1 ? plain : layers[layer / 2]!)).to(on);
  const caches = stack.newCaches(4);
  const y = stack.forward(place(x, on), { mask: causal(), memory: place(memory, on), caches });
  expect(y.shape).toEqual(x.shape);
  expect(caches.map(({ length, capacity }) => [length, capacity])).toEqual([
    [3, 4],
    [3, 4],
    [3, 4],
  ]);
});

test("a stack's memory caches are one for each block: token by token it gives what it gives at once", async () => {
  const on = cpu({ precision: "f64" });
  const block = (random: Random): CrossAttentionBlock =>
    new CrossAttentionBlock({
      attention: new MultiHeadAttention({ width, heads: 2, random: random.fork("attention") }),
      crossAttention: new MultiHeadCrossAttention({ width, memoryWidth: 6, heads: 2, random: random.fork("cross") }),
      feedForward: new MLP({ width, hidden: 9, random: random.fork("feedForward") }),
      residual: () => new PostNorm({ norm: new LayerNorm(width) }),
    });
  const stack = await new Stack(3, (layer) => block(random(1).fork(layer))).to(on);
  const [all, seen] = [place(x, on), place(memory, on)];
  const memoryMask = padding(tensor([2, 5], [2], on, "i32"));
  const expected = await stack.forward(all, { mask: causal(), memory: seen, memoryMask }).read();
  const caches = stack.newCaches(3);
  const memoryCaches = [0, 1, 2].map(() => new KeptMemory());
  const pieces = [0, 1, 2].map((place) => {
    // What is kept is used: of the memory that comes later only the shape matters.
    const later = place === 0 ? seen : zeros(memory.shape, on);
    const options = { mask: causal(), caches, memory: later, memoryMask, memoryCaches };
    return stack.forward(slice(all, 1, place, 1), options);
  });
  expectNumbers(await concat(pieces, 1).read(), expected, 1e-12, "the stream");
});
