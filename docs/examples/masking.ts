// What BERT is trained on: some tokens of a text are asked for, and most of these are hidden. Then the same, counted over many batches.
import { random } from "@tenon/tensor";
import { wordTokenizer } from "@tenon/tokenizers";
import { maskedBatches } from "@tenon/training";

const text = "Dora the mouse ran far into the forest to look for cheese, but soon it was night and dark";
const tokenizer = wordTokenizer(text, { special: { mask: "[MASK]" } });
const mask = tokenizer.special["mask"]!;
const ids = tokenizer.encode(text);
const batches = maskedBatches({
  ids,
  context: ids.length,
  batch: 1,
  random: random(4),
  vocabulary: tokenizer.size,
  mask,
});

for (let step = 0; step < 3; step++) {
  const { inputs, targets } = batches(step);
  const asked = targets.filter((id) => id >= 0); // −100 where nothing is asked
  console.log(tokenizer.decode([...inputs]));
  console.log("  asked for:", [...asked].map((id) => tokenizer.decode([id])).join(", "));
}

const counts = { hidden: 0, replaced: 0, "as it was": 0 };
let all = 0;
for (let step = 0; step < 5000; step++) {
  const { inputs, targets } = batches(step);
  for (const [place, id] of targets.entries()) {
    if (id >= 0) counts[inputs[place] === mask ? "hidden" : inputs[place] === id ? "as it was" : "replaced"]++;
    all++;
  }
}
const asked = counts.hidden + counts.replaced + counts["as it was"];
console.log(`asked for: ${((100 * asked) / all).toFixed(0)} %`);
for (const [name, count] of Object.entries(counts)) console.log(`  ${name}: ${((100 * count) / asked).toFixed(0)} %`);

// prints:
// [MASK] the mouse ran far into the forest to [MASK] for cheese, but soon it was [MASK] and dark
//   asked for: Dora, look, night
// Dora the mouse ran far into the [MASK] to look for Dora, but [MASK] it was night and dark
//   asked for: forest, cheese, soon
// Dora the mouse ran far into the forest to [MASK] for cheese [MASK] but soon it was night and dark
//   asked for: far, look, ,
// asked for: 15 %
//   hidden: 80 %
//   replaced: 9 %
//   as it was: 10 %
