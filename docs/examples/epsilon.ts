// What ε does: rows that are much smaller than √ε come out small, all others with the
// length √d. Then the step back: what a gradient of length 1 is multiplied by.
import { LayerNorm } from "@tenon/nn";
import { cpu, differentiate, mul, random, sum, tensor, Variable } from "@tenon/tensor";

const [d, on] = [64, cpu()];
const draw = (seed: number): number[] => {
  const dice = random(seed);
  const numbers = Array.from({ length: d }, () => dice.normal());
  const length = Math.hypot(...numbers);
  return numbers.map((x) => x / length);
};
const [direction, upstream] = [draw(1), tensor(draw(2), [1, d], on)];

for (const epsilon of [1e-5, 1e-12]) {
  const norm = await new LayerNorm(d, { epsilon }).to(on);
  for (const size of [100, 1, 1e-2, 1e-4]) {
    const x = new Variable({ dtype: "f32", shape: [1, d] }, () => Float32Array.from(direction, (each) => each * size));
    await x.place(on);
    const y = await norm.forward(x.value).read();
    const [gradient] = differentiate([x], () => sum(mul(norm.forward(x.value), upstream))).gradients;
    const back = Math.hypot(...(await gradient!.read()));
    console.log(
      `ε = ${epsilon}, a row of length ${size}: out ${Math.hypot(...y).toPrecision(2)}, gradient × ${back.toPrecision(2)}`,
    );
  }
}

// prints:
// ε = 0.00001, a row of length 100: out 8.0, gradient × 0.080
// ε = 0.00001, a row of length 1: out 8.0, gradient × 8.0
// ε = 0.00001, a row of length 0.01: out 2.9, gradient × 2.9e+2
// ε = 0.00001, a row of length 0.0001: out 0.032, gradient × 3.1e+2
// ε = 1e-12, a row of length 100: out 8.0, gradient × 0.080
// ε = 1e-12, a row of length 1: out 8.0, gradient × 8.0
// ε = 1e-12, a row of length 0.01: out 8.0, gradient × 8.0e+2
// ε = 1e-12, a row of length 0.0001: out 8.0, gradient × 7.9e+4
