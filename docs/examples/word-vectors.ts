// Vectors of words, such as GloVe's, as the embedding table of a small classifier (Kim 2014). It is trained on six texts, and judges others by words that
// it has never read, for their vectors are like those of words that it has.
import { toEmbedding } from "@tenon/embeddings";
import { readVectors, WordQueries } from "@tenon/embeddings/static";
import { freeze, Linear, Module, valueAndGrad } from "@tenon/nn";
import { argMax, cpu, crossEntropy, ids, mean, random, type Tensor } from "@tenon/tensor";
import { wordTokenizer } from "@tenon/tokenizers";
import { AdamW } from "@tenon/training";

// What a file of GloVe's looks like; these were made up. `readVectorFile` of "@tenon/embeddings/static/node" reads one from a disk.
const file = `good 0.9 0.1 0.2
great 0.8 0.2 0.1
lovely 0.9 0.3 0.3
bad -0.8 0.1 0.2
awful -0.9 0.2 0.1
dreadful -0.9 0.3 0.3
film 0.1 0.9 0.1
book 0.0 0.9 0.2
this 0.0 0.1 0.9
a 0.1 0.0 0.9`;
const { vectors } = await readVectors(new TextEncoder().encode(file), { name: "made-up.txt" });
console.log(
  "near good:",
  new WordQueries(vectors)
    .nearest("good", 2)
    .map(({ word }) => word)
    .join(", "),
);

const training = ["a good film", "this great book", "good this", "a bad film", "this awful book", "bad this"];
const others = ["this lovely book", "a dreadful film"];
const tokenizer = wordTokenizer([...training, ...others].join("\n"), { special: { pad: "[PAD]" } });
const made = toEmbedding(vectors, tokenizer, { random: random(1), missing: "zeros" });
console.log(`${made.found} of ${tokenizer.size} tokens have a vector`);

/** ids [b, t] → logits [b, 2], from the mean of the words' vectors. */
class Classifier extends Module<[ids: Tensor], Tensor> {
  readonly words = made.embedding;
  readonly output = new Linear({ input: made.embedding.width, output: 2, random: random(2) });

  protected override compute(tokens: Tensor): Tensor {
    return this.output.forward(mean(this.words.forward(tokens), 1));
  }
}

const on = cpu();
const model = await new Classifier().to(on);
freeze(model.words);
const longest = 3;
const batch = (texts: readonly string[]): Tensor => {
  const rows = texts.map((text) => tokenizer.encode(text));
  const padded = rows.flatMap((row) => [
    ...row,
    ...Array<number>(longest - row.length).fill(tokenizer.special["pad"]!),
  ]);
  return ids(padded, [texts.length, longest], on, { limit: tokenizer.size });
};
const [texts, labels] = [batch(training), ids([1, 1, 1, 0, 0, 0], [6], on, { limit: 2 })];
const optimiser = new AdamW(model, { decay: 0 });
for (let step = 0; step < 50; step++) {
  const { value, gradients } = valueAndGrad(model, () => crossEntropy(model.forward(texts), labels));
  optimiser.step(gradients, 0.1);
  for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
}

const judged = await argMax(model.forward(batch(others))).read();
for (const [i, text] of others.entries()) console.log(`${text}: ${judged[i] === 1 ? "good" : "bad"}`);

// prints:
// near good: great, lovely
// 10 of 14 tokens have a vector
// this lovely book: good
// a dreadful film: bad
