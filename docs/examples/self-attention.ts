// Multi-head attention step by step, from products and a softmax, and the part that does it
// in one go: the same numbers.
import { causal, MultiHeadAttention } from "@tenon/attention";
import {
  cpu,
  iota,
  lessOrEqual,
  linear,
  matmul,
  mul,
  permute,
  random,
  reshape,
  softmax,
  tensor,
  transpose,
  where,
  type Tensor,
} from "@tenon/tensor";

const [t, d, h, on] = [5, 16, 2, cpu()];
const k = d / h;
const dice = random(1);
const x = tensor(
  Array.from({ length: t * d }, () => dice.normal()),
  [1, t, d],
  on,
);
const attention = await new MultiHeadAttention({ width: d, heads: h, bias: false, random: random(2) }).to(on);

// What each position asks for, what it can be found by, and what it has to give, cut into
// heads.
const heads = ({ weight }: { weight: { value: Tensor } }): Tensor =>
  permute(reshape(linear(x, weight.value), [1, t, h, k]), [0, 2, 1, 3]); // [1, h, t, k]
const [q, keys, values] = [heads(attention.query), heads(attention.key), heads(attention.value)];

// How well each query fits each key; those that are still to come fit not at all.
const scores = mul(matmul(q, transpose(keys)), 1 / Math.sqrt(k)); // [1, h, t, t]
const [query, key] = [reshape(iota(t, 0, on), [t, 1]), reshape(iota(t, 0, on), [1, t])];
const pattern = softmax(where(lessOrEqual(key, query), scores, -Infinity));

// The mean of the values by these weights, the heads side by side again, and one more map.
const found = reshape(permute(matmul(pattern, values), [0, 2, 1, 3]), [1, t, d]);
const y = await linear(found, attention.output.weight.value).read();

const inOne = await attention.forward(x, { mask: causal() }).read();
console.log("largest difference", Math.max(...y.map((each, i) => Math.abs(each - inOne[i]!))).toFixed(5));

const weights = [...(await pattern.read())];
for (const head of [0, 1]) {
  console.log(`head ${head}:`);
  for (let i = 0; i < t; i++) {
    const row = weights.slice((head * t + i) * t, (head * t + i + 1) * t);
    console.log(`  position ${i} looks at ${row.map((weight) => weight.toFixed(2)).join(" ")}`);
  }
}

// prints:
// largest difference 0.00000
// head 0:
//   position 0 looks at 1.00 0.00 0.00 0.00 0.00
//   position 1 looks at 0.90 0.10 0.00 0.00 0.00
//   position 2 looks at 0.39 0.22 0.39 0.00 0.00
//   position 3 looks at 0.50 0.17 0.27 0.06 0.00
//   position 4 looks at 0.13 0.59 0.10 0.15 0.03
// head 1:
//   position 0 looks at 1.00 0.00 0.00 0.00 0.00
//   position 1 looks at 0.00 1.00 0.00 0.00 0.00
//   position 2 looks at 0.36 0.34 0.30 0.00 0.00
//   position 3 looks at 0.40 0.11 0.22 0.27 0.00
//   position 4 looks at 0.17 0.22 0.12 0.02 0.47
