// Four norms and one question: what does a row of three, as it comes out, notice? That it
// was ten times as large; that 3 was added to all of its numbers; that another row of the
// batch is a different one.
import { LayerNorm, RMSNorm, ScaleNorm } from "@tenon/nn";
import { add, concat, cpu, div, mean, mul, random, slice, sqrt, square, sub, tensor, type Tensor } from "@tenon/tensor";

const [d, on, dice] = [8, cpu(), random(1)];
const row = (): Tensor =>
  tensor(
    Array.from({ length: d }, () => dice.normal()),
    [1, d],
    on,
  );
const [x, second, third, other] = [row(), row(), row(), row()];

/**
 * Of each channel over the batch, where the others are of each row over its channels: (x −
 * mean) / √(variance + ε), as in training.
 */
function batchNorm(rows: Tensor): Tensor {
  const centred = sub(rows, mean(rows, 0, { keepDims: true }));
  return div(centred, sqrt(add(mean(square(centred), 0, { keepDims: true }), 1e-5)));
}
const [layer, rms, scale] = [new LayerNorm(d), new RMSNorm(d), new ScaleNorm(d)];
for (const norm of [layer, rms, scale]) await norm.to(on);
const norms = {
  BatchNorm: batchNorm,
  LayerNorm: (rows: Tensor) => layer.forward(rows),
  RMSNorm: (rows: Tensor) => rms.forward(rows),
  ScaleNorm: (rows: Tensor) => scale.forward(rows),
};

const changes = {
  "× 10": [mul(x, 10), second, third],
  "+ 3": [add(x, 3), second, third],
  "another row": [x, second, other],
};
for (const [name, norm] of Object.entries(norms)) {
  const first = async (rows: readonly Tensor[]): Promise<number[]> => [
    ...(await slice(norm(concat(rows, 0)), 0, 0, 1).read()),
  ];
  const here = await first([x, second, third]);
  const moved: string[] = [];
  for (const [what, rows] of Object.entries(changes)) {
    const there = await first(rows);
    moved.push(`${what} ${Math.max(...there.map((y, i) => Math.abs(y - here[i]!))).toFixed(2)}`);
  }
  console.log(`${name}: length ${Math.hypot(...here).toFixed(2)}, ${moved.join(", ")}`);
}

// prints:
// BatchNorm: length 2.88, × 10 1.40, + 3 2.00, another row 1.34
// LayerNorm: length 2.83, × 10 0.00, + 3 0.00, another row 0.00
// RMSNorm: length 2.83, × 10 0.00, + 3 1.79, another row 0.00
// ScaleNorm: length 2.83, × 10 0.00, + 3 1.79, another row 0.00
