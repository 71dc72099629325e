import { decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { llamaConfig, llamaNames, llamaSpec, rotaryTables, tiedLlama } from "./llama.ts";
import { slidingConfig, slidingWindow } from "./mistral.ts";
import { stacked } from "../names/layout.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";

/**
 * Mixtral: Mistral whose feed-forward part is a mixture of gated experts, of which each token passes a few.
 *
 * Jiang et al. 2024, "Mixtral of experts".
 */
export const mixtral: Family = {
  type: "mixtral",
  architectures: ["MixtralForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config) {
    const told = config.defaults({
      max_position_embeddings: 131072,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-5,
      rope_theta: 1e6,
    });
    const { feedForward, ...spec } = llamaSpec(told, { bias: false, ...slidingWindow(told) });
    return {
      ...spec,
      feedForward: {
        kind: "mixture",
        experts: config.size("num_local_experts", 8),
        expertsPerToken: config.size("num_experts_per_tok", 2),
        hidden: feedForward["hidden"]!,
        activation: feedForward["activation"]!,
        // Of one expert per token, too: its weight is 1.
        softmax: "selected",
      },
    };
  },
  config(spec) {
    const decoder = decoderOf("mixtral", spec);
    const { feedForward } = decoder;
    const softmax = feedForward["expertsPerToken"] === 1 ? ["selected"] : ["selected", undefined];
    partOf("mixtral", "feedForward", feedForward, "mixture", { shared: [undefined], softmax });
    const config = llamaConfig("mixtral", {
      ...decoder,
      feedForward: { ...feedForward, kind: "gated-mlp" },
    });
    return {
      ...config,
      ...slidingConfig("mixtral", decoder),
      num_local_experts: feedForward["experts"]!,
      num_experts_per_tok: feedForward["expertsPerToken"]!,
    };
  },
  names: () => [...llamaNames, ...experts],
  repeated: tiedLlama,
};

const at = "model.layers.{layer}.block_sparse_moe";
const experts: readonly NameRule[] = [
  ...renamed({ "blocks.{layer}.feedForward.router.weight": `${at}.gate.weight` }),
  ...renamed(
    {
      "blocks.{layer}.feedForward.experts.gate": `${at}.experts.{expert}.w1.weight`,
      "blocks.{layer}.feedForward.experts.up": `${at}.experts.{expert}.w3.weight`,
      "blocks.{layer}.feedForward.experts.down": `${at}.experts.{expert}.w2.weight`,
    },
    stacked,
  ),
];
