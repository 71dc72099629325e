import type { AdafactorAttrs } from "../ops/adafactor.ts";
import type { AdamWAttrs } from "../ops/adamw.ts";
import type * as composites from "../ops/composites.ts";
import type { LionAttrs } from "../ops/lion.ts";
import type { MuonAttrs } from "../ops/muon.ts";
import type { SgdAttrs, SgdMomentumAttrs } from "../ops/sgd.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { OpCase } from "./op-case.ts";
import { at, floats, plain, positive, upTo, type Plain } from "./plain.ts";

const dice = random(31);
const real = (shape: Shape): Plain => floats(shape, dice);
const average = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
const size = (x: Plain): number => Math.sqrt(average(x.data.map((value) => value ** 2)));

function adamw(shape: Shape, attrs: AdamWAttrs): OpCase {
  const [p, m, g] = [real(shape), real(shape), real(shape)];
  const v = positive(shape, dice);
  const { rate, beta1, beta2, epsilon, decay, step } = attrs;
  const newM = plain(shape, (i) => beta1 * at(m, i) + (1 - beta1) * at(g, i));
  const newV = plain(shape, (i) => beta2 * at(v, i) + (1 - beta2) * at(g, i) ** 2);
  const newP = plain(shape, (i) => {
    const mean = at(newM, i) / (1 - beta1 ** step);
    const square = at(newV, i) / (1 - beta2 ** step);
    return at(p, i) - rate * decay * at(p, i) - (rate * mean) / (Math.sqrt(square) + epsilon);
  });
  return { inputs: [p, m, v, g], attrs, expected: [newP, newM, newV] };
}

function sgd(shape: Shape, attrs: SgdAttrs): OpCase {
  const [p, g] = [real(shape), real(shape)];
  const newP = plain(shape, (i) => at(p, i) - attrs.rate * (at(g, i) + attrs.decay * at(p, i)));
  return { inputs: [p, g], attrs, expected: [newP] };
}

function sgdMomentum(shape: Shape, attrs: SgdMomentumAttrs): OpCase {
  const [p, u, g] = [real(shape), real(shape), real(shape)];
  const { rate, decay, momentum, nesterov } = attrs;
  const slope = plain(shape, (i) => at(g, i) + decay * at(p, i));
  const newU = plain(shape, (i) => momentum * at(u, i) + at(slope, i));
  const newP = plain(shape, (i) => at(p, i) - rate * (nesterov ? at(slope, i) + momentum * at(newU, i) : at(newU, i)));
  return { inputs: [p, u, g], attrs, expected: [newP, newU] };
}

/** With betas that make every sum exact, so that rounding never decides a sign. */
function lion(shape: Shape, attrs: LionAttrs): OpCase {
  const [p, m, g] = [real(shape), real(shape), real(shape)];
  const { rate, beta1, beta2, decay } = attrs;
  const newP = plain(shape, (i) => {
    const sign = Math.sign(beta1 * at(m, i) + (1 - beta1) * at(g, i));
    return at(p, i) - rate * (sign + decay * at(p, i));
  });
  const newM = plain(shape, (i) => beta2 * at(m, i) + (1 - beta2) * at(g, i));
  return { inputs: [p, m, g], attrs, expected: [newP, newM] };
}

function movingAverage(shape: Shape, decay: number): OpCase {
  const [a, p] = [real(shape), real(shape)];
  return {
    inputs: [a, p],
    attrs: { decay },
    expected: [plain(shape, (i) => decay * at(a, i) + (1 - decay) * at(p, i))],
  };
}

/** A parameter […lead, m, n]; what has fewer than two axes counts as [m, 1]. */
function adafactor(shape: Shape, attrs: AdafactorAttrs): OpCase {
  const [m, n] = shape.length < 2 ? [shape[0] ?? 1, 1] : [shape.at(-2)!, shape.at(-1)!];
  const { rate, step, exponent, epsilon, limit, relative, floor, decay } = attrs;
  const [p, g] = [real(shape), real(shape)];
  const lead = shape.slice(0, -2);
  const [r, c] = [positive([...lead, m], dice), positive([...lead, n], dice)];
  const beta = 1 - step ** -exponent;
  const square = (front: readonly number[], row: number, column: number): number =>
    at(g, [...front, row, column].slice(0, shape.length)) ** 2 + epsilon;
  const newR = plain(r.shape, (i) => {
    const fresh = average(upTo(n).map((column) => square(i.slice(0, -1), i.at(-1)!, column)));
    return beta * at(r, i) + (1 - beta) * fresh;
  });
  const newC = plain(c.shape, (i) => {
    const fresh = average(upTo(m).map((row) => square(i.slice(0, -1), row, i.at(-1)!)));
    return beta * at(c, i) + (1 - beta) * fresh;
  });
  const update = plain(shape, (i) => {
    const [row, column] = shape.length < 2 ? [i[0] ?? 0, 0] : [i.at(-2)!, i.at(-1)!];
    const front = i.slice(0, -2);
    const all = average(upTo(m).map((each) => at(newR, [...front, each])));
    return at(g, i) / Math.sqrt((at(newR, [...front, row]) * at(newC, [...front, column])) / all);
  });
  const alpha = relative ? rate * Math.max(floor, size(p)) : rate;
  const cut = Math.max(1, size(update) / limit);
  const newP = plain(shape, (i) => at(p, i) - alpha * decay * at(p, i) - (alpha * at(update, i)) / cut);
  return { inputs: [p, r, c, g], attrs, expected: [newP, newR, newC] };
}

