// Why the scores are divided by √k. A query and 16 keys of random numbers, in heads of
// different widths: how far apart the scores lie, how much of the weight the best key gets,
// and how much the weights would still move if the best score did.
import {
  abs,
  cpu,
  matmul,
  max,
  mean,
  mul,
  random,
  softmax,
  sqrt,
  square,
  sub,
  tensor,
  transpose,
  type Tensor,
} from "@tenon/tensor";

const [on, keys, trials] = [cpu(), 16, 60];
const number = async (x: Tensor): Promise<string> => (await abs(x).read())[0]!.toFixed(2);

for (const k of [4, 64, 1024]) {
  const dice = random(k);
  const normal = (rows: number): Tensor =>
    tensor(
      Float32Array.from({ length: trials * rows * k }, () => dice.normal()),
      [trials, rows, k],
      on,
    );
  const products = matmul(normal(1), transpose(normal(keys))); // [trials, 1, keys]
  for (const [name, scores] of Object.entries({ "q · k": products, "q · k / √k": mul(products, 1 / Math.sqrt(k)) })) {
    const best = max(softmax(scores), -1); // [trials, 1]
    const slope = mul(best, sub(1, best)); // the derivative of a weight to its own score
    console.log(
      `k = ${k}, ${name}: deviation ${await number(sqrt(mean(square(scores))))}, best weight ${await number(mean(best))}, its slope ${await number(mean(slope))}`,
    );
  }
}

// prints:
// k = 4, q · k: deviation 1.82, best weight 0.41, its slope 0.19
// k = 4, q · k / √k: deviation 0.91, best weight 0.23, its slope 0.16
// k = 64, q · k: deviation 7.80, best weight 0.88, its slope 0.08
// k = 64, q · k / √k: deviation 0.97, best weight 0.24, its slope 0.18
// k = 1024, q · k: deviation 31.46, best weight 0.96, its slope 0.03
// k = 1024, q · k / √k: deviation 0.98, best weight 0.23, its slope 0.17
