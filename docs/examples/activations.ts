// The non-linearities of the field beside each other, and how fast each rises: its derivative, which is what a gradient passes through.
import { activations } from "@tenon/nn";
import { cpu, differentiate, sum, Variable } from "@tenon/tensor";

const at = [-3, -1, -0.5, 0, 0.5, 1, 3];
const x = new Variable({ dtype: "f32", shape: [at.length] }, () => Float32Array.from(at));
await x.place(cpu());

const row = (name: string, values: Iterable<number>): void =>
  console.log(name.padEnd(12) + Array.from(values, (y) => (Math.round(100 * y) / 100).toFixed(2).padStart(7)).join(""));

row("x", at);
for (const name of ["relu", "gelu", "gelu-tanh", "silu"] as const) {
  const {
    gradients: [rise],
  } = differentiate([x], () => sum(activations[name](x.value)));
  row(name, await activations[name](x.value).read());
  row("  rises by", await rise!.read());
}

// prints:
// x             -3.00  -1.00  -0.50   0.00   0.50   1.00   3.00
// relu           0.00   0.00   0.00   0.00   0.50   1.00   3.00
//   rises by     0.00   0.00   0.00   0.00   1.00   1.00   1.00
// gelu           0.00  -0.16  -0.15   0.00   0.35   0.84   3.00
//   rises by    -0.01  -0.08   0.13   0.50   0.87   1.08   1.01
// gelu-tanh      0.00  -0.16  -0.15   0.00   0.35   0.84   3.00
//   rises by    -0.01  -0.08   0.13   0.50   0.87   1.08   1.01
// silu          -0.14  -0.27  -0.19   0.00   0.31   0.73   2.86
//   rises by    -0.09   0.07   0.26   0.50   0.74   0.93   1.09
