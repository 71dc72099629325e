// Every part has named points at which a forward pass can be read and changed.
import { assemble, gpt } from "@tenon/models";
import { trace, patch } from "@tenon/nn";
import { cpu, ids, mul } from "@tenon/tensor";

const on = cpu();
const model = await assemble(gpt({ vocabulary: 50, context: 16, width: 32, layers: 2, heads: 4 }), { seed: 7 }).to(on);
const text = ids([3, 1, 4, 1, 5], [1, 5], on, { limit: 50 });

// Read: what each head of each layer looks at, [b, h, t, s].
const { output, taps } = trace(model, ["blocks.*.attention.pattern"], () => model.forward(text));
for (const [name, [pattern]] of Object.entries(taps)) console.log(name, pattern!.shape);

const pattern = [...(await taps["blocks.1.attention.pattern"]![0]!.read())];
const row = pattern.slice(3 * 5, 4 * 5); // the first head, from the fourth position
console.log(row.map((weight) => weight.toFixed(2)).join(" + "), "=", row.reduce((a, b) => a + b).toFixed(2));

// Change: the same forward pass with one attention silenced.
const silent = patch(model, { "blocks.0.attentionResidual.added": (x) => mul(x, 0) }, () => model.forward(text));
const [before, after] = [await output.read(), await silent.read()];
const moves = [...after].map((logit, i) => Math.abs(logit - before[i]!));
console.log("without the first attention, logits move by up to", Math.max(...moves).toFixed(2));

// prints:
// blocks.0.attention.pattern [ 1, 4, 5, 5 ]
// blocks.1.attention.pattern [ 1, 4, 5, 5 ]
// 0.15 + 0.19 + 0.14 + 0.52 + 0.00 = 1.00
// without the first attention, logits move by up to 0.45
