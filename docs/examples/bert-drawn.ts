// BERT as it was published: how it is wired, and how many parameters it has. None of them is drawn.
import { assemble, bert, describe, diagram } from "@tenon/models";

const [vocabulary, context, head] = [30522, 512, { kind: "pooler" }] as const;
const base = { ...bert({ vocabulary, context, width: 768, layers: 12, heads: 12 }), head };
const large = { ...bert({ vocabulary, context, width: 1024, layers: 24, heads: 16 }), head };

console.log(diagram(assemble(base)).text);
for (const [name, spec] of Object.entries({ base, large }))
  console.log(`BERT ${name}: ${describe(assemble(spec)).count.toLocaleString("en")} parameters`);

// prints:
//                  ids [b, t]
//   ┌───────────────────┴───────────────────┐
//   │ TokenEmbedding                        │
//   │ table [30522, 768]                    │
//   │ 23,440,896 parameters                 │
//   └───────────────────┬───────────────────┘
//                       │   ┌───────────────────────────────────────┐
//                       │   │ LearnedPosition                       │
//                       ⊕───┤ table [512, 768]                      │
//                       │   │ 393,216 parameters                    │
//                       │   └───────────────────────────────────────┘
//                       │   ┌───────────────────────────────────────┐
//                       │   │ SegmentEmbedding                      │
//                       ⊕───┤ table [2, 768]                        │
//                       │   │ 1,536 parameters                      │
//                       │   └───────────────────────────────────────┘
//   ┌───────────────────┴───────────────────┐
//   │ LayerNorm                             │
//   │ weight, bias [768]                    │
//   │ 1,536 parameters                      │
//   └───────────────────┬───────────────────┘
//                  [b, t, 768]
// ╭╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 12 blocks ╌╌╮
// ┆                     ├───────────────────────┐                     ┆
// ┆                     │   ┌───────────────────┴───────────────────┐ ┆
// ┆                     │   │ MultiHeadAttention                    │ ┆
// ┆                     │   │ heads 12 · bias                       │ ┆
// ┆                     │   │ query, key, value, output [768, 768]  │ ┆
// ┆                     │   │ 2,362,368 parameters                  │ ┆
// ┆                     │   └───────────────────┬───────────────────┘ ┆
// ┆                     ⊕───────────────────────┘                     ┆
// ┆ ┌───────────────────┴───────────────────┐                         ┆
// ┆ │ LayerNorm                             │                         ┆
// ┆ │ weight, bias [768]                    │                         ┆
// ┆ │ 1,536 parameters                      │                         ┆
// ┆ └───────────────────┬───────────────────┘                         ┆
// ┆                     ├───────────────────────┐                     ┆
// ┆                     │   ┌───────────────────┴───────────────────┐ ┆
// ┆                     │   │ MLP                                   │ ┆
// ┆                     │   │ hidden 3072 · gelu · bias             │ ┆
// ┆                     │   │ up [3072, 768] · down [768, 3072]     │ ┆
// ┆                     │   │ 4,722,432 parameters                  │ ┆
// ┆                     │   └───────────────────┬───────────────────┘ ┆
// ┆                     ⊕───────────────────────┘                     ┆
// ┆ ┌───────────────────┴───────────────────┐                         ┆
// ┆ │ LayerNorm                             │                         ┆
// ┆ │ weight, bias [768]                    │                         ┆
// ┆ │ 1,536 parameters                      │                         ┆
// ┆ └───────────────────┬───────────────────┘                         ┆
// ╰╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
//   ┌───────────────────┴───────────────────┐
//   │ Pooler                                │
//   │ tanh                                  │
//   │ transform [768, 768]                  │
//   │ 590,592 parameters                    │
//   └───────────────────┬───────────────────┘
//                   [b, 768]
// BERT base: 109,482,240 parameters
// BERT large: 335,141,888 parameters