/** For a matrix of one row, where Newton–Schulz is a polynomial of one number: x / ‖x‖ times what 1 becomes. */
function muon(shape: readonly [1, number] | readonly [number, 1], attrs: MuonAttrs): OpCase {
  const [p, u, g] = [real(shape), real(shape), real(shape)];
  const { rate, momentum, decay, scale } = attrs;
  const newU = plain(shape, (i) => momentum * at(u, i) + (1 - momentum) * at(g, i));
  const ahead = plain(shape, (i) => momentum * at(newU, i) + (1 - momentum) * at(g, i));
  const norm = Math.sqrt(ahead.data.reduce((sum, x) => sum + x * x, 0));
  const singular = upTo(5).reduce((s) => 3.4445 * s - 4.775 * s ** 3 + 2.0315 * s ** 5, 1);
  const newP = plain(
    shape,
    (i) => at(p, i) - rate * decay * at(p, i) - (rate * scale * singular * at(ahead, i)) / norm,
  );
  return { inputs: [p, u, g], attrs, expected: [newP, newU] };
}

type Updates = "adamw" | "sgd" | "sgdMomentum" | "lion" | "movingAverage" | "adafactor" | "muon";
const factored = { epsilon: 1e-30, exponent: 0.8, floor: 1e-3, limit: 1 };

/** Calls of the ops that optimisers are made of. */
export const updateCases: { readonly [K in Updates & keyof typeof composites]: readonly OpCase[] } = {
  adamw: [
    adamw([2, 3], { rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.01, step: 1 }),
    adamw([5], { rate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, decay: 0, step: 7 }),
    adamw([], { rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, step: 300 }),
  ],
  sgd: [sgd([2, 3], { rate: 0.1, decay: 0.01 }), sgd([], { rate: 0.5, decay: 0 }), sgd([0, 2], { rate: 1, decay: 0 })],
  sgdMomentum: [
    sgdMomentum([2, 3], { rate: 0.1, decay: 0.01, momentum: 0.9, nesterov: false }),
    sgdMomentum([19], { rate: 0.1, decay: 0.5, momentum: 0.8, nesterov: true }),
    sgdMomentum([], { rate: 0.5, decay: 0, momentum: 0.25, nesterov: true }),
  ],
  lion: [
    lion([4, 5], { rate: 0.1, beta1: 0.75, beta2: 0.875, decay: 0.01 }),
    lion([], { rate: 0.5, beta1: 0.5, beta2: 0.25, decay: 0 }),
    {
      inputs: [plain([3], () => 2), plain([3], ([i]) => [0, 1, -1][i!]!), plain([3], ([i]) => [0, -1, -1][i!]!)],
      attrs: { rate: 0.25, beta1: 0.5, beta2: 0.5, decay: 0 },
      expected: [plain([3], ([i]) => [2, 2, 2.25][i!]!), plain([3], ([i]) => [0, 0, -1][i!]!)],
    }, // a sign of zero, also where mean and gradient cancel
  ],
  movingAverage: [movingAverage([2, 3], 0.9), movingAverage([], 0), movingAverage([7], 0.999)],
  adafactor: [
    adafactor([3, 4], { rate: 0.01, step: 4, relative: true, decay: 0.1, ...factored }),
    adafactor([2, 2, 3], { rate: 0.1, step: 1, relative: false, decay: 0, ...factored, limit: 1e9 }),
    adafactor([5], { rate: 0.01, step: 9, relative: true, decay: 0, ...factored, floor: 100 }),
    adafactor([], { rate: 0.01, step: 2, relative: false, decay: 0.5, ...factored, epsilon: 0.5 }),
  ],
  muon: [
    muon([1, 5], { rate: 0.1, momentum: 0.9, decay: 0.1, scale: 1 }),
    muon([4, 1], { rate: 0.1, momentum: 0.5, decay: 0, scale: 2 }),
  ],
};
