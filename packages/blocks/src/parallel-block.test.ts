import { causal, MultiHeadAttention } from "@tenon/attention";
import { testComponent } from "@tenon/backend-testkit";
import { LayerNorm, RMSNorm, trace, type Norm } from "@tenon/nn";
import { RotaryPosition } from "@tenon/positional";
import { add, cpu, isTenonError, mul, random, slice, type Backend, type Random, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { MLP } from "./feed-forward/mlp.ts";
import { ParallelBlock } from "./parallel-block.ts";
import { DeepNorm } from "./residual/deep-norm.ts";
import { NoResidual } from "./residual/no-residual.ts";
import { PostNorm } from "./residual/post-norm.ts";
import { PreNorm } from "./residual/pre-norm.ts";
import type { Residual } from "./residual/residual.ts";
import { Shortcut } from "./residual/shortcut.ts";
import { Stack } from "./stack.ts";
import { TransformerBlock, type TransformerBlockOptions } from "./transformer-block.ts";

const width = 8;
const x = floats([2, 3, width], random(1));
const parts = (random: Random): Pick<TransformerBlockOptions, "attention" | "feedForward"> => ({
  attention: new MultiHeadAttention({
    width,
    heads: 2,
    position: new RotaryPosition({ width: 4 }),
    bias: false,
    random: random.fork("attention"),
  }),
  feedForward: new MLP({ width, hidden: 9, random: random.fork("feedForward") }),
});
const preNorm = (): Residual => new PreNorm({ norm: new LayerNorm(width) });
const made = (residual: () => Residual, feedForwardNorm?: Norm): ParallelBlock =>
  new ParallelBlock({ ...parts(random(1)), residual, feedForwardNorm });

testComponent({
  name: "ParallelBlock with one norm, causal",
  config: {},
  create: (_, random) => new ParallelBlock({ ...parts(random), residual: preNorm }),
  inputs: (on) => [place(x, on), { mask: causal() }],
  outputShape: x.shape,
  parameters: 4 * 8 * 8 + 2 * 8 * 9 + 9 + 8 + 16,
  causal: 1,
});
testComponent({
  name: "ParallelBlock with a norm for each sublayer",
  config: {},
  create: (_, random) =>
    new ParallelBlock({ ...parts(random), residual: preNorm, feedForwardNorm: new RMSNorm(width) }),
  inputs: (on) => [place(x, on)],
  outputShape: x.shape,
  parameters: 4 * 8 * 8 + 2 * 8 * 9 + 9 + 8 + 16 + 8,
});

const on: Backend = cpu({ precision: "f64" });
const expectClose = async (actual: Tensor, expected: Tensor): Promise<void> => {
  const values = await expected.read();
  [...(await actual.read())].forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 12));
};
const input = place(x, on);

describe("both sublayers see the stream, and neither the other's", () => {
  test("with pre-norm it is x + attention(norm(x)) + feedForward(norm(x))", async () => {
    const block = await made(preNorm).to(on);
    const normal = (block.residual as PreNorm).norm.forward(input);
    const both = add(block.attention.forward(normal), block.feedForward.forward(normal));
    await expectClose(block.forward(input), add(input, both));
  });
  test("with post-norm it is norm(x + attention(x) + feedForward(x))", async () => {
    const block = await made(() => new PostNorm({ norm: new LayerNorm(width) })).to(on);
    const both = add(block.attention.forward(input), block.feedForward.forward(input));
    await expectClose(block.forward(input), (block.residual as PostNorm).norm.forward(add(input, both)));
  });
  test("with DeepNorm the stream weighs α", async () => {
    const block = await made(() => new DeepNorm({ norm: new LayerNorm(width), alpha: 2 })).to(on);
    const both = add(block.attention.forward(input), block.feedForward.forward(input));
    await expectClose(block.forward(input), (block.residual as DeepNorm).norm.forward(add(mul(input, 2), both)));
  });
  test("a norm of its own shows the feed-forward part the stream, whatever attention sees", async () => {
    const own = new RMSNorm(width);
    const block = await made(() => new Shortcut(), own).to(on);
    const both = add(block.attention.forward(input), block.feedForward.forward(own.forward(input)));
    await expectClose(block.forward(input), add(input, both));
  });
});

test("the parts of a TransformerBlock make one, in the same words; the connection is asked for once", async () => {
  const asked: string[] = [];
  const options: TransformerBlockOptions = {
    ...parts(random(1)),
    residual: (sublayer) => {
      asked.push(sublayer);
      return preNorm();
    },
  };
  const parallel = new ParallelBlock(options);
  expect(asked).toEqual(["attention"]);
  const serial = new TransformerBlock(options);
  expect(parallel.attention).toBe(serial.attention);
});

test("the taps show the stream and what each sublayer gives", async () => {
  const block = await made(preNorm).to(on);
  const { output, taps } = trace(block, ["input", "attended", "transformed", "output", "residual.added"], () =>
    block.forward(input),
  );
  const only = (name: string): Tensor => taps[name]![0]!;
  await expectClose(only("residual.added"), add(only("attended"), only("transformed")));
  await expectClose(only("output"), add(only("input"), only("residual.added")));
  await expectClose(only("output"), output);
});

test("in a stack, cached equals uncached", async () => {
  const stack = await new Stack(2, (layer) => {
    return new ParallelBlock({ ...parts(random(1).fork(layer)), residual: preNorm });
  }).to(on);
  const whole = stack.forward(input, { mask: causal() });
  const caches = stack.newCaches(3);
  for (let t = 0; t < 3; t++) {
    const step = stack.forward(slice(input, 1, t, 1), { mask: causal(), caches });
    await expectClose(step, slice(whole, 1, t, 1));
  }
});

test("a memory that nobody would look at is refused", async () => {
  const block = await made(() => new NoResidual()).to(on);
  try {
    block.forward(input, { memory: input });
    expect.unreachable();
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    expect(error.message).toBe(
      "ParallelBlock: it has no cross-attention and looks at no memory; use a CrossAttentionBlock",
    );
  }
});
