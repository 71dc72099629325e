// A draw that a gradient can pass: softmax((z + g) / τ), with the same noise g at every temperature τ. Its largest element is what gumbelMax would draw.
import { exponentialAnnealing, gumbelSoftmax } from "@tenon/sampling";
import { cpu, differentiate, random, slice, sum, Variable } from "@tenon/tensor";

const z = new Variable({ dtype: "f32", shape: [4] }, () => Float32Array.of(2, 1.5, 1, -1));
await z.place(cpu());
const { key } = random(3);
const list = (values: Iterable<number>): string =>
  Array.from(values, (y) => (Math.round(100 * y) / 100).toFixed(2)).join("  ");

for (const temperature of [10, 1, 0.5, 0.1]) {
  const options = { temperature, key, counter: 22 };
  const y = await gumbelSoftmax(z.value, options).read();
  // How the share of the third changes with each logit.
  const { gradients } = differentiate([z], () => sum(slice(gumbelSoftmax(z.value, options), 0, 2, 1)));
  console.log(`τ ${temperature}`.padEnd(6), list(y), "  slope", list(await gradients[0]!.read()));
}
const hard = gumbelSoftmax(z.value, { temperature: 0.5, key, counter: 22, hard: true });
console.log("hard  ", list(await hard.read()));

const temperature = exponentialAnnealing({ start: 2, rate: 0.01, floor: 0.5 });
console.log(
  "annealed:",
  [0, 50, 100, 150, 200].map((step) => `step ${step} τ ${temperature(step).toFixed(2)}`).join(", "),
);

// prints:
// τ 10   0.26  0.27  0.28  0.19   slope -0.01  -0.01  0.02  -0.01
// τ 1    0.25  0.34  0.40  0.01   slope -0.10  -0.13  0.24  0.00
// τ 0.5  0.19  0.33  0.48  0.00   slope -0.18  -0.32  0.50  0.00
// τ 0.1  0.01  0.14  0.85  0.00   slope -0.08  -1.22  1.29  0.00
// hard   0.00  0.00  1.00  0.00
// annealed: step 0 τ 2.00, step 50 τ 1.21, step 100 τ 0.74, step 150 τ 0.50, step 200 τ 0.50
