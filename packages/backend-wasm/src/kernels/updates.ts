import type { KernelTable } from "@tenon/tensor";
import { f32x4, v128 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Kernel } from "../kernel.ts";
import { updateKernel, type UpdateKernel } from "./update-kernel.ts";

const { add, sub, mul, div, sqrt, lt, gt } = f32x4;

/** m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← kept · p − scale · m / (√v + ε). */
const adamw = updateKernel(
  "adamw",
  4,
  ["kept", "beta1", "rest1", "beta2", "rest2", "scale", "epsilon"],
  (f, [p, m, v, g], { kept, beta1, rest1, beta2, rest2, scale, epsilon }) => {
    const mean = f.let(f.madd(m!, beta1, mul(g!, rest1)));
    const square = f.let(f.madd(v!, beta2, mul(mul(g!, rest2), g!)));
    return [sub(mul(p!, kept), div(mul(mean, scale), add(sqrt(square), epsilon))), mean, square];
  },
);

/** p ← kept · p − rate · g. */
const sgd = updateKernel("sgd", 2, ["kept", "rate"], (_, [p, g], { kept, rate }) => [
  sub(mul(p!, kept), mul(g!, rate)),
]);

/** s = g + decay · p, u ← momentum · u + s, p ← p − rate · u, or with a look ahead p ← p − rate · (s + momentum · u). */
const momentum = (nesterov: boolean): UpdateKernel<"rate" | "decay" | "momentum"> =>
  updateKernel(
    nesterov ? "nesterov" : "momentum",
    3,
    ["rate", "decay", "momentum"],
    (f, [p, u, g], { rate, decay, momentum }) => {
      const slope = f.let(f.madd(p!, decay, g!));
      const velocity = f.let(f.madd(u!, momentum, slope));
      return [sub(p!, mul(nesterov ? f.madd(velocity, momentum, slope) : velocity, rate)), velocity];
    },
  );
const [plainMomentum, nesterovMomentum] = [momentum(false), momentum(true)];

/** p ← kept · p − rate · sign(β₁ m + (1 − β₁) g), m ← β₂ m + (1 − β₂) g. */
const lion = updateKernel(
  "lion",
  3,
  ["kept", "rate", "beta1", "rest1", "beta2", "rest2"],
  (f, [p, m, g], { kept, rate, beta1, rest1, beta2, rest2 }) => {
    const direction = f.let(f.madd(m!, beta1, mul(g!, rest1)));
    const signed = sub(v128.and(gt(direction, 0), rate), v128.and(lt(direction, 0), rate));
    return [sub(mul(p!, kept), signed), f.madd(m!, beta2, mul(g!, rest2))];
  },
);

/** a ← decay · a + (1 − decay) · p. */
const movingAverage = updateKernel("movingAverage", 2, ["decay", "rest"], (f, [a, p], { decay, rest }) => [
  f.madd(a!, decay, mul(p!, rest)),
]);

export const updateKernels: readonly Kernel[] = [adamw, sgd, plainMomentum, nesterovMomentum, lion, movingAverage].map(
  (each) => each.kernel,
);

/** Steps of optimisers: one pass over a parameter, what is remembered of it and its gradient. */
export const updateTable = (
  engine: Engine,
): Pick<KernelTable<Block>, "adamw" | "sgd" | "sgdMomentum" | "lion" | "movingAverage"> => ({
  adamw: (inputs, { rate, beta1, beta2, epsilon, decay, step }, call) => {
    const deviation = Math.sqrt(1 - beta2 ** step);
    const numbers = {
      kept: 1 - rate * decay,
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      scale: (rate * deviation) / (1 - beta1 ** step),
      epsilon: epsilon * deviation,
    };
    return adamw.run(engine, inputs, numbers, call) as [Block, Block, Block];
  },
  sgd: (inputs, { rate, decay }, call) => sgd.run(engine, inputs, { kept: 1 - rate * decay, rate }, call) as [Block],
  sgdMomentum: (inputs, { rate, decay, momentum, nesterov }, call) =>
    (nesterov ? nesterovMomentum : plainMomentum).run(engine, inputs, { rate, decay, momentum }, call) as [
      Block,
      Block,
    ],
  lion: (inputs, { rate, beta1, beta2, decay }, call) => {
    const numbers = { kept: 1 - rate * decay, rate, beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2 };
    return lion.run(engine, inputs, numbers, call) as [Block, Block];
  },
  movingAverage: (inputs, { decay }, call) =>
    movingAverage.run(engine, inputs, { decay, rest: 1 - decay }, call) as [Block],
});
