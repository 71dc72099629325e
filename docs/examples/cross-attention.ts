// Three attentions from one sequence to another learn the same thing: to say six letters
// backwards. What is asked is a place and nothing else, so the layer has to find out by
// itself which letter of the memory belongs to it. Beside each, its alignment: a line for
// each place, a column for each letter.
import {
  AdditiveAttention,
  MultiHeadCrossAttention,
  MultiplicativeAttention,
  type CrossAttention,
} from "@tenon/attention";
import { Embedding, Linear, Module, normal, trace, valueAndGrad } from "@tenon/nn";
import { add, cpu, crossEntropy, expand, ids, random, reshape, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

const [letters, n, width, seed, on] = ["aeiklnorst", 6, 16, random(1), cpu()];

class Backwards extends Module<[word: Tensor], Tensor> {
  readonly letters = this.#table(letters.length, "letters");
  readonly places = this.#table(n, "places");
  readonly asked = this.#table(n, "asked");
  readonly output = new Linear({ input: width, output: letters.length, random: seed.fork("output") });
  readonly attention: CrossAttention;

  constructor(attention: CrossAttention) {
    super();
    this.attention = attention;
  }

  #table(count: number, name: string): Embedding {
    return new Embedding({ count, width, random: seed.fork(name), initial: (random) => normal(random, 1) });
  }

  /** Words [b, n] → logits of what is said [b, n, letters]. */
  protected override compute(word: Tensor): Tensor {
    const b = word.shape[0]!;
    const memory = add(this.letters.forward(word), this.places.table.value); // [b, s, d]: which letter, and where
    const x = expand(reshape(this.asked.table.value, [1, n, width]), [b, n, width]); // [b, t, d]: which place, and nothing of the word
    return this.output.forward(this.attention.forward(x, memory));
  }
}

const attentions = {
  "Bahdanau et al. 2014, additive": new AdditiveAttention({ width, random: seed.fork("additive") }),
  "Luong et al. 2015, general": new MultiplicativeAttention({ width, random: seed.fork("general") }),
  "Vaswani et al. 2017, one head": new MultiHeadCrossAttention({ width, heads: 1, random: seed.fork("head") }),
};
for (const [name, attention] of Object.entries(attentions)) {
  const model = await new Backwards(attention).to(on);
  const [optimiser, draw] = [new AdamW(model), seed.fork("words")];
  let last = NaN;
  for (let step = 0; step < 100; step++) {
    const words = Array.from({ length: 32 }, () => Array.from({ length: n }, () => draw.integer(letters.length)));
    const batch = (rows: number[][], shape: number[]): Tensor => ids(rows.flat(), shape, on, { limit: letters.length });
    const { value, gradients } = valueAndGrad(model, () =>
      crossEntropy(
        reshape(model.forward(batch(words, [32, n])), [32 * n, letters.length]),
        batch(
          words.map((word) => word.toReversed()),
          [32 * n],
        ),
      ),
    );
    optimiser.step(gradients, 1e-2);
    if (step === 99) last = (await value.read())[0]!;
    for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
  }
  const word = ids(
    [..."listen"].map((letter) => letters.indexOf(letter)),
    [1, n],
    on,
    { limit: letters.length },
  );
  const { taps } = trace(model, ["attention.pattern"], () => model.forward(word));
  const pattern = [...(await taps["attention.pattern"]![0]!.read())].map((weight) => " ░▒▓█"[Math.round(4 * weight)]);
  console.log(`${name}: loss ${last.toFixed(2)}`);
  for (let t = 0; t < n; t++) console.log(`  |${pattern.slice(t * n, (t + 1) * n).join("")}|`);
}

// prints:
// Bahdanau et al. 2014, additive: loss 0.01
//   |     █|
//   |    █ |
//   |   █  |
//   |  █   |
//   | █    |
//   |█     |
// Luong et al. 2015, general: loss 0.04
//   |     █|
//   |    █ |
//   |   █  |
//   |  █   |
//   | █    |
//   |█     |
// Vaswani et al. 2017, one head: loss 0.00
//   |     █|
//   |    █ |
//   |   █  |
//   |  █   |
//   | █    |
//   |█     |
