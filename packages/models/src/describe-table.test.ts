import { expect, test } from "vitest";

import { assemble } from "./assemble.ts";
import { table } from "./describe-table.ts";
import { describe } from "./describe.ts";
import { gpt } from "./presets.ts";

const description = describe(assemble(gpt({ vocabulary: 65, context: 64, width: 128, layers: 1, heads: 4 })));

test("a line for each part, and the sums", () => {
  expect(`\n${table(description)}\n`).toMatchInlineSnapshot(`
    "
    path                                  part                package            its own parameters                count   memory
    (the model)                           Decoder             @tenon/models
    embedding                             InputEmbedding      @tenon/embeddings
    embedding.tokens                      TokenEmbedding      @tenon/embeddings  table [65, 128]                   8,320   33,280
    embedding.position                    LearnedPosition     @tenon/positional  table [64, 128]                   8,192   32,768
    embedding.dropout                     Dropout             @tenon/nn
    blocks                                Stack               @tenon/blocks
    blocks.0                              TransformerBlock    @tenon/blocks
    blocks.0.attention                    MultiHeadAttention  @tenon/attention
    blocks.0.attention.query              Linear              @tenon/nn          weight [128, 128], bias [128]    16,512   66,048
    blocks.0.attention.key                Linear              @tenon/nn          weight [128, 128], bias [128]    16,512   66,048
    blocks.0.attention.value              Linear              @tenon/nn          weight [128, 128], bias [128]    16,512   66,048
    blocks.0.attention.output             Linear              @tenon/nn          weight [128, 128], bias [128]    16,512   66,048
    blocks.0.attentionResidual            PreNorm             @tenon/blocks
    blocks.0.attentionResidual.norm       LayerNorm           @tenon/nn          weight [128], bias [128]            256    1,024
    blocks.0.attentionResidual.dropout    Dropout             @tenon/nn
    blocks.0.feedForward                  MLP                 @tenon/blocks
    blocks.0.feedForward.up               Linear              @tenon/nn          weight [512, 128], bias [512]    66,048  264,192
    blocks.0.feedForward.down             Linear              @tenon/nn          weight [128, 512], bias [128]    65,664  262,656
    blocks.0.feedForwardResidual          PreNorm             @tenon/blocks
    blocks.0.feedForwardResidual.norm     LayerNorm           @tenon/nn          weight [128], bias [128]            256    1,024
    blocks.0.feedForwardResidual.dropout  Dropout             @tenon/nn
    norm                                  LayerNorm           @tenon/nn          weight [128], bias [128]            256    1,024
    output                                TiedOutput          @tenon/embeddings  table = embedding.tokens.table
                                          in all              6 packages                                         215,040  860,160
    "
  `);
  expect(table(description).split("\n")).toHaveLength(description.parts.length + 2);
});

test("memory is written as told, and what stands out takes no room", () => {
  const memory = (bytes: number): string => `${bytes / 1000} kB`;
  const bold = (text: string): string => `<b>${text}</b>`;
  const plain = table(description, { memory });
  const [title, ...rest] = table(description, { memory, emphasise: bold }).split("\n");
  expect(title).toMatch(/^<b>path<\/b> +<b>part<\/b> /);
  expect(rest.at(-1)).toMatch(/<b>in all<\/b> .* <b>860\.16 kB<\/b>$/);
  expect([title, ...rest].join("\n").replaceAll(/<\/?b>/g, "")).toBe(plain);
});
