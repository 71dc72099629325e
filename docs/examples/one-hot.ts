// A table of vectors is a matrix, and looking a row up is a product with a one-hot vector
// that nobody wants to compute.
import { TiedOutput, TokenEmbedding } from "@tenon/embeddings";
import { Linear, normal, valueAndGrad } from "@tenon/nn";
import { cpu, crossEntropy, ids, matmul, oneHot, random, reshape, type Tensor } from "@tenon/tensor";

const words = ["the", "sun", "is", "warm", "moon", "cold"];
const [v, d, on] = [words.length, 4, cpu()];
const tokens = await new TokenEmbedding({
  vocabulary: v,
  width: d,
  initial: (random) => normal(random, 1),
  random: random(1),
}).to(on);
const text = ids(
  ["the", "moon", "is"].map((word) => words.indexOf(word)),
  [1, 3],
  on,
  { limit: v },
);

// One-hot rows [t, v] times the table [v, d] are rows of the table, and so is a look-up,
// without the v − 1 products by zero.
const slow = matmul(oneHot(reshape(text, [3]), v), tokens.table.value);
const fast = tokens.forward(text);
console.log("the same:", (await slow.read()).join() === (await fast.read()).join(), fast.shape);

/** How long the gradient of each word's row is. */
async function rows(gradient: Tensor): Promise<string> {
  const numbers = await gradient.read();
  const lengths = words.map((_, row) => Math.hypot(...numbers.subarray(row * d, (row + 1) * d)));
  return words.map((word, row) => `${word} ${lengths[row]!.toFixed(2)}`).join(", ");
}

// What should come after each word. The output has a matrix of its own, so only rows that
// were looked up have a gradient.
const wanted = ids(
  ["moon", "is", "cold"].map((word) => words.indexOf(word)),
  [3],
  on,
  { limit: v },
);
const loss = (output: { forward(x: Tensor): Tensor }): Tensor =>
  crossEntropy(reshape(output.forward(tokens.forward(text)), [3, v]), wanted);
const own = await new Linear({ input: d, output: v, bias: false, random: random(2) }).to(on);
const untied = valueAndGrad(tokens, () => loss(own)).gradients.get(tokens.table)!;
console.log("own output:  ", await rows(untied));

// Where the output reads the same table, backwards, every word learns from every step.
const tied = valueAndGrad(tokens, () => loss(new TiedOutput(tokens))).gradients.get(tokens.table)!;
console.log("tied output: ", await rows(tied));

// prints:
// the same: true [ 1, 3, 4 ]
// own output:   the 0.06, sun 0.00, is 0.24, warm 0.00, moon 0.34, cold 0.00
// tied output:  the 0.88, sun 0.05, is 1.74, warm 0.03, moon 2.68, cold 0.57
