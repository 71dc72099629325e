// RNNsearch (Bahdanau et al. 2014), the first model with attention, learns to say words backwards; its alignment shows where it looks before each letter.
import { wasm } from "@tenon/backend-wasm";
import { assemble, rnnSearch } from "@tenon/models";
import { trace, valueAndGrad } from "@tenon/nn";
import { generate } from "@tenon/sampling";
import { crossEntropy, ids, random, reshape, Scope, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

const letters = "aeiklnorst";
const [start, vocabulary] = [letters.length, letters.length + 1];
const [on, draw] = [await wasm({ threads: 1 }), random(7)];
const model = assemble(rnnSearch({ sourceVocabulary: letters.length, vocabulary, width: 12, hidden: 16 }), { seed: 1 });
await model.to(on);

/** Words of one length as ids [b, t]. */
function batchOf(words: readonly (readonly number[])[]): Tensor {
  return ids(words.flat(), [words.length, words[0]!.length], on, { limit: vocabulary });
}
/** What comes before each letter of a word that is said backwards. */
const before = (word: readonly number[]): number[] => [start, ...word.toReversed().slice(0, -1)];

// Training: every letter is predicted from the word and the letters that were said so far.
const optimiser = new AdamW(model);
for (let step = 0; step < 600; step++) {
  const length = 2 + draw.integer(5);
  const words = Array.from({ length: 16 }, () => Array.from({ length }, () => draw.integer(letters.length)));
  const { value, gradients } = valueAndGrad(model, () => {
    const logits = model.forward(batchOf(words), batchOf(words.map(before)));
    const wanted = batchOf(words.map((word) => word.toReversed()));
    return crossEntropy(reshape(logits, [16 * length, vocabulary]), reshape(wanted, [16 * length]));
  });
  optimiser.step(gradients, 1e-2);
  for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
}

const word = [..."listen"].map((letter) => letters.indexOf(letter));
using scope = new Scope();
using source = scope.run(() => model.encode(batchOf([word])));
let said = "";
for await (const { id } of generate(source, [start], { maxTokens: word.length })) said += letters[id];
console.log(said);

// One line for each letter that is said: how much it looked at each letter of the word, from nothing to a full block.
const { taps } = scope.run(() =>
  trace(model, ["attention.pattern"], () => model.forward(batchOf([word]), batchOf([before(word)]))),
);
for (const [t, pattern] of taps["attention.pattern"]!.entries()) {
  const weights = [...(await pattern.read())].map((weight) => " ░▒▓█"[Math.round(4 * weight)]);
  console.log(`${said[t]} |${weights.join("")}|`);
}
on.close();

// prints:
// netsil
// n |     █|
// e |    ▓░|
// t |   ▓░ |
// s |  ▓░  |
// i | ▓░   |
// l |▒░    |
