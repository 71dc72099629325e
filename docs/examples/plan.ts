// How large is GPT-2, and what would one training step of it take? Asked of a backend that computes nothing.
import { assemble, Decoder, gpt } from "@tenon/models";
import { valueAndGrad } from "@tenon/nn";
import { cpu, crossEntropy, dryRun, reshape, scoped, zeros } from "@tenon/tensor";

const [vocabulary, context, batch] = [50257, 1024, 4];
const on = dryRun({ like: cpu() }); // counts the kernels that cpu has as one op each
const model = await assemble(gpt({ vocabulary, context, width: 768, layers: 12, heads: 12 })).to(on);
if (!(model instanceof Decoder)) throw new Error("this spec should describe a decoder");
console.log(on.report().variables.elements.toLocaleString("en"), "parameters, none of which was drawn");

const ids = zeros([batch, context], on, "i32");
const targets = zeros([batch * context], on, "i32");
const logits = scoped(() => model.forward(ids));
console.log("logits", logits.shape, "after", (on.report().flops / 1e9).toFixed(0), "GFLOP");
logits[Symbol.dispose]();

const before = on.report().flops;
const { value, gradients } = valueAndGrad(model, () =>
  crossEntropy(reshape(model.forward(ids), [batch * context, vocabulary]), targets),
);
const { flops, peakBytes, rows } = on.report();
console.log(
  "one step:",
  ((flops - before) / 1e12).toFixed(1),
  "TFLOP,",
  (peakBytes / 2 ** 30).toFixed(1),
  "GiB at its peak",
);
console.log(
  "most of it in",
  rows
    .slice(0, 3)
    .map(({ op }) => op)
    .join(", "),
);
for (const tensor of [value, ...gradients.values()]) tensor[Symbol.dispose]();

// prints:
// 124,439,808 parameters, none of which was drawn
// logits [ 4, 1024, 50257 ] after 1170 GFLOP
// one step: 3.6 TFLOP, 5.9 GiB at its peak
// most of it in linear, matmul, attentionGradient
