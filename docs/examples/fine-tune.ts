// Low-rank adapters: a model that has learned to count upwards learns to count downwards, and forgets it again when they go.
import { assemble, gpt } from "@tenon/models";
import { attachLora } from "@tenon/nn";
import { generate } from "@tenon/sampling";
import { cpu, random } from "@tenon/tensor";
import { characterTokenizer } from "@tenon/tokenizers";
import { AdamW, causalBatches, causalLoss, constant, train } from "@tenon/training";

const digits = "0123456789";
const [up, down] = [digits.repeat(60), [...digits].reverse().join("").repeat(60)];
const tokenizer = characterTokenizer(digits);
const spec = gpt({ vocabulary: tokenizer.size, context: 16, width: 32, layers: 1, heads: 2 });
const model = await assemble(spec, { seed: 1 }).to(cpu());

async function learn(text: string, steps: number): Promise<string> {
  const batches = causalBatches({ ids: tokenizer.encode(text), context: 16, batch: 4, random: random(2) });
  const given = { model, objective: causalLoss, batches, optimiser: new AdamW(model), random: random(3) };
  const losses: number[] = [];
  for await (const { loss } of train({ ...given, schedule: constant(0.01), steps })) losses.push(loss);
  return `${losses[0]!.toFixed(1)} → ${losses.at(-1)!.toFixed(1)}`;
}

async function continued(prompt: string): Promise<string> {
  let text = prompt;
  for await (const token of generate(model, tokenizer.encode(prompt), { maxTokens: 6, decoder: tokenizer.decoder() }))
    text += token.text;
  return text;
}

const trained = (): number =>
  [...model.parameters().values()].reduce(
    (sum, one) => sum + (one.frozen ? 0 : one.type.shape.reduce((a, b) => a * b)),
    0,
  );

console.log(`${trained()} numbers learn upwards, loss ${await learn(up, 60)}: ${await continued("3")}`);
const lora = await attachLora(model, { rank: 4, targets: "blocks.**", random: random(4) });
console.log(`${trained()} numbers learn downwards, loss ${await learn(down, 60)}: ${await continued("8")}`);
lora.detach();
console.log(`without them: ${await continued("3")}`);

// prints:
// 13600 numbers learn upwards, loss 2.3 → 0.0: 3456789
// 2304 numbers learn downwards, loss 9.7 → 0.0: 8765432
// without them: 3456789
