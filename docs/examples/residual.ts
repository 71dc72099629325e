// A stack of 32 blocks before any training, with different connections around its parts. On
// the way up: how large the numbers of the stream are after some of the blocks. On the way
// down: how large the gradient is that arrives there, in shares of the one that begins at
// the top.
import { MultiHeadAttention } from "@tenon/attention";
import * as blocks from "@tenon/blocks";
import { initialise, LayerNorm } from "@tenon/nn";
import { add, cpu, differentiate, mul, random, relu, sum, tensor, Variable, type Tensor } from "@tenon/tensor";

const [t, width, depth, on] = [8, 16, 32, cpu()];
const looked = [0, 1, 8, 16, 32]; // after so many blocks
const { alpha, beta } = blocks.deepNormConstants({ encoder: depth }).encoder;
const norm = (): LayerNorm => new LayerNorm(width);
const connections: Readonly<Record<string, () => blocks.Residual>> = {
  "f(x)": () => new blocks.NoResidual(),
  "x + f(x)": () => new blocks.Shortcut(),
  "post-norm": () => new blocks.PostNorm({ norm: norm() }),
  "pre-norm": () => new blocks.PreNorm({ norm: norm() }),
  DeepNorm: () => new blocks.DeepNorm({ norm: norm(), alpha }),
  ReZero: () => new blocks.ReZero(),
  LayerScale: () => new blocks.LayerScale({ norm: norm(), width, initial: 0.1 }),
};

const normal = (seed: number): Tensor => {
  const dice = random(seed);
  return tensor(
    Array.from({ length: t * width }, () => dice.normal()),
    [1, t, width],
    on,
  );
};
const size = async (x: Tensor): Promise<number> => Math.hypot(...(await x.read())) / Math.sqrt(t * width);
const show = (y: number): string => (y >= 0.01 && y < 1000 ? y.toPrecision(2) : y.toExponential(0));
const [x, upstream] = [normal(1), normal(2)];

for (const [name, residual] of Object.entries(connections)) {
  const stack = new blocks.Stack(depth, (layer) => {
    const seed = random(3).fork(layer);
    const attention = new MultiHeadAttention({ width, heads: 2, bias: false, random: seed.fork("attention") });
    const hidden = 4 * width;
    const feedForward = new blocks.MLP({ width, hidden, activation: relu, bias: false, random: seed.fork("mlp") });
    return new blocks.TransformerBlock({ attention, feedForward, residual });
  });
  initialise(stack, blocks.deepNormScheme({ beta: name === "DeepNorm" ? beta : 0.7 }), random(4));
  await stack.to(on);

  const streams = [x];
  for (const block of stack) streams.push(block.forward(streams.at(-1)!));

  // Zeros that are added to the stream after each block: their gradient is the stream's
  // own.
  const zeros = () => new Float32Array(t * width);
  const probes = streams.map(() => new Variable({ dtype: "f32", shape: [1, t, width] }, zeros));
  for (const probe of probes) await probe.place(on);
  const { gradients } = differentiate(probes, () => {
    let y = add(x, probes[0]!.value);
    for (const [i, block] of [...stack].entries()) y = add(block.forward(y), probes[i + 1]!.value);
    return sum(mul(y, upstream));
  });
  const up = await Promise.all(looked.map(async (i) => show(await size(streams[i]!))));
  const down = await Promise.all(looked.map(async (i) => show(await size(gradients[i]!))));
  console.log(`${name}: stream ${up.join(" ")}, gradient ${down.join(" ")}`);
}

// prints:
// f(x): stream 1.0 0.058 2e-8 7e-16 1e-29, gradient 1e-30 1e-29 5e-23 5e-16 0.96
// x + f(x): stream 1.0 1.1 1.9 9.0 72, gradient 3e+4 2e+4 7e+3 2.8e+2 0.96
// post-norm: stream 1.0 1.0 1.0 1.0 1.0, gradient 0.15 0.13 0.11 0.13 0.96
// pre-norm: stream 1.0 1.1 1.4 2.0 3.4, gradient 3.2 2.9 1.4 1.1 0.96
// DeepNorm: stream 1.0 1.0 1.0 1.0 1.0, gradient 0.97 0.89 0.89 0.90 0.96
// ReZero: stream 1.0 1.0 1.0 1.0 1.0, gradient 0.96 0.96 0.96 0.96 0.96
// LayerScale: stream 1.0 1.0 1.0 1.0 1.0, gradient 0.97 0.97 0.97 0.95 0.96
