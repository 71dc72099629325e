// Skip-gram with negative sampling (Mikolov et al. 2013) from two tables and a dot product:
// nobody tells it what a word means, only which words stand near each other.
import { TokenEmbedding } from "@tenon/embeddings";
import { WordQueries, WordVectors } from "@tenon/embeddings/static";
import { Module, valueAndGrad } from "@tenon/nn";
import { stories } from "@tenon/stories";
import { add, cpu, ids, mean, mul, neg, random, softplus, sum, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

const text = stories({ seed: 1, count: 600 }).toLowerCase();
const read = text.match(/[a-z]+/g)!;
const words = [...new Set(read)];
const numbers = new Map(words.map((word, i) => [word, i]));
const [v, d, window, negatives, seed] = [words.length, 16, 3, 5, random(1)];

class SkipGram extends Module<[centre: Tensor, near: Tensor, noise: Tensor], Tensor> {
  readonly words = new TokenEmbedding({ vocabulary: v, width: d, random: seed.fork("words") });
  readonly contexts = new TokenEmbedding({ vocabulary: v, width: d, random: seed.fork("contexts") });

  /** centre and near [b, 1], noise [b, n] → −log σ(x · y) − Σ log σ(−x · yₙ), the mean over b. */
  protected override compute(centre: Tensor, near: Tensor, noise: Tensor): Tensor {
    const x = this.words.forward(centre);
    const score = (other: Tensor): Tensor => sum(mul(x, this.contexts.forward(other)), -1); // [b, 1 or n]
    return mean(add(sum(softplus(neg(score(near))), 1), sum(softplus(score(noise)), 1))); // −log σ(z) = softplus(−z)
  }
}

const on = cpu();
const model = await new SkipGram().to(on);
const [b, draw, optimiser] = [512, seed.fork("batches"), new AdamW(model, { decay: 0 })];
const batch = (rows: number[], n: number): Tensor => ids(rows, [b, n], on, { limit: v });
const place = (): number => window + draw.integer(read.length - 2 * window);
for (let step = 0; step < 400; step++) {
  const [centre, near, noise]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < b; i++) {
    const [at, distance] = [place(), 1 + draw.integer(window)];
    centre.push(numbers.get(read[at]!)!);
    near.push(numbers.get(read[draw.integer(2) === 0 ? at - distance : at + distance]!)!);
    for (let n = 0; n < negatives; n++) noise.push(numbers.get(read[place()]!)!); // frequent words more often
  }
  const { value, gradients } = valueAndGrad(model, () =>
    model.forward(batch(centre, 1), batch(near, 1), batch(noise, negatives)),
  );
  optimiser.step(gradients, 0.02);
  if (step % 100 === 0) console.log(`step ${step}: loss ${(await value.read())[0]!.toFixed(2)}`);
  for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
}

const queries = new WordQueries(new WordVectors({ words, data: new Float32Array(await model.words.table.host()) }));
for (const word of ["rabbit", "river", "rain", "she"]) {
  const near = queries.nearest(word, 3).map((found) => found.word);
  console.log(`${word}: ${near.join(", ")}`);
}

// prints:
// step 0: loss 4.16
// step 100: loss 2.64
// step 200: loss 2.48
// step 300: loss 2.46
// rabbit: duck, frog, turtle
// river: beach, pond, park
// rain: drop, sing, cried
// she: he, hugo, nina
