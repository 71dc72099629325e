// What a model is made of, counted by part: the parameters of published shapes, none of which is drawn, and the work of a forward pass, none of which is done.
import { TransformerBlock } from "@tenon/blocks";
import { assemble, Decoder, describe, gpt, llama, type DecoderSpec } from "@tenon/models";
import { cpu, dryRun, scoped, zeros } from "@tenon/tensor";

const gpt2 = gpt({ vocabulary: 50257, context: 1024, width: 768, layers: 12, heads: 12 });
const llama2 = llama({ vocabulary: 32000, context: 4096, width: 4096, layers: 32, heads: 32, hidden: 11008 });
const mixtral: DecoderSpec = {
  ...llama({ vocabulary: 32000, context: 4096, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, hidden: 14336 }),
  feedForward: { kind: "mixture", experts: 8, expertsPerToken: 2, hidden: 14336 },
};
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)} %`;

for (const [name, spec] of Object.entries({ "GPT-2": gpt2, "Llama 2 7B": llama2, "Mixtral 8x7B": mixtral })) {
  const { parts, count } = describe(assemble(spec));
  const under = (path: RegExp): number =>
    parts.filter((part) => path.test(part.path)).reduce((sum, part) => sum + part.count, 0);
  const attention = percent(under(/^blocks\.\d+\.attention(\.|$)/), count);
  const feedForward = percent(under(/^blocks\.\d+\.feedForward(\.|$)/), count);
  console.log(`${name}: ${(count / 1e9).toFixed(2)} billion, attention ${attention}, feed-forward ${feedForward}`);
  const idle = (6 / 8) * under(/\.experts(\.|$)/); // a token passes two experts of eight
  if (idle > 0) console.log(`  of which a token meets ${((count - idle) / 1e9).toFixed(2)} billion`);
}

// The work of GPT-2 on a text of t tokens, asked of a backend that computes nothing and counts what it would have to.
const on = dryRun({ like: cpu() });
const model = await assemble(gpt2).to(on);
if (!(model instanceof Decoder)) throw new Error("this spec should describe a decoder");
function flopsOf(body: () => unknown): number {
  const before = on.report().flops;
  scoped(() => void body());
  return on.report().flops - before;
}
for (const t of [128, 1024]) {
  const all = flopsOf(() => model.forward(zeros([1, t], on, "i32")));
  const x = zeros([1, t, 768], on);
  const feedForward = flopsOf(() => {
    for (const block of model.blocks) if (block instanceof TransformerBlock) block.feedForward.forward(x);
  });
  const output = flopsOf(() => model.logits(x));
  console.log(
    `t ${t}: ${(all / 1e9).toFixed(0)} GFLOP, feed-forward ${percent(feedForward, all)}, output ${percent(output, all)}`,
  );
}

// prints:
// GPT-2: 0.12 billion, attention 23 %, feed-forward 46 %
// Llama 2 7B: 6.74 billion, attention 32 %, feed-forward 64 %
// Mixtral 8x7B: 46.70 billion, attention 3 %, feed-forward 97 %
//   of which a token meets 12.88 billion
// t 128: 32 GFLOP, feed-forward 45 %, output 31 %
// t 1024: 293 GFLOP, feed-forward 40 %, output 27 %
