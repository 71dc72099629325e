// Two parts make up a language: one says what it sees in a word of two letters, the other guesses from the word alone. Letters are discrete choices, and
// still the speaker learns by gradient: rows of gumbelSoftmax with `hard: true` are exactly one-hot, and have the gradient of their soft form.
import { Embedding, Linear, Module, valueAndGrad } from "@tenon/nn";
import { exponentialAnnealing, gumbelSoftmax } from "@tenon/sampling";
import { argMax, cpu, crossEntropy, ids, random, reshape, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

const things = ["sun", "moon", "tree", "fish", "bird", "rain", "fire", "stone"];
const [alphabet, length, seed] = ["abcd", 2, random(1)];
const [count, width] = [things.length, length * alphabet.length];
const { key } = seed.fork("noise");

class Game extends Module<[seen: Tensor, temperature: number, step: number], Tensor> {
  readonly speaker = new Embedding({ count, width, random: seed.fork("speaker") });
  readonly listener = new Linear({ input: width, output: count, random: seed.fork("listener") });

  /** Things [b] → logits [b, length, alphabet] of the letters that are said. */
  say(seen: Tensor): Tensor {
    return reshape(this.speaker.forward(seen), [seen.shape[0]!, length, alphabet.length]);
  }

  /** Things [b] → logits [b, things] of what the listener takes them for. */
  protected override compute(seen: Tensor, temperature: number, step: number): Tensor {
    const word = gumbelSoftmax(this.say(seen), { temperature, key, counter: step, hard: true });
    return this.listener.forward(reshape(word, [seen.shape[0]!, width]));
  }
}

const on = cpu();
const game = await new Game().to(on);
const optimiser = new AdamW(game, { decay: 0 });
const temperature = exponentialAnnealing({ rate: 0.01, start: 2 });
const batch = Array.from({ length: 8 * count }, (_, i) => i % count);
const seen = ids(batch, [batch.length], on, { limit: count });

for (let step = 0; step <= 200; step++) {
  const tau = temperature(step);
  const { value: loss, gradients } = valueAndGrad(game, () => crossEntropy(game.forward(seen, tau, step), seen));
  if (step % 100 === 0) console.log(`step ${step}: τ ${tau.toFixed(2)}, loss ${(await loss.read())[0]!.toFixed(2)}`);
  optimiser.step(gradients, 0.05);
  for (const each of [loss, ...gradients.values()]) each[Symbol.dispose]();
}

const said = await argMax(game.say(seen)).read(); // the likeliest letters
const words = things.map(
  (thing, i) => `${thing} ${Array.from({ length }, (_, at) => alphabet[said[length * i + at]!]).join("")}`,
);
console.log(words.join(", "));

// prints:
// step 0: τ 2.00, loss 2.17
// step 100: τ 0.74, loss 0.05
// step 200: τ 0.50, loss 0.01
// sun dc, moon cd, tree dd, fish bc, bird da, rain ad, fire ca, stone ab
