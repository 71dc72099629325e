import type { EncoderDecoderSpec, LogitsSpec, SideSpec, Spec, TargetSideSpec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import { asRow } from "../names/layout.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { cannot, encoderDecoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";

/**
 * BART: post-norm blocks, learned positions of which the first two rows stand for nothing, a norm of the embeddings, one table for source, target and output.
 * Checkpoints that were saved without their head, as the first ones were, have no bias of the logits.
 *
 * Lewis et al. 2019, "BART: Denoising sequence-to-sequence pre-training for natural language generation, translation, and comprehension".
 */
export const bart: Family = {
  type: "bart",
  architectures: ["BartForConditionalGeneration", "BartModel"],
  base: "model.",
  computed: [/^(model\.)?(encoder|decoder)\.version$/],

  spec: (config, _, holds): EncoderDecoderSpec => ({
    ...bartSpec(config, holds, { position: { kind: "learned", reserved: 2 }, embeddingNorm: true }),
    vocabulary: config.size("vocab_size"),
  }),
  config(spec) {
    const { encoder, decoder, sourceVocabulary } = encoderDecoderOf("bart", spec);
    for (const [side, { position, embeddingNorm }] of Object.entries({ encoder, decoder })) {
      partOf("bart", `${side}.position`, position, "learned", { reserved: [2] });
      if (!embeddingNorm) throw cannot("bart", `${side}.embeddingNorm`, embeddingNorm, "true");
    }
    if (sourceVocabulary !== undefined) throw cannot("bart", "sourceVocabulary", sourceVocabulary, "nothing");
    return bartConfig("bart", spec);
  },
  names: () => [
    ...bartNames,
    ...renamed({
      "encoder.embedding.tokens.table": "model.shared.weight",
      "encoder.embedding.tokens.tokens.table": "model.shared.weight",
      "encoder.embedding.position.table": "model.encoder.embed_positions.weight",
      "decoder.embedding.position.table": "model.decoder.embed_positions.weight",
    }),
  ],
  repeated: () => sharedTable,
};

/** What BART and its relatives have in common, as a spec; `own` is what each has of its own on both sides. */
export function bartSpec(
  config: Config,
  holds: (tensor: string) => boolean,
  own: Pick<SideSpec, "position" | "embeddingNorm">,
): Omit<EncoderDecoderSpec, "vocabulary"> {
  config.only("normalize_before", false);
  config.only("tie_word_embeddings", true);
  const side = (name: "encoder" | "decoder"): SideSpec => ({
    ...own,
    context: config.size("max_position_embeddings", 1024),
    layers: config.size(`${name}_layers`, 12),
    attention: { kind: "multi-head", heads: config.size(`${name}_attention_heads`, 16), bias: true },
    feedForward: {
      kind: "mlp",
      hidden: config.size(`${name}_ffn_dim`, 4096),
      activation: config.choice("activation_function", activationNames, "gelu"),
      bias: true,
    },
    norm: { kind: "layer-norm", epsilon: 1e-5 },
    residual: { kind: "post-norm" },
  });
  const decoder = side("decoder");
  const logits: LogitsSpec = { bias: true };
  return {
    version: 1,
    kind: "encoder-decoder",
    width: config.size("d_model", 1024),
    ...(config.flag("scale_embedding", false) && { tokens: { scaled: true } }),
    encoder: side("encoder"),
    decoder: { ...decoder, crossAttention: decoder.attention },
    dropout: 0,
    tied: true,
    ...(holds("final_logits_bias") && { logits }),
  };
}

/** The keys of config.json that BART and its relatives have in common. Throws `ConfigError` for a spec that is none of theirs. */
export function bartConfig(family: string, spec: Spec): Readonly<Record<string, Json>> {
  const { vocabulary, width, encoder, decoder, tokens = {}, tied, logits = {} } = encoderDecoderOf(family, spec);
  for (const [side, parts] of Object.entries({ encoder, decoder })) expectSide(family, side, parts);
  partOf(family, "decoder.crossAttention", decoder.crossAttention, "multi-head", {
    ...plain,
    heads: [decoder.attention["heads"]],
    headWidth: [undefined, width / (decoder.attention["heads"] as number)],
    keyValueHeads: [undefined, decoder.attention["heads"]],
  });
  for (const [key, ours, theirs] of [
    ["context", decoder.context, encoder.context],
    ["feedForward.activation", decoder.feedForward["activation"]!, encoder.feedForward["activation"]!],
  ] as const)
    if (ours !== theirs) throw cannot(family, `decoder.${key}`, ours, `that of the encoder, ${JSON.stringify(theirs)}`);
  if (!tied) throw cannot(family, "tied", tied, "true");
  if (tokens.width !== undefined) throw cannot(family, "tokens.width", tokens.width, "nothing");
  for (const key of ["scale", "softCap"] as const)
    if (logits[key] !== undefined) throw cannot(family, `logits.${key}`, logits[key], "nothing");
  const each = (name: "encoder" | "decoder", { layers, attention, feedForward }: SideSpec): Record<string, Json> => ({
    [`${name}_layers`]: layers,
    [`${name}_attention_heads`]: attention["heads"]!,
    [`${name}_ffn_dim`]: feedForward["hidden"]!,
  });
  return {
    vocab_size: vocabulary,
    d_model: width,
    max_position_embeddings: encoder.context,
    ...each("encoder", encoder),
    ...each("decoder", decoder),
    activation_function: nameOfActivation(family, encoder.feedForward["activation"] as string, "gelu_new"),
    scale_embedding: tokens.scaled === true,
    tie_word_embeddings: true,
    is_encoder_decoder: true,
  };
}

/** Options of attention, and their only values. */
const plain = {
  bias: [true, undefined],
  scale: [undefined],
  softCap: [undefined],
  gate: [undefined],
  headNorm: [undefined, false],
  sinks: [undefined, false],
};

function expectSide(family: string, side: string, parts: SideSpec | TargetSideSpec): void {
  const { attention, feedForward, norm, residual } = parts;
  const heads = attention["heads"];
  partOf(family, `${side}.attention`, attention, "multi-head", {
    ...plain,
    windows: [undefined],
    headWidth: [undefined],
    keyValueHeads: [undefined, heads],
  });
  partOf(family, `${side}.feedForward`, feedForward, "mlp", { bias: [true, undefined] });
  partOf(family, `${side}.norm`, norm, "layer-norm", { bias: [true, undefined], epsilon: [1e-5, undefined] });
  partOf(family, `${side}.residual`, residual, "post-norm", { finalNorm: [false, undefined] });
}

/** Names under which a checkpoint may hold the shared table once more. */
export const sharedTable: Readonly<Record<string, string>> = Object.fromEntries(
  ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"].map((copy) => [
    copy,
    "model.shared.weight",
  ]),
);

