// Backpropagation in twenty lines: computing forwards writes on a tape how to go back, and reading the tape from its end gives all slopes in one pass.
import { add, cpu, differentiate, mul, sub, tanh as tanhOp, Variable } from "@tenon/tensor";

interface Num {
  readonly value: number;
  /** How much the loss rises for each unit that this number does. */
  slope: number;
}
const tape: (() => void)[] = [];
const num = (value: number): Num => ({ value, slope: 0 });

/** A result, and what it hands back to each number that it was made of: its own slope times its derivative by that number. */
function made(value: number, ...from: readonly [x: Num, derivative: number][]): Num {
  const result = num(value);
  tape.push(() => {
    for (const [x, derivative] of from) x.slope += derivative * result.slope; // += since a number may be used twice
  });
  return result;
}
const times = (a: Num, b: Num): Num => made(a.value * b.value, [a, b.value], [b, a.value]);
const plus = (a: Num, b: Num): Num => made(a.value + b.value, [a, 1], [b, 1]);
const minus = (a: Num, b: Num): Num => made(a.value - b.value, [a, 1], [b, -1]);
const tanh = (a: Num): Num => made(Math.tanh(a.value), [a, 1 - Math.tanh(a.value) ** 2]);

// One neuron that should say 1: loss = (tanh(w x + b) − 1)².
const lossOf = (w: Num, b: Num): Num => {
  const error = minus(tanh(plus(times(w, num(2)), b)), num(1));
  return times(error, error);
};
const [w, b] = [num(0.5), num(-0.2)];
const loss = lossOf(w, b);
loss.slope = 1;
for (const step of tape.toReversed()) step();
console.log(
  `by the tape:        loss ${loss.value.toFixed(4)}, slopes ${w.slope.toFixed(4)} and ${b.slope.toFixed(4)}`,
);

// The same asked directly: move each number a little to both sides.
const small = 1e-5;
const at = (w: number, b: number): number => lossOf(num(w), num(b)).value;
const slopes = [at(0.5 + small, -0.2) - at(0.5 - small, -0.2), at(0.5, -0.2 + small) - at(0.5, -0.2 - small)];
console.log(`by small steps:     slopes ${slopes.map((rise) => (rise / (2 * small)).toFixed(4)).join(" and ")}`);

// And by Tenon, whose tape holds tensors.
const parameters = [0.5, -0.2].map((value) => new Variable({ dtype: "f32", shape: [] }, () => Float32Array.of(value)));
const on = cpu();
for (const each of parameters) await each.place(on);
const { value, gradients } = differentiate(parameters, () => {
  const error = sub(tanhOp(add(mul(parameters[0]!.value, 2), parameters[1]!.value)), 1);
  return mul(error, error);
});
const [tenon, byW, byB] = await Promise.all([value, ...gradients].map(async (each) => (await each!.read())[0]!));
console.log(`by differentiate(): loss ${tenon!.toFixed(4)}, slopes ${byW!.toFixed(4)} and ${byB!.toFixed(4)}`);

// prints:
// by the tape:        loss 0.1129, slopes -0.7513 and -0.3756
// by small steps:     slopes -0.7513 and -0.3756
// by differentiate(): loss 0.1129, slopes -0.7513 and -0.3756
