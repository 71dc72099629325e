// A decoder that no preset has: composed by hand, with a gate that you write yourself. It learns to sort, too.
import { causal, MultiHeadAttention } from "@tenon/attention";
import { wasm } from "@tenon/backend-wasm";
import { GatedMLP, PreNorm, Stack, TransformerBlock } from "@tenon/blocks";
import { TiedOutput, TokenEmbedding } from "@tenon/embeddings";
import { Linear, Module, RMSNorm } from "@tenon/nn";
import { AlibiPosition } from "@tenon/positional";
import { mul, random, sigmoid } from "@tenon/tensor";
import { characterTokenizer } from "@tenon/tokenizers";
import { AdamW, causalBatches, causalLoss, train, warmUpCosine } from "@tenon/training";

const [width, heads, seed] = [64, 4, random(7)];

/** Your own part: what the inner one gives, times how much of it is wanted here. */
class Gated extends Module {
  constructor(inner, random) {
    super();
    this.inner = inner;
    this.gate = new Linear({ input: width, output: width, random });
  }
  compute(x) {
    return mul(this.inner.forward(x), sigmoid(this.gate.forward(x)));
  }
}

class Sorter extends Module {
  constructor(vocabulary) {
    super();
    this.vocabulary = vocabulary;
    this.tokens = new TokenEmbedding({ vocabulary, width, random: seed.fork("tokens") });
    this.blocks = new Stack(2, (layer) => {
      const random = seed.fork(layer);
      const position = new AlibiPosition({ heads });
      const attention = new MultiHeadAttention({ width, heads, position, random: random.fork("attention") });
      const hidden = new GatedMLP({ width, hidden: 128, random: random.fork("feedForward") });
      const feedForward = new Gated(hidden, random.fork("gate"));
      return new TransformerBlock({
        attention,
        feedForward,
        residual: () => new PreNorm({ norm: new RMSNorm(width) }),
      });
    });
    this.norm = new RMSNorm(width);
    this.output = new TiedOutput(this.tokens);
  }
  compute(ids) {
    return this.output.forward(this.norm.forward(this.blocks.forward(this.tokens.forward(ids), { mask: causal() })));
  }
}

const dice = random(1);
const line = () => {
  const digits = Array.from({ length: 4 }, () => dice.integer(10));
  return `${digits.join("")}>${digits.toSorted().join("")}\n`;
};
const text = Array.from({ length: 5000 }, line).join("");
const tokenizer = characterTokenizer(text);
const model = await new Sorter(tokenizer.size).to(await wasm());

const steps = 200;
const run = train({
  model,
  objective: causalLoss,
  batches: causalBatches({ ids: Int32Array.from(tokenizer.encode(text)), context: 32, batch: 16, random: random(2) }),
  optimiser: new AdamW(model),
  schedule: warmUpCosine({ rate: 0.003, warmUp: 20, steps }),
  steps,
  random: random(3),
});
for await (const { step, loss } of run) if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(2)}`);
console.log([...model.parts().values()].filter((part) => part instanceof Gated).length, "gates of your own");
