// The loss of a language model by hand: at each position, how surprised it is at the token that comes. It has been told the right ones before.
import { perplexity } from "@tenon/training";
import { cpu, crossEntropy, ids, tensor } from "@tenon/tensor";

const words = ["the", "fox", "ran", "slept", "."];
const text = ["the", "fox", "ran", "."].map((word) => words.indexOf(word));
const [given, wanted] = [text.slice(0, -1), text.slice(1)]; // the same text, one place on

// What some model says after "the", after "the fox" and after "the fox ran": logits [t, v].
const logits = [
  [-2, 2, -1, -1, -2],
  [-2, -2, 1.5, 1.5, 0],
  [0.5, -1, -2, -2, 3],
];
let sum = 0;
for (const [i, target] of wanted.entries()) {
  const weights = logits[i]!.map(Math.exp);
  const p = weights[target]! / weights.reduce((a, b) => a + b);
  sum -= Math.log(p);
  const before = given.slice(0, i + 1).map((id) => words[id]);
  console.log(`${before.join(" ")} → ${words[target]}: p ${p.toFixed(2)}, surprise ${(-Math.log(p)).toFixed(2)}`);
}
const loss = sum / wanted.length;
console.log(`loss ${loss.toFixed(3)}, perplexity ${Math.exp(loss).toFixed(2)} of ${words.length} words`);

const on = cpu();
const [t, v] = [wanted.length, words.length];
const [tenon] = await crossEntropy(tensor(logits.flat(), [t, v], on), ids(wanted, [t], on, { limit: v })).read();
console.log(`by crossEntropy ${tenon!.toFixed(3)}, perplexity ${perplexity(tenon!).toFixed(2)}`);
console.log(`who knows nothing: loss ${Math.log(v).toFixed(3)}, perplexity ${perplexity(Math.log(v)).toFixed(2)}`);

// prints:
// the → fox: p 0.88, surprise 0.13
// the fox → ran: p 0.44, surprise 0.83
// the fox ran → .: p 0.90, surprise 0.11
// loss 0.354, perplexity 1.42 of 5 words
// by crossEntropy 0.354, perplexity 1.42
// who knows nothing: loss 1.609, perplexity 5.00
