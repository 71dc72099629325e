// The rate of a whole run, drawn, and what clipping does to gradients.
import { ones, Parameter } from "@tenon/nn";
import { cpu, tensor } from "@tenon/tensor";
import { clipByGlobalNorm, warmUpCosine } from "@tenon/training";

const rate = warmUpCosine({ rate: 1e-3, warmUp: 20, steps: 200, floor: 1e-4 });
for (const step of [0, 5, 10, 20, 50, 80, 110, 140, 170, 200])
  console.log(`${step}`.padStart(4), rate(step).toFixed(5), "█".repeat(Math.round(40_000 * rate(step))));

const [on, a, b] = [cpu(), new Parameter([2], ones), new Parameter([1], ones)];
for (const [name, factor] of [
  ["calm", 1],
  ["a jump", 20],
] as const) {
  const gradients = new Map([
    [a, tensor([0.3 * factor, -0.4 * factor], [2], on)],
    [b, tensor([0.6 * factor], [1], on)],
  ]);
  const { gradients: clipped, norm } = clipByGlobalNorm(gradients, 1);
  const values = [...(await clipped.get(a)!.read()), ...(await clipped.get(b)!.read())].map((g) => g.toFixed(2));
  console.log(`${name}: norm ${(await norm.read())[0]!.toFixed(2)}, after clipping ${values.join(", ")}`);
}

// prints:
//    0 0.00005 ██
//    5 0.00029 ███████████
//   10 0.00052 █████████████████████
//   20 0.00100 ████████████████████████████████████████
//   50 0.00094 ██████████████████████████████████████
//   80 0.00078 ███████████████████████████████
//  110 0.00055 ██████████████████████
//  140 0.00033 █████████████
//  170 0.00016 ██████
//  200 0.00010 ████
// calm: norm 0.78, after clipping 0.30, -0.40, 0.60
// a jump: norm 15.62, after clipping 0.38, -0.51, 0.77
