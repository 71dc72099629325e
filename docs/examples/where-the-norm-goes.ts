// The same block twice, drawn from its spec. Follow the line of the stream, from the top to the
// bottom: with pre-norm nothing stands on it, with post-norm every norm does.
import { diagram, gpt } from "@tenon/models";

const spec = gpt({ vocabulary: 65, context: 64, width: 16, layers: 1, heads: 2 });
for (const kind of ["pre-norm", "post-norm"] as const) {
  const lines = diagram({ ...spec, residual: { kind } }).text.split("\n");
  const block = lines.slice(
    lines.findIndex((line) => line.includes("1 block")),
    lines.findLastIndex((line) => line.includes("╰╌")) + 1,
  );
  console.log(`${kind}:\n${block.join("\n")}`);
}

// prints:
// pre-norm:
//                  ╭╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 1 block ╌╌╮
//                  ┆ ├──────────────────────┐                    ┆
//                  ┆ │   ┌──────────────────┴──────────────────┐ ┆
//                  ┆ │   │ LayerNorm                           │ ┆
//                  ┆ │   │ weight, bias [16]                   │ ┆
//                  ┆ │   │ 32 parameters                       │ ┆
//                  ┆ │   └──────────────────┬──────────────────┘ ┆
//                  ┆ │   ┌──────────────────┴──────────────────┐ ┆
//                  ┆ │   │ MultiHeadAttention                  │ ┆
//                  ┆ │   │ heads 2 · bias                      │ ┆
//                  ┆ │   │ query, key, value, output [16, 16]  │ ┆
//                  ┆ │   │ 1,088 parameters                    │ ┆
//                  ┆ │   └──────────────────┬──────────────────┘ ┆
//                  ┆ ⊕──────────────────────┘                    ┆
//                  ┆ ├──────────────────────┐                    ┆
//                  ┆ │   ┌──────────────────┴──────────────────┐ ┆
//                  ┆ │   │ LayerNorm                           │ ┆
//                  ┆ │   │ weight, bias [16]                   │ ┆
//                  ┆ │   │ 32 parameters                       │ ┆
//                  ┆ │   └──────────────────┬──────────────────┘ ┆
//                  ┆ │   ┌──────────────────┴──────────────────┐ ┆
//                  ┆ │   │ MLP                                 │ ┆
//                  ┆ │   │ hidden 64 · gelu-tanh · bias        │ ┆
//                  ┆ │   │ up [64, 16] · down [16, 64]         │ ┆
//                  ┆ │   │ 2,128 parameters                    │ ┆
//                  ┆ │   └──────────────────┬──────────────────┘ ┆
//                  ┆ ⊕──────────────────────┘                    ┆
//                  ╰╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
// post-norm:
// ╭╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 1 block ╌╌╮
// ┆                    ├──────────────────────┐                    ┆
// ┆                    │   ┌──────────────────┴──────────────────┐ ┆
// ┆                    │   │ MultiHeadAttention                  │ ┆
// ┆                    │   │ heads 2 · bias                      │ ┆
// ┆                    │   │ query, key, value, output [16, 16]  │ ┆
// ┆                    │   │ 1,088 parameters                    │ ┆
// ┆                    │   └──────────────────┬──────────────────┘ ┆
// ┆                    ⊕──────────────────────┘                    ┆
// ┆ ┌──────────────────┴──────────────────┐                        ┆
// ┆ │ LayerNorm                           │                        ┆
// ┆ │ weight, bias [16]                   │                        ┆
// ┆ │ 32 parameters                       │                        ┆
// ┆ └──────────────────┬──────────────────┘                        ┆
// ┆                    ├──────────────────────┐                    ┆
// ┆                    │   ┌──────────────────┴──────────────────┐ ┆
// ┆                    │   │ MLP                                 │ ┆
// ┆                    │   │ hidden 64 · gelu-tanh · bias        │ ┆
// ┆                    │   │ up [64, 16] · down [16, 64]         │ ┆
// ┆                    │   │ 2,128 parameters                    │ ┆
// ┆                    │   └──────────────────┬──────────────────┘ ┆
// ┆                    ⊕──────────────────────┘                    ┆
// ┆ ┌──────────────────┴──────────────────┐                        ┆
// ┆ │ LayerNorm                           │                        ┆
// ┆ │ weight, bias [16]                   │                        ┆
// ┆ │ 32 parameters                       │                        ┆
// ┆ └──────────────────┬──────────────────┘                        ┆
// ╰╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
