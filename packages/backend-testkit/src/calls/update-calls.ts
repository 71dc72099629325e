import type { OpCall } from "../run-op.ts";
import { magnitudes, reals, shapeOf, type Calls, type Draw } from "./draw.ts";

/** A parameter, `more` arrays of its shape and the gradient. */
const alike =
  (more: number, attrs: (draw: Draw) => OpCall["attrs"]) =>
  (draw: Draw): OpCall => {
    const shape = shapeOf(draw);
    return { inputs: Array.from({ length: more + 2 }, () => reals(draw, shape)), attrs: attrs(draw) };
  };

/** Random calls of the ops that optimisers are made of. */
export const updateCalls: Calls<"adamw" | "sgd" | "sgdMomentum" | "lion" | "movingAverage" | "adafactor" | "muon"> = {
  adamw: (draw) => {
    const shape = shapeOf(draw);
    const attrs = { rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, decay: 0.1, step: draw.integer(1, 100) };
    const [p, m, g] = [reals(draw, shape), reals(draw, shape), reals(draw, shape)];
    return { inputs: [p, m, magnitudes(draw, shape), g], attrs };
  },
  sgd: alike(0, () => ({ rate: 0.1, decay: 0.1 })),
  sgdMomentum: alike(1, (draw) => ({ rate: 0.1, decay: 0.1, momentum: 0.9, nesterov: draw.flag() })),
  lion: alike(1, () => ({ rate: 0.01, beta1: 0.9, beta2: 0.99, decay: 0.1 })),
  movingAverage: alike(0, () => ({ decay: 0.9 })),
  adafactor: (draw) => {
    const shape = shapeOf(draw, 2, 4, 1);
    const [lead, [m, n]] = [shape.slice(0, -2), shape.slice(-2) as [number, number]];
    const means = [magnitudes(draw, [...lead, m]), magnitudes(draw, [...lead, n])];
    const step = draw.integer(1, 100);
    const rule = { exponent: 0.8, epsilon: 1e-30, limit: 1, relative: draw.flag(), floor: 1e-3, decay: 0.1 };
    return { inputs: [reals(draw, shape), ...means, reals(draw, shape)], attrs: { rate: 0.01, step, ...rule } };
  },
  muon: (draw) => {
    const shape = [draw.size(1), draw.size(1)];
    const attrs = { rate: 0.01, momentum: 0.9, decay: 0.1, scale: 1 }; // a small rate: the step multiplies rounding by 500
    return { inputs: [reals(draw, shape), reals(draw, shape), reals(draw, shape)], attrs };
  },
};
