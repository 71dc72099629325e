// The rows that BERT is pre-trained on: two pieces of text, masked, with segments that tell them apart, and the question whether one follows the other.
import { stories } from "@tenon/stories";
import { random } from "@tenon/tensor";
import { wordTokenizer } from "@tenon/tokenizers";
import { preTrainingBatches } from "@tenon/training";

const text = stories({ seed: 2, count: 40 });
const special = { pad: "[PAD]", begin: "[CLS]", separator: "[SEP]", mask: "[MASK]" };
const tokenizer = wordTokenizer(text, { special });
const { begin, separator, mask } = tokenizer.special as Record<keyof typeof special, number>;
const framing = new Set(Object.values(tokenizer.special));

const sentences = (story: string): Int32Array[] =>
  story.split(/(?<=[.!?]"?) (?=[A-Z"])/).map((sentence) => Int32Array.from(tokenizer.encode(sentence)));
const batches = preTrainingBatches({
  documents: text.split("\n\n").map(sentences),
  context: 24,
  batch: 4,
  random: random(5),
  vocabulary: tokenizer.size,
  begin,
  separator,
  mask,
  maskable: (id) => !framing.has(id),
});
const { inputs, segments, lengths, labels, shape } = batches(0);
const [rows, t] = shape;
for (let row = 0; row < rows; row++) {
  const end = row * t + lengths[row]!;
  console.log(tokenizer.decode([...inputs.subarray(row * t, end)]));
  console.log("  segments", segments.subarray(row * t, end).join(""), labels[row] === 0 ? "it follows" : "it does not");
}

// prints:
// [CLS]At last, the rain stopped and [MASK] sun came out.[SEP]There was a rainbow in the sky.[SEP]
//   segments 00000000000000111111111 it follows
// [CLS]"I am Otto [MASK]" said the owl [MASK][SEP]She had some carrots, and they ate them together [MASK][SEP]
//   segments 000000000000111111111111 it does not
// [CLS]One warm day, [MASK] ran there again stuck[SEP]it under the bush." [MASK] was so happy that she[SEP]
//   segments 000000000001111111111111 it does not
// [CLS]It is no fun to play [MASK]," [MASK] thought[SEP]Then she saw that somebody was both the flowers.[SEP]
//   segments 000000000000011111111111 it follows
