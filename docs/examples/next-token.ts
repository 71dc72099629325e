// What the transforms make of a prediction. Where the model is unsure, many tokens are good; where it is sure, one is. No fixed number of tokens is right for both.
import { minP, repetitionPenalty, temperature, topK, topP, type LogitsTransform } from "@tenon/sampling";

const unsure = { house: 2, forest: 1.9, river: 1.8, pond: 1.6, hill: 1.5, moon: 0, cheese: -1.5, because: -3 };
const sure = { upon: 6, again: 2, more: 1.5, a: 1, the: 0, fox: -1, cheese: -1.5, because: -3 };
const transforms: Record<string, LogitsTransform | undefined> = {
  "as it is": undefined,
  "T 0.5": temperature(0.5),
  "T 2": temperature(2),
  "top-k 3": topK(3),
  "top-p 0.9": topP(0.9),
  "min-p 0.1": minP(0.1),
  "penalty 2": repetitionPenalty(2),
};

const said = [0]; // the first word of each list has occurred before, which only the penalty minds

/** softmax(z)ᵢ = e^zᵢ / Σ e^zⱼ, in percent. A token that is excluded has the logit −∞, and so 0 %. */
function percents(logits: Float32Array): string[] {
  const weights = Array.from(logits, Math.exp);
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => (weight === 0 ? "·" : `${Math.round((100 * weight) / sum)} %`));
}

for (const words of [unsure, sure]) {
  const logits = Float32Array.from(Object.values(words));
  const columns = Object.values(transforms).map((each) => percents(each?.apply(logits, { ids: said }) ?? logits));
  console.log(
    "".padEnd(9) +
      Object.keys(transforms)
        .map((name) => name.padStart(10))
        .join(""),
  );
  for (const [i, word] of Object.keys(words).entries())
    console.log(word.padEnd(9) + columns.map((column) => column[i]!.padStart(10)).join(""));
  console.log(
    "kept".padEnd(9) + columns.map((column) => `${column.filter((each) => each !== "·").length}`.padStart(10)).join(""),
  );
}

// prints:
//            as it is     T 0.5       T 2   top-k 3 top-p 0.9 min-p 0.1 penalty 2
// house          24 %      30 %      20 %      37 %      25 %      24 %      10 %
// forest         22 %      25 %      19 %      33 %      23 %      22 %      26 %
// river          20 %      20 %      18 %      30 %      20 %      20 %      23 %
// pond           16 %      14 %      16 %         ·      17 %      16 %      19 %
// hill           15 %      11 %      15 %         ·      15 %      15 %      17 %
// moon            3 %       1 %       7 %         ·         ·       3 %       4 %
// cheese          1 %       0 %       3 %         ·         ·         ·       1 %
// because         0 %       0 %       2 %         ·         ·         ·       0 %
// kept              8         8         8         3         5         6         8
//            as it is     T 0.5       T 2   top-k 3 top-p 0.9 min-p 0.1 penalty 2
// upon           96 %     100 %      70 %      97 %     100 %     100 %      55 %
// again           2 %       0 %       9 %       2 %         ·         ·      20 %
// more            1 %       0 %       7 %       1 %         ·         ·      12 %
// a               1 %       0 %       6 %         ·         ·         ·       7 %
// the             0 %       0 %       3 %         ·         ·         ·       3 %
// fox             0 %       0 %       2 %         ·         ·         ·       1 %
// cheese          0 %       0 %       2 %         ·         ·         ·       1 %
// because         0 %       0 %       1 %         ·         ·         ·       0 %
// kept              8         8         8         3         1         1         8
