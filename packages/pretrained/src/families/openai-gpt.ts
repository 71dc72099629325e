import type { ActivationName } from "@tenon/nn";

import { renamed } from "../names/name-rule.ts";
import { cannot, decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { gpt2, gptBlocks, gptConfig } from "./gpt2.ts";
import { tiedOutput } from "./plain-decoder.ts";

/** This family has names of its own: its "gelu" is the form by tanh. */
const activations: Readonly<Record<string, ActivationName>> = {
  gelu: "gelu-tanh",
  relu: "relu",
  silu: "silu",
  swish: "silu",
};

/**
 * The first GPT: GPT-2 whose norms stand after each sum, so that none is needed at the end.
 *
 * Radford et al. 2018, "Improving language understanding by generative pre-training".
 */
export const openaiGPT: Family = {
  type: "openai-gpt",
  architectures: ["OpenAIGPTLMHeadModel"],
  base: "transformer.",
  computed: [/\.attn\.bias$/, /^(transformer\.)?position_ids$/],
  spec(config, _, holds) {
    const spec = gpt2.spec(
      config.with({ activation_function: null, n_inner: null, n_positions: config.size("n_positions", 512) }),
      "GPT2LMHeadModel",
      holds,
    );
    const decoder = decoderOf("openai-gpt", spec);
    return {
      ...decoder,
      feedForward: { ...decoder.feedForward, activation: config.choice("afn", activations, "gelu") },
      residual: { kind: "post-norm" },
    };
  },
  config(spec) {
    const decoder = decoderOf("openai-gpt", spec);
    partOf("openai-gpt", "residual", decoder.residual, "post-norm", { finalNorm: [false, undefined] });
    const { n_inner, ...config } = gptConfig("openai-gpt", decoder);
    if (n_inner !== null) throw cannot("openai-gpt", "feedForward.hidden", n_inner, "four times the width");
    const act = decoder.feedForward["activation"]!;
    const afn = Object.entries(activations).find(([, ours]) => ours === act)?.[0];
    if (afn === undefined) throw cannot("openai-gpt", "feedForward.activation", act, "gelu-tanh, relu or silu");
    return { ...config, afn };
  },
  names: () => [
    ...renamed({
      "embedding.tokens.table": "transformer.tokens_embed.weight",
      "embedding.position.table": "transformer.positions_embed.weight",
      "output.weight": "lm_head.weight",
    }),
    ...gptBlocks,
  ],
  repeated: tiedOutput("lm_head.weight", "transformer.tokens_embed.weight"),
};
