// A recurrent encoder–decoder has to put the whole source into one vector (Cho et al.
// 2014), with attention it may look again (Bahdanau et al. 2014). Both learn to say words
// of up to eight letters backwards, with as many numbers in their states.
import { wasm } from "@tenon/backend-wasm";
import { assemble, rnnEncoderDecoder, rnnSearch } from "@tenon/models";
import { valueAndGrad } from "@tenon/nn";
import { argMax, crossEntropy, ids, random, reshape, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

const [letters, longest, on] = [10, 8, await wasm({ threads: 1 })];
const sizes = { sourceVocabulary: letters, vocabulary: letters + 1, width: 12, hidden: 20 };
const draw = random(7);

const batchOf = (words: readonly (readonly number[])[]): Tensor =>
  ids(words.flat(), [words.length, words[0]!.length], on, { limit: letters + 1 });
const draws = (b: number, length: number): number[][] =>
  Array.from({ length: b }, () => Array.from({ length }, () => draw.integer(letters)));
/** What is said before each letter of the word backwards; first of all a start. */
const before = (word: readonly number[]): number[] => [letters, ...word.toReversed().slice(0, -1)];

for (const [name, spec] of Object.entries({ "one vector": rnnEncoderDecoder(sizes), attention: rnnSearch(sizes) })) {
  const model = assemble(spec, { seed: 1 });
  await model.to(on);
  const optimiser = new AdamW(model);
  for (let step = 0; step < 150; step++) {
    const [b, length] = [32, 2 + draw.integer(longest - 1)];
    const words = draws(b, length);
    const { value, gradients } = valueAndGrad(model, () => {
      const logits = model.forward(batchOf(words), batchOf(words.map(before)));
      const wanted = batchOf(words.map((word) => word.toReversed()));
      return crossEntropy(reshape(logits, [b * length, letters + 1]), reshape(wanted, [b * length]));
    });
    optimiser.step(gradients, 1e-2);
    for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
  }
  const right = [2, 4, 6, 8].map(async (length) => {
    const words = draws(50, length);
    const said = await argMax(model.forward(batchOf(words), batchOf(words.map(before)))).read();
    const wanted = words.flatMap((word) => word.toReversed());
    return `${length}: ${Math.round((100 * wanted.filter((letter, i) => letter === said[i]).length) / wanted.length)} %`;
  });
  console.log(`${name}, letters that are right in words of ${(await Promise.all(right)).join(", ")}`);
}
on.close();

// prints:
// one vector, letters that are right in words of 2: 96 %, 4: 71 %, 6: 51 %, 8: 41 %
// attention, letters that are right in words of 2: 100 %, 4: 96 %, 6: 91 %, 8: 85 %
