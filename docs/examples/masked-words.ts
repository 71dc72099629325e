// An encoder as small as can be learns to fill gaps in sentences of Tenon's stories: "Finn the fox liked to play by the river."
import { wasm } from "@tenon/backend-wasm";
import { assemble, bert, Encoder, poolings } from "@tenon/models";
import { stories } from "@tenon/stories";
import { ids, random, scoped, softmax, type Tensor } from "@tenon/tensor";
import { wordTokenizer } from "@tenon/tokenizers";
import { AdamW, maskedLoss, train, warmUpCosine, type Batch } from "@tenon/training";

const sentences = stories({ seed: 1, count: 4000 }).match(/[A-Z]\w+ the \w+ liked to play [a-z ]+\./g)!;
const tokenizer = wordTokenizer(sentences.join(" "), { special: { mask: "[MASK]" } });
const [mask, vocabulary, length, batch] = [tokenizer.special["mask"]!, tokenizer.size, 10, 32];
const texts = sentences.map((sentence) => tokenizer.encode(sentence));

/** Sentences in which 15 % of the tokens are asked for: of these 80 % are hidden, 10 % replaced, 10 % left as they are. */
function masked(step: number): Batch {
  const draw = random(2).fork(step);
  const inputs = Int32Array.from(Array.from({ length: batch }, () => draw.pick(texts)).flat());
  const targets = inputs.map((id, place) => {
    if (draw.uniform() >= 0.15) return -100; // not asked for
    const chance = draw.uniform();
    if (chance < 0.9) inputs[place] = chance < 0.8 ? mask : draw.integer(vocabulary);
    return id;
  });
  return { inputs, targets, shape: [batch, length] };
}

const on = await wasm({ threads: 1, relaxed: false }); // the same bits on every machine
const sizes = { vocabulary, context: length, width: 32, layers: 1, heads: 4, segments: 0 };
const model = await assemble({ ...bert(sizes), initial: "xavier" }, { seed: 3 }).to(on);
if (!(model instanceof Encoder)) throw new Error("this spec should describe an encoder");
const [steps, optimiser] = [400, new AdamW(model)];
const schedule = warmUpCosine({ rate: 0.01, warmUp: 20, steps });
const run = train({ model, objective: maskedLoss, batches: masked, optimiser, schedule, steps, random: random(3) });
let mean = 0; // of a hundred losses, since one of so few tokens is noise
for await (const { step, loss } of run) {
  mean += loss / 100;
  if (step % 100 !== 0) continue;
  console.log(`to step ${step}: loss ${mean.toFixed(1)}`);
  mean = 0;
}

const read = (text: string): Tensor => ids(tokenizer.encode(text), [1, length], on, { limit: vocabulary });
for (const text of [
  "Finn the fox liked to play [MASK] the hill.",
  "Finn the fox liked to play [MASK] the river.",
  "Finn the fox liked to play by the [MASK].",
  "Finn the [MASK] liked to play by the river.",
]) {
  const place = tokenizer.encode(text).indexOf(mask);
  const shares = (await scoped(() => softmax(model.forward(read(text)))).read()).slice(place * vocabulary);
  const likely = Array.from({ length: vocabulary }, (_, id) => id).filter((id) => shares[id]! > 0.2);
  console.log(text, "→", likely.map((id) => `${tokenizer.decode([id])} ${shares[id]!.toFixed(1)}`).join(", "));
}

/** One vector for a sentence, of length 1: the mean of its tokens' vectors. */
async function vectorOf(text: string): Promise<number[]> {
  const vector = await scoped(() => poolings.mean(model.encode(read(text)))).read();
  return [...vector].map((x) => x / Math.hypot(...vector));
}
const finn = await vectorOf("Finn the fox liked to play by the river.");
for (const text of [
  "Finn the fox liked to play by the pond.",
  "Finn the fox liked to play on the hill.",
  "Rosa the bear liked to play by the pond.",
  "Rosa the bear liked to play on the hill.",
]) {
  const other = await vectorOf(text);
  console.log("cosine", finn.reduce((sum, x, i) => sum + x * other[i]!, 0).toFixed(1), text);
}
on.close();

// prints:
// to step 100: loss 1.2
// to step 200: loss 0.5
// to step 300: loss 0.3
// to step 400: loss 0.3
// Finn the fox liked to play [MASK] the hill. → on 1.0
// Finn the fox liked to play [MASK] the river. → by 1.0
// Finn the fox liked to play by the [MASK]. → river 0.5, pond 0.5
// Finn the [MASK] liked to play by the river. → fox 1.0
// cosine 1.0 Finn the fox liked to play by the pond.
// cosine 0.7 Finn the fox liked to play on the hill.
// cosine 0.7 Rosa the bear liked to play by the pond.
// cosine 0.5 Rosa the bear liked to play on the hill.
