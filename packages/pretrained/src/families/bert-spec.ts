import type { EncoderSpec, Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { activationNames } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import { cannot, encoderOf, partOf } from "./expressible.ts";

/** What BERT, RoBERTa and ALBERT have in common, as a spec without a head. `activation` is the one of a config that names none. */
export function bertSpec(config: Config, activation: string): EncoderSpec {
  // A decoder made of BERT sees no future, which no key but these tells.
  config.only("is_decoder", false);
  config.only("add_cross_attention", false);
  config.only("position_embedding_type", "absolute");
  config.only("tie_word_embeddings", true);
  return {
    version: 1,
    kind: "encoder",
    vocabulary: config.size("vocab_size"),
    context: config.size("max_position_embeddings"),
    width: config.size("hidden_size"),
    layers: config.layers("num_hidden_layers"),
    position: { kind: "learned" },
    segments: config.size("type_vocab_size", 2),
    embeddingNorm: true,
    attention: { kind: "multi-head", heads: config.size("num_attention_heads") },
    feedForward: {
      kind: "mlp",
      hidden: config.size("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, activation),
    },
    norm: { kind: "layer-norm", epsilon: config.number("layer_norm_eps", 1e-12) },
    residual: { kind: "post-norm" },
    dropout: config.number("hidden_dropout_prob", 0.1),
  };
}

/** The keys of config.json that they have in common, but for the activation, which each calls by its own name. Throws `ConfigError` for a spec that is none of theirs. */
export function bertConfig(family: string, spec: Spec): Readonly<Record<string, Json>> {
  const encoder = postNormEncoder(family, spec);
  const { attention, feedForward, norm, vocabulary, context, width, layers, segments, dropout } = encoder;
  if (segments === 0) throw cannot(family, "segments", 0, "at least 1");
  return {
    vocab_size: vocabulary,
    max_position_embeddings: context,
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: attention["heads"]!,
    intermediate_size: feedForward["hidden"]!,
    layer_norm_eps: norm["epsilon"]!,
    hidden_dropout_prob: dropout,
    type_vocab_size: segments,
    tie_word_embeddings: true,
  };
}

/** The spec, if it is that of an encoder built as BERT is: learned positions, a norm of the embeddings, post-norm blocks with biases. Throws `ConfigError` for another. */
export function postNormEncoder(family: string, spec: Spec): EncoderSpec {
  const encoder = encoderOf(family, spec);
  const { attention, width, embeddingNorm, tokens } = encoder;
  const heads = attention["heads"] as number;
  const usual = [undefined, false];
  partOf(family, "position", encoder.position, "learned");
  partOf(family, "attention", attention, "multi-head", {
    bias: [true, undefined],
    keyValueHeads: [heads, undefined],
    headWidth: [width / heads, undefined],
    headNorm: usual,
    gate: [undefined],
    scale: [undefined],
    softCap: [undefined],
    sinks: usual,
    windows: [undefined],
  });
  partOf(family, "feedForward", encoder.feedForward, "mlp", { bias: [true, undefined] });
  partOf(family, "norm", encoder.norm, "layer-norm", { bias: [true, undefined] });
  partOf(family, "residual", encoder.residual, "post-norm", { finalNorm: usual, stochasticDepth: [undefined, 0] });
  if (!embeddingNorm) throw cannot(family, "embeddingNorm", embeddingNorm, "true");
  if (tokens?.scaled === true) throw cannot(family, "tokens.scaled", true, "false");
  return encoder;
}

/** Throws `ConfigError` for what ALBERT alone has: narrow vectors of tokens, and layers that share their parameters. */
export function refuseSharing(family: string, { tokens, layerGroups, width, layers }: EncoderSpec): void {
  if ((tokens?.width ?? width) !== width) throw cannot(family, "tokens.width", tokens!.width, "nothing");
  if ((layerGroups ?? layers) !== layers) throw cannot(family, "layerGroups", layerGroups, "nothing");
}
