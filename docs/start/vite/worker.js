import { wasm } from "@tenon/backend-wasm";
import { assemble, gpt } from "@tenon/models";
import { generate } from "@tenon/sampling";
import { random } from "@tenon/tensor";
import { characterTokenizer } from "@tenon/tokenizers";
import { AdamW, causalBatches, causalLoss, train, warmUpCosine } from "@tenon/training";

// What it reads: lines such as "4102>0124".
const dice = random(1);
const line = () => {
  const digits = Array.from({ length: 4 }, () => dice.integer(10));
  return `${digits.join("")}>${digits.toSorted().join("")}\n`;
};
const text = Array.from({ length: 5000 }, line).join("");

const tokenizer = characterTokenizer(text);
const backend = await wasm();
const spec = gpt({ vocabulary: tokenizer.size, context: 32, width: 64, layers: 2, heads: 4 });
const model = await assemble(spec, { seed: 1 }).to(backend);

const steps = 400;
const run = train({
  model,
  objective: causalLoss,
  batches: causalBatches({ ids: Int32Array.from(tokenizer.encode(text)), context: 32, batch: 16, random: random(2) }),
  optimiser: new AdamW(model),
  schedule: warmUpCosine({ rate: 0.003, warmUp: 20, steps }),
  steps,
  random: random(3),
});
for await (const { step, loss } of run) postMessage({ status: `step ${step} of ${steps}: loss ${loss.toFixed(2)}` });

addEventListener("message", async ({ data: digits }) => {
  let answer = "";
  for await (const { text } of generate(model, tokenizer.encode(`${digits}>`), {
    maxTokens: 4,
    decoder: tokenizer.decoder(),
  }))
    answer += text;
  postMessage({ answer });
});
postMessage({ status: `It has learned, on ${backend.name}. Write four digits.`, ready: true });
