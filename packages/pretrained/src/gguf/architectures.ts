import { renamed, type NameRule } from "../names/name-rule.ts";

/** A model as GGUF knows it, and whose relative it is. */
export interface GgufArchitecture {
  /** The `type` of the family that has the same parts. */
  readonly family: string;
  /** The class of Hugging Face that it is the counterpart of. */
  readonly architecture: string;
  /**
   * Are the rows of queries and keys in another order than in Hugging Face's checkpoints? llama.cpp rotates neighbours in a head, (0, 1), (2, 3) …, where Hugging
   * Face rotates halves, (0, k / 2), (1, k / 2 + 1) …; for Llama the file's rows are reordered to that, for the others they are not.
   */
  readonly interleaved: boolean;
}

/** By `general.architecture`. Mistral's files say "llama". */
export const ggufArchitectures: Readonly<Record<string, GgufArchitecture>> = {
  llama: { family: "llama", architecture: "LlamaForCausalLM", interleaved: true },
  qwen2: { family: "qwen2", architecture: "Qwen2ForCausalLM", interleaved: false },
  qwen3: { family: "qwen3", architecture: "Qwen3ForCausalLM", interleaved: false },
};

const block = "blk.{layer}";
/** What GGUF calls the parameters of these models. */
export const ggufNames: readonly NameRule[] = renamed({
  "embedding.tokens.table": "token_embd.weight",
  "blocks.{layer}.attention.query.weight": `${block}.attn_q.weight`,
  "blocks.{layer}.attention.query.bias": `${block}.attn_q.bias`,
  "blocks.{layer}.attention.key.weight": `${block}.attn_k.weight`,
  "blocks.{layer}.attention.key.bias": `${block}.attn_k.bias`,
  "blocks.{layer}.attention.value.weight": `${block}.attn_v.weight`,
  "blocks.{layer}.attention.value.bias": `${block}.attn_v.bias`,
  "blocks.{layer}.attention.output.weight": `${block}.attn_output.weight`,
  "blocks.{layer}.attention.output.bias": `${block}.attn_output.bias`,
  "blocks.{layer}.attention.queryNorm.weight": `${block}.attn_q_norm.weight`,
  "blocks.{layer}.attention.keyNorm.weight": `${block}.attn_k_norm.weight`,
  "blocks.{layer}.attentionResidual.norm.weight": `${block}.attn_norm.weight`,
  "blocks.{layer}.feedForward.gate.weight": `${block}.ffn_gate.weight`,
  "blocks.{layer}.feedForward.gate.bias": `${block}.ffn_gate.bias`,
  "blocks.{layer}.feedForward.up.weight": `${block}.ffn_up.weight`,
  "blocks.{layer}.feedForward.up.bias": `${block}.ffn_up.bias`,
  "blocks.{layer}.feedForward.down.weight": `${block}.ffn_down.weight`,
  "blocks.{layer}.feedForward.down.bias": `${block}.ffn_down.bias`,
  "blocks.{layer}.feedForwardResidual.norm.weight": `${block}.ffn_norm.weight`,
  "norm.weight": "output_norm.weight",
  "output.weight": "output.weight",
});

/** What the frequencies of a rotation are divided by: part of the model's description, which GGUF keeps as a tensor. */
export const frequencyFactors = "rope_freqs.weight";