/** Both a weight and a bias. */
const both = (names: Readonly<Record<string, string>>): NameRule[] =>
  ["weight", "bias"].flatMap((name) =>
    renamed(
      Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [`${ours}.${name}`, `${theirs}.${name}`])),
    ),
  );

const projections = { query: "q_proj", key: "k_proj", value: "v_proj", output: "out_proj" };

function sideNames(side: string): NameRule[] {
  const [ours, theirs] = [`${side}.blocks.{layer}`, `model.${side}.layers.{layer}`];
  const attention = (name: string, called: string): NameRule[] => [
    ...Object.entries(projections).flatMap(([part, projection]) =>
      both({ [`${ours}.${name}.${part}`]: `${theirs}.${called}.${projection}` }),
    ),
    ...both({ [`${ours}.${name}Residual.norm`]: `${theirs}.${called}_layer_norm` }),
  ];
  return [
    ...both({ [`${side}.embedding.norm`]: `model.${side}.layernorm_embedding` }),
    ...attention("attention", "self_attn"),
    ...attention("crossAttention", "encoder_attn"),
    ...both({
      [`${ours}.feedForward.up`]: `${theirs}.fc1`,
      [`${ours}.feedForward.down`]: `${theirs}.fc2`,
      [`${ours}.feedForwardResidual.norm`]: `${theirs}.final_layer_norm`,
    }),
  ];
}

/** What BART's relatives call everything but the tables. */
export const bartNames: readonly NameRule[] = [
  ...sideNames("encoder"),
  ...sideNames("decoder"),
  ...renamed({ "output.bias": "final_logits_bias" }, asRow),
];
