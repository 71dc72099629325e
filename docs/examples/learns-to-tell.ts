// A decoder of one block learns to tell stories while you watch: the loss, the perplexity on text that it has not seen, and what it says by then.
import { wasm } from "@tenon/backend-wasm";
import { assemble, Decoder, gpt } from "@tenon/models";
import { generate, sample, temperature } from "@tenon/sampling";
import { stories } from "@tenon/stories";
import { random } from "@tenon/tensor";
import { wordTokenizer } from "@tenon/tokenizers";
import { AdamW, causalBatches, causalLoss, evaluate, perplexity, split, train, warmUpCosine } from "@tenon/training";

const text = stories({ seed: 1, count: 500 });
const tokenizer = wordTokenizer(text);
const parts = split(tokenizer.encode(text), 0.1);
const [context, batch, steps, seed] = [32, 16, 300, random(1)];
const batchesOf = (ids: Int32Array, name: string) => causalBatches({ ids, context, batch, random: seed.fork(name) });

const spec = gpt({ vocabulary: tokenizer.size, context, width: 32, layers: 1, heads: 4 });
const on = await wasm({ threads: 1, relaxed: false }); // the same bits on every machine
const model = await assemble({ ...spec, position: { kind: "rotary" }, initial: "xavier" }, { seed: 1 }).to(on);
if (!(model instanceof Decoder)) throw new Error("this spec should describe a decoder");

async function tell(name: string): Promise<void> {
  const loss = await evaluate({
    model,
    objective: causalLoss,
    batches: batchesOf(parts.heldOut, "held out"),
    count: 4,
  });
  const options = {
    strategy: sample(random(1)),
    transforms: [temperature(0.7)],
    maxTokens: 24,
    decoder: tokenizer.decoder(),
  };
  let said = "One day";
  for await (const token of generate(model, tokenizer.encode(said), options)) said += token.text;
  console.log(`${name}: perplexity ${perplexity(loss).toFixed(0)}. ${said.replaceAll("\n", " ")}`);
}

await tell("Before");
const run = train({
  model,
  objective: causalLoss,
  batches: batchesOf(parts.training, "training"),
  optimiser: new AdamW(model, { decay: 0.1 }),
  schedule: warmUpCosine({ rate: 0.01, warmUp: 20, steps }),
  steps,
  clip: 1,
  random: random(3),
});
for await (const { step, loss, rate } of run) {
  if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(1)}, rate ${rate.toFixed(4)}`);
  if (step % 100 === 0) await tell(`After ${step} steps`);
}
on.close();

// prints:
// Before: perplexity 839. One day pulled sleep drew here? some boots down Behind close berry book! In tree carrots here. songs put jar afternoon six cheese
// step 50: loss 4.1, rate 0.0097
// step 100: loss 3.1, rate 0.0082
// After 100 steps: perplexity 20. One day, he home to the rabbit out to old shiny away.   Nina the the duck. So a sound.
// step 150: loss 2.4, rate 0.0056
// step 200: loss 2.4, rate 0.0029
// After 200 steps: perplexity 8. One day, she got dark. She felt to keep it to play. He had some hot, but he ate it together,
// step 250: loss 1.9, rate 0.0008
// step 300: loss 1.9, rate 0.0000
// After 300 steps: perplexity 7. One day, she cried. "I broke your book until you are a little rabbit," said Finn. Mia was tired.
