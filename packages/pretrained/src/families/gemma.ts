import { windowsOf } from "../config/layer-windows.ts";
import { decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { gemmaConfig, gemmaNames, gemmaSpec, sandwichConfig, sandwichNames, sandwichSpec } from "./gemma-spec.ts";
import { rotaryTables, tiedLlama } from "./llama.ts";
import { attentionOf, plainEnds } from "./plain-decoder.ts";

/**
 * Gemma: Llama with scaled embeddings, norms whose weight is what is added to 1, and GeGLU.
 *
 * Gemma team 2024, "Gemma: Open models based on Gemini research and technology".
 */
export const gemma: Family = {
  type: "gemma",
  architectures: ["GemmaForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config) {
    const told = config.defaults({ num_key_value_heads: 16 });
    if (told.has("hidden_activation")) return gemmaSpec(told, "hidden_activation");
    // The first checkpoints say "gelu" and mean the form by tanh, with which they were trained.
    const meant = told.values["hidden_act"] === "gelu" ? told.with({ hidden_act: "gelu_pytorch_tanh" }) : told;
    return gemmaSpec(meant, "hidden_act");
  },
  config(spec) {
    const decoder = decoderOf("gemma", spec);
    partOf("gemma", "position", decoder.position, "rotary", { local: [undefined] });
    partOf("gemma", "residual", decoder.residual, "pre-norm", { finalNorm: [true, undefined] });
    attentionOf("gemma", decoder, { bias: [true, false] });
    plainEnds("gemma", { logits: decoder.logits });
    const { hidden_activation, ...config } = gemmaConfig("gemma", decoder);
    return { ...config, hidden_act: hidden_activation! };
  },
  names: () => gemmaNames,
  repeated: tiedLlama,
};

/**
 * Gemma 2: norms before and after each sublayer, capped scores and logits, every other layer looks back only so far.
 *
 * Gemma team 2024, "Gemma 2: Improving open language models at a practical size".
 */
export const gemma2: Family = {
  type: "gemma2",
  architectures: ["Gemma2ForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config) {
    const told = config.defaults({
      num_key_value_heads: 4,
      sliding_window: 4096,
      attn_logit_softcapping: 50,
      final_logit_softcapping: 30,
    });
    return sandwichSpec(
      told,
      windowsOf(told, (layer) => layer % 2 === 0),
    );
  },
  config(spec) {
    const decoder = decoderOf("gemma2", spec);
    partOf("gemma2", "position", decoder.position, "rotary", { local: [undefined] });
    return sandwichConfig("gemma2", decoder, [undefined, false]);
  },
  names: () => sandwichNames,
  repeated: tiedLlama,
};
