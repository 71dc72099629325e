// A whole model from data: a spec is JSON, so it can be kept in a file, edited, and sent around.
import { assemble, Decoder, describe, gpt } from "@tenon/models";
import { generate } from "@tenon/sampling";
import { cpu } from "@tenon/tensor";

const preset = gpt({ vocabulary: 50, context: 32, width: 32, layers: 2, heads: 4 });
const json = JSON.stringify({ ...preset, position: { kind: "rotary" }, tied: false });

const model = await assemble(JSON.parse(json), { seed: 7 }).to(cpu());
if (!(model instanceof Decoder)) throw new Error("this spec should describe a decoder"); // a spec may describe either
const { count, packages } = describe(model);
console.log(count, "parameters, of parts from", packages.join(", "));

// Greedily, which is the default. Nothing was trained yet, so it babbles; the same seed babbles the same.
const prompt = [3, 1, 4];
for await (const { id } of generate(model, prompt, { maxTokens: 8 })) prompt.push(id);
console.log(prompt.join(" "));

// prints:
// 28672 parameters, of parts from @tenon/models, @tenon/embeddings, @tenon/nn, @tenon/blocks, @tenon/attention, @tenon/positional
// 3 1 4 37 36 20 36 36 47 28 47
