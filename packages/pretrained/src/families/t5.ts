import type { EncoderDecoderSpec, PartSpec, SideSpec } from "@tenon/models";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { cannot, encoderDecoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";

/**
 * T5 and its release 1.1, of which Flan-T5 is one: RMS norms, a bias for each distance that the layers of a side share, scores that are not divided by √k.
 *
 * Release 1.0 has logits through the shared table, divided by √d, and 1.1 an output of its own. Older configs tell by `tie_word_embeddings`; in newer ones that is
 * always true, `scale_decoder_outputs` tells of the scale, and whether the output is its own is for the checkpoint to say. Nothing in T5 limits the length of a text:
 * `n_positions`, where a config has it, is that of the training, and becomes the context; 512 otherwise.
 *
 * Raffel et al. 2020, "Exploring the limits of transfer learning with a unified text-to-text transformer".
 */
export const t5: Family = {
  type: "t5",
  architectures: ["T5ForConditionalGeneration"],
  computed: [/^decoder\.block\.0\.layer\.1\.EncDecAttention\.relative_attention_bias\.weight$/],

  spec(config, _, holds): EncoderDecoderSpec {
    const told = config.flag("tie_word_embeddings", true);
    const scaled = config.flag("scale_decoder_outputs", told);
    const [width, layers] = [config.size("d_model"), config.size("num_layers")];
    const attention = {
      kind: "multi-head",
      heads: config.size("num_heads"),
      headWidth: config.size("d_kv"),
      scale: 1,
      bias: false,
    };
    const side = {
      context: config.size("n_positions", 512),
      position: {
        kind: "t5",
        buckets: config.size("relative_attention_num_buckets", 32),
        maxDistance: config.size("relative_attention_max_distance", 128),
      },
      embeddingNorm: false,
      attention,
      feedForward: feedForwardOf(config),
      norm: { kind: "rms-norm", epsilon: config.number("layer_norm_epsilon", 1e-6) },
      residual: { kind: "pre-norm" },
    };
    return {
      version: 1,
      kind: "encoder-decoder",
      vocabulary: config.size("vocab_size"),
      width,
      encoder: { ...side, layers },
      decoder: { ...side, layers: config.size("num_decoder_layers", layers), crossAttention: attention },
      dropout: 0,
      tied: (told && scaled) || !holds("lm_head.weight"),
      ...(scaled && { logits: { scale: 1 / Math.sqrt(width) } }),
    };
  },
  config(spec) {
    const { vocabulary, width, encoder, decoder, tied, ...others } = encoderDecoderOf("t5", spec);
    const { crossAttention, ...target } = decoder;
    for (const [side, parts] of Object.entries({ encoder, decoder })) expectSide(side, parts);
    partOf("t5", "decoder.crossAttention", crossAttention, "multi-head", plainAttention);
    // Both sides are made of the same parts.
    const same = { ...target, crossAttention, layers: encoder.layers };
    const expected = { ...encoder, crossAttention: encoder.attention };
    for (const key of Object.keys(expected) as (keyof typeof expected)[])
      if (!alike(same[key], expected[key]))
        throw cannot("t5", `decoder.${key}`, same[key], `that of the encoder, ${JSON.stringify(expected[key])}`);
    const { tokens, sourceVocabulary, logits = {} } = others;
    if (tokens !== undefined) throw cannot("t5", "tokens", tokens, "nothing");
    if (sourceVocabulary !== undefined) throw cannot("t5", "sourceVocabulary", sourceVocabulary, "nothing");
    const { scale, ...bent } = logits;
    if (bent.softCap !== undefined || bent.bias === true)
      throw cannot("t5", "logits", { ...logits }, "at most a scale");
    if (scale !== undefined && Math.abs(scale * Math.sqrt(width) - 1) > 1e-6)
      throw cannot("t5", "logits.scale", scale, `${1 / Math.sqrt(width)}, 1 / √width, or nothing`);
    const { attention, position, norm, feedForward } = encoder;
    return {
      vocab_size: vocabulary,
      d_model: width,
      n_positions: encoder.context,
      num_layers: encoder.layers,
      num_decoder_layers: decoder.layers,
      num_heads: attention["heads"]!,
      d_kv: attention["headWidth"] ?? width / (attention["heads"] as number),
      d_ff: feedForward["hidden"]!,
      feed_forward_proj: projectionOf(feedForward),
      relative_attention_num_buckets: position["buckets"]!,
      relative_attention_max_distance: position["maxDistance"]!,
      layer_norm_epsilon: norm["epsilon"]!,
      tie_word_embeddings: tied,
      scale_decoder_outputs: scale !== undefined,
      is_encoder_decoder: true,
    };
  },
  names: (spec) => [
    ...sideNames("encoder", encoderDecoderOf("t5", spec).encoder),
    ...sideNames("decoder", encoderDecoderOf("t5", spec).decoder),
    ...renamed({
      "encoder.embedding.tokens.table": "shared.weight",
      "output.weight": "lm_head.weight",
      "output.output.weight": "lm_head.weight",
    }),
  ],
  repeated: (spec) =>
    Object.fromEntries(
      ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"]
        .filter((name) => name !== "lm_head.weight" || encoderDecoderOf("t5", spec).tied)
        .map((copy) => [copy, "shared.weight"]),
    ),
};

/** "relu" is two maps, "gated-…" three; "gated-gelu" has always meant the one by tanh. */
function feedForwardOf(config: Config): PartSpec {
  const hidden = config.size("d_ff");
  const gated = Object.fromEntries(Object.entries(activationNames).map(([name, ours]) => [`gated-${name}`, ours]));
  const activation = config.choice(
    "feed_forward_proj",
    { ...activationNames, ...gated, "gated-gelu": "gelu-tanh" },
    "relu",
  );
  const kind = config.text("feed_forward_proj", "relu").startsWith("gated-") ? "gated-mlp" : "mlp";
  return { kind, hidden, activation, bias: false };
}

function projectionOf({ kind, activation }: PartSpec): string {
  const ours = activation as string;
  if (kind === "mlp") return nameOfActivation("t5", ours, "gelu_new");
  return ours === "gelu" ? "gated-gelu_python" : `gated-${nameOfActivation("t5", ours, "gelu")}`;
}

const plainAttention = {
  scale: [1],
  bias: [false],
  softCap: [undefined],
  gate: [undefined],
  headNorm: [undefined, false],
  sinks: [undefined, false],
};

function expectSide(side: string, { attention, position, feedForward, norm, residual, embeddingNorm }: SideSpec): void {
  partOf("t5", `${side}.position`, position, "t5");
  partOf("t5", `${side}.attention`, attention, "multi-head", {
    ...plainAttention,
    windows: [undefined],
    keyValueHeads: [undefined, attention["heads"]],
  });
  partOf("t5", `${side}.feedForward`, feedForward, feedForward.kind === "mlp" ? "mlp" : "gated-mlp", { bias: [false] });
  partOf("t5", `${side}.norm`, norm, "rms-norm", { unitOffset: [undefined, false] });
  partOf("t5", `${side}.residual`, residual, "pre-norm", { finalNorm: [true, undefined] });
  if (embeddingNorm) throw cannot("t5", `${side}.embeddingNorm`, embeddingNorm, "false");
}

const alike = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)) : value;

