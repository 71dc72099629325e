// From GPT to GPT-3: the published shapes as specs, and their parameters, counted without a number being drawn.
import { assemble, describe, gpt, gpt3, type DecoderSpec } from "@tenon/models";

const gpt1: DecoderSpec = {
  ...gpt({ vocabulary: 40478, context: 512, width: 768, layers: 12, heads: 12 }),
  residual: { kind: "post-norm" }, // the norms after each sublayer; GPT-2 moved them
};
const second = { vocabulary: 50257, context: 1024 };
const third = { vocabulary: 50257, context: 2048 };
const family: Record<string, DecoderSpec> = {
  "GPT, 2018": gpt1,
  "GPT-2, 2019": gpt({ ...second, width: 768, layers: 12, heads: 12 }),
  "GPT-2 XL": gpt({ ...second, width: 1600, layers: 48, heads: 25 }),
  "GPT-3 small, 2020": gpt3({ ...third, width: 768, layers: 12, heads: 12 }),
  "GPT-3": gpt3({ ...third, width: 12288, layers: 96, heads: 96 }),
};
for (const [name, spec] of Object.entries(family))
  console.log(name.padEnd(18), describe(assemble(spec)).count.toLocaleString("en").padStart(16));

// prints:
// GPT, 2018               116,534,784
// GPT-2, 2019             124,439,808
// GPT-2 XL              1,557,611,200
// GPT-3 small, 2020       125,226,240
// GPT-3               174,604,259,328
