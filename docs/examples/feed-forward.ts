// Two maps with nothing between them are one map, and no map adds two bits: the sum 1 + 1 = 10 has to bend. With a non-linearity in between they learn it.
import { MLP } from "@tenon/blocks";
import { valueAndGrad } from "@tenon/nn";
import { cpu, gelu, mean, random, square, sub, tensor, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

const on = cpu();
const [bits, count] = [[0, 0, 0, 1, 1, 0, 1, 1], 4];
const x = tensor(bits, [1, count, 2], on); // four positions, each by itself
const wanted = tensor([0, 0, 0, 1, 0, 1, 1, 0], [1, count, 2], on); // the carry, and the sum: and, exclusive or

for (const [name, activation] of Object.entries({ nothing: (h: Tensor) => h, GELU: (h: Tensor) => gelu(h) })) {
  const mlp = await new MLP({ width: 2, hidden: 8, activation, random: random(1) }).to(on);
  const optimiser = new AdamW(mlp, { decay: 0 });
  for (let step = 0; step < 150; step++) {
    const { value, gradients } = valueAndGrad(mlp, () => mean(square(sub(mlp.forward(x), wanted))));
    optimiser.step(gradients, 0.05);
    for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
  }
  const found = [...(await mlp.forward(x).read())].map((y) => (Math.round(100 * y) / 100).toFixed(2).padStart(5));
  console.log(`with ${name} in between, carry and sum:`);
  for (let i = 0; i < count; i++)
    console.log(`  ${bits[2 * i]} + ${bits[2 * i + 1]} → ${found[2 * i]} ${found[2 * i + 1]}`);
}

// prints:
// with nothing in between, carry and sum:
//   0 + 0 → -0.25  0.50
//   0 + 1 →  0.25  0.50
//   1 + 0 →  0.25  0.50
//   1 + 1 →  0.75  0.50
// with GELU in between, carry and sum:
//   0 + 0 →  0.00  0.00
//   0 + 1 →  0.00  1.00
//   1 + 0 →  0.00  1.00
//   1 + 1 →  1.00  0.00
