import { decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { llamaConfig, llamaNames, llamaSpec, tiedOutput } from "./llama.ts";
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
  spec(config) {
    const { feedForward, ...spec } = llamaSpec(config, { bias: false, ...slidingWindow(config) });
    return {
      ...spec,
      feedForward: {
        kind: "mixture",
        experts: config.size("num_local_experts", 8),
        expertsPerToken: config.size("num_experts_per_tok", 2),
        hidden: feedForward["hidden"]!,
        activation: feedForward["activation"]!,
      },
    };
  },
  config(spec) {
    const decoder = decoderOf("mixtral", spec);
    const { feedForward } = decoder;
    partOf("mixtral", "feedForward", feedForward, "mixture", { shared: [undefined], softmax: [undefined, "selected"] });
    const config = llamaConfig("mixtral", {
      ...decoder,
      feedForward: { ...feedForward, kind: "gated-mlp" },
    });
    return {
      ...config,
      ...slidingConfig("mixtral", spec),
      num_local_experts: feedForward["experts"]!,
      num_experts_per_tok: feedForward["expertsPerToken"]!,
    };
  },
  names: () => [...llamaNames, ...experts],
  repeated: tiedOutput,
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
