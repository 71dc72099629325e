// The example of the README: a decoder of one's own from five packages, in fifteen lines after the imports.
import { causal, MultiHeadAttention } from "@tenon/attention";
import { GatedMLP, PreNorm, Stack, TransformerBlock } from "@tenon/blocks";
import { TiedOutput, TokenEmbedding } from "@tenon/embeddings";
import { RMSNorm } from "@tenon/nn";
import { RotaryPosition } from "@tenon/positional";
import { cpu, ids, random } from "@tenon/tensor";

const [on, seed, width] = [cpu(), random(7), 64];
const tokens = await new TokenEmbedding({ vocabulary: 100, width, random: seed.fork("tokens") }).to(on);
const position = new RotaryPosition({ width: width / 4 });
const blocks = await new Stack(3, (layer) => {
  const random = seed.fork(layer);
  const attention = new MultiHeadAttention({ width, heads: 4, keyValueHeads: 2, position, random });
  const feedForward = new GatedMLP({ width, hidden: 172, random });
  return new TransformerBlock({ attention, feedForward, residual: () => new PreNorm({ norm: new RMSNorm(width) }) });
}).to(on);
const norm = await new RMSNorm(width).to(on);

const x = tokens.forward(ids([3, 1, 4, 1, 5], [1, 5], on, { limit: 100 }));
const logits = new TiedOutput(tokens).forward(norm.forward(blocks.forward(x, { mask: causal() })));
console.log(logits.shape);

// prints:
// [ 1, 5, 100 ]