function sideNames(side: "encoder" | "decoder", { feedForward }: SideSpec): NameRule[] {
  const [ours, theirs] = [`${side}.blocks.{layer}`, `${side}.block.{layer}.layer`];
  const attention = (name: string, place: number, called: string): NameRule[] =>
    renamed({
      ...Object.fromEntries(
        ["query", "key", "value", "output"].map((part) => [
          `${ours}.${name}.${part}.weight`,
          `${theirs}.${place}.${called}.${part[0]}.weight`,
        ]),
      ),
      [`${ours}.${name}Residual.norm.weight`]: `${theirs}.${place}.layer_norm.weight`,
    });
  const last = side === "encoder" ? 1 : 2;
  const dense = `${theirs}.${last}.DenseReluDense`;
  return [
    ...attention("attention", 0, "SelfAttention"),
    ...attention("crossAttention", 1, "EncDecAttention"),
    ...renamed({
      [`${side}.blocks.0.attention.position.table`]: `${side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`,
      [`${ours}.feedForward.gate.weight`]: `${dense}.wi_0.weight`,
      [`${ours}.feedForward.up.weight`]: `${dense}.${feedForward.kind === "mlp" ? "wi" : "wi_1"}.weight`,
      [`${ours}.feedForward.down.weight`]: `${dense}.wo.weight`,
      [`${ours}.feedForwardResidual.norm.weight`]: `${theirs}.${last}.layer_norm.weight`,
      [`${side}.norm.weight`]: `${side}.final_layer_norm.weight`,
    }),
  ];
}
