// The block of an encoder, computed by hand and as it is composed; then what it is that each position can see.
import { causal, MultiHeadAttention, padding, type Mask } from "@tenon/attention";
import { MLP, PostNorm, TransformerBlock } from "@tenon/blocks";
import { LayerNorm } from "@tenon/nn";
import { abs, add, cpu, gelu, max, random, slice, sub, tensor, type Tensor } from "@tenon/tensor";

const [on, seed, width, t] = [cpu(), random(7), 16, 5];
const attention = new MultiHeadAttention({ width, heads: 4, random: seed.fork("attention") });
const feedForward = new MLP({ width, hidden: 4 * width, activation: gelu, random: seed.fork("feedForward") });
const norms = [new LayerNorm(width), new LayerNorm(width)] as const;
const place = { attention: 0, feedForward: 1 } as const;
const residual = (sublayer: "attention" | "feedForward") => new PostNorm({ norm: norms[place[sublayer]] });
const block = await new TransformerBlock({ attention, feedForward, residual }).to(on);

const numbers = Float32Array.from({ length: t * width }, () => seed.normal());
const x = tensor(numbers, [1, t, width], on);
const y = block.forward(x);

const m = norms[0].forward(add(x, attention.forward(x)));
const byHand = norms[1].forward(add(m, feedForward.forward(m)));
const largest = async (difference: Tensor): Promise<string> => (await max(abs(difference)).read())[0]!.toFixed(2);
console.log("by hand and composed differ by", await largest(sub(byHand, y)));

// Another vector at the last position: does it reach the first?
const changed = tensor(numbers.with(numbers.length - 1, 9), [1, t, width], on);
const lengths = tensor([t - 1], [1], on, "i32"); // the last position is padding
const masks: Record<string, Mask | undefined> = { "no mask": undefined, causal: causal(), padding: padding(lengths) };
for (const [name, mask] of Object.entries(masks)) {
  const [before, after] = [x, changed].map((each) => slice(block.forward(each, { mask }), 1, 0, 1)) as [Tensor, Tensor];
  console.log(`${name}: the first vector moves by`, await largest(sub(after, before)));
}

// prints:
// by hand and composed differ by 0.00
// no mask: the first vector moves by 1.48
// causal: the first vector moves by 0.00
// padding: the first vector moves by 0.00
