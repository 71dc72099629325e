// A decoder of one's own as a module: rotary positions in all layers but every third, grouped keys, SwiGLU, pre-norm, and an output
// that shares the token table. As a module it frees its intermediate results, lists its parameters, and can be trained and traced.
import { causal, MultiHeadAttention } from "@tenon/attention";
import { GatedMLP, PreNorm, Stack, TransformerBlock } from "@tenon/blocks";
import { TiedOutput, TokenEmbedding } from "@tenon/embeddings";
import { Module, RMSNorm } from "@tenon/nn";
import { RotaryPosition } from "@tenon/positional";
import { cpu, ids, random, sizeOf, type Tensor } from "@tenon/tensor";

const [vocabulary, width, heads, seed] = [100, 64, 4, random(7)];
const rotary = new RotaryPosition({ width: width / heads });

class Story extends Module<[ids: Tensor], Tensor> {
  readonly tokens = new TokenEmbedding({ vocabulary, width, random: seed.fork("tokens") });
  readonly blocks = new Stack(3, (layer) => {
    const [stream, position] = [seed.fork(layer), layer % 3 === 2 ? undefined : rotary];
    const random = stream.fork("attention");
    const attention = new MultiHeadAttention({ width, heads, keyValueHeads: 2, position, bias: false, random });
    const feedForward = new GatedMLP({ width, hidden: 172, random: stream.fork("feedForward") });
    return new TransformerBlock({ attention, feedForward, residual: () => new PreNorm({ norm: new RMSNorm(width) }) });
  });
  readonly norm = new RMSNorm(width);
  readonly output = new TiedOutput(this.tokens);

  protected override compute(ids: Tensor): Tensor {
    const x = this.blocks.forward(this.tokens.forward(ids), { mask: causal() });
    return this.output.forward(this.norm.forward(x));
  }
}

const on = cpu();
const model = await new Story().to(on);
const logits = model.forward(ids([3, 1, 4, 1, 5], [1, 5], on, { limit: vocabulary }));
console.log("logits", logits.shape);

let count = 0;
for (const { type } of model.parameters().values()) count += sizeOf(type.shape);
console.log("parameters", count);

// prints:
// logits [ 1, 5, 100 ]
// parameters 142784
