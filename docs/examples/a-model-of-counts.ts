// The simplest language model that there is: it has counted, in Tenon's stories, which word follows which. Every way of choosing from it writes another text.
import {
  functionModel,
  generate,
  type GenerateOptions,
  greedy,
  minP,
  noRepeatNGram,
  repetitionPenalty,
  sample,
  temperature,
  topP,
} from "@tenon/sampling";
import { stories } from "@tenon/stories";
import { random } from "@tenon/tensor";
import { wordTokenizer } from "@tenon/tokenizers";

const text = stories({ seed: 1, count: 300 });
const tokenizer = wordTokenizer(text);
const ids = tokenizer.encode(text);
// What was never seen counts as a tenth of a time: a long tail of words that are all wrong, each of them unlikely.
const counts = Array.from({ length: tokenizer.size }, () => new Float32Array(tokenizer.size).fill(0.1));
for (const [i, id] of ids.slice(1).entries()) counts[ids[i]!]![id]!++;
const model = functionModel((sofar) => counts[sofar.at(-1)!]!.map(Math.log), { vocabulary: tokenizer.size });

const draw = sample(random(5));
const ways: Record<string, GenerateOptions> = {
  greedy: { strategy: greedy() },
  "greedy, no three words twice": { strategy: greedy(), transforms: [noRepeatNGram(3)] },
  "greedy, repetition penalty 2": { strategy: greedy(), transforms: [repetitionPenalty(2)] },
  "drawn as it is": { strategy: draw },
  "temperature 0.5": { strategy: draw, transforms: [temperature(0.5)] },
  "top-p 0.9": { strategy: draw, transforms: [topP(0.9)] },
  "min-p 0.1": { strategy: draw, transforms: [minP(0.1)] },
};
for (const [name, way] of Object.entries(ways)) {
  const options = { ...way, maxTokens: 28, decoder: tokenizer.decoder() };
  let said = "One day";
  for await (const token of generate(model, tokenizer.encode(said), options)) said += token.text;
  console.log(`${name}: ${said.replaceAll("\n", " ")}`);
}

// prints:
// greedy: One day," said. "I am so happy that she said. "I am so happy that she said. "I am so happy that
// greedy, no three words twice: One day," said. "I am so happy that she said." said the ball. "You are a big rock. "Thank you
// greedy, repetition penalty 2: One day," said. "I am so happy that she was a big rock and gave it! It broke your help you for the ball up
// drawn as it is: One day, but soon she was too late Here path somebody old tree," said. One night she looked sad all! "I am afternoon,
// temperature 0.5: One day, and gave it. "You are so sorry," said. "I am sorry," said. "I am so happy.
// top-p 0.9: One day, but that she was sad race owl flew bell out to the blue drum. "Is kind far into a green lamp." said.
// min-p 0.1: One day, he saw it. "What is no fun to the cat. "I can climb, and Jack the dog came to the fox.
