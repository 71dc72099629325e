import type { EncoderSpec } from "@tenon/models";
import type { ActivationName } from "@tenon/nn";
import type { Json } from "@tenon/tensor";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { affine, embeddingNames } from "./bert-names.ts";
import { postNormEncoder, refuseSharing } from "./bert-spec.ts";
import { headConfig, headOf, taskOf, type EncoderTask, type HeadActivations } from "./encoder-task.ts";
import { cannot, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";

/** Its norms' epsilon, which no key of the config tells. */
const epsilon = 1e-12;

/**
 * DistilBERT: BERT without segments and without a pooler, of half the layers.
 *
 * Sanh et al. 2019, "DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter".
 */
export const distilbert: Family = {
  type: "distilbert",
  architectures: [
    "DistilBertForMaskedLM",
    "DistilBertModel",
    "DistilBertForSequenceClassification",
    "DistilBertForTokenClassification",
    "DistilBertForQuestionAnswering",
  ],
  base: "distilbert.",
  computed: [/embeddings\.position_ids$/],

  spec(config, architecture): EncoderSpec {
    const task = taskOf("DistilBert", architecture);
    config.only("tie_word_embeddings", true);
    config.only("tie_weights_", true);
    const activation = config.choice("activation", activationNames, "gelu");
    const spec: EncoderSpec = {
      version: 1,
      kind: "encoder",
      vocabulary: config.size("vocab_size"),
      context: config.size("max_position_embeddings", 512),
      width: config.size("dim"),
      layers: config.layers("n_layers"),
      // Sinusoids, where it has them, are a table in the checkpoint, too.
      position: { kind: "learned" },
      segments: 0,
      embeddingNorm: true,
      attention: { kind: "multi-head", heads: config.size("n_heads") },
      feedForward: { kind: "mlp", hidden: config.size("hidden_dim"), activation },
      norm: { kind: "layer-norm", epsilon },
      residual: { kind: "post-norm" },
      dropout: config.number("dropout", 0.1),
    };
    const key = dropouts[task];
    const rate = key === undefined ? undefined : config.number(key, key === "qa_dropout" ? 0.1 : 0.2);
    return { ...spec, head: task === "Model" ? { kind: "none" } : headOf(config, task, activationsOf(spec), rate) };
  },
  config(given, architecture): Readonly<Record<string, Json>> {
    const task = taskOf("DistilBert", architecture);
    const spec = postNormEncoder("distilbert", given);
    const { attention, feedForward, norm, vocabulary, context, width, layers, segments, dropout } = spec;
    partOf("distilbert", "position", spec.position, "learned", { reserved: [undefined, 0] });
    partOf("distilbert", "norm", norm, "layer-norm", { epsilon: [epsilon] });
    refuseSharing("distilbert", spec);
    if (segments !== 0) throw cannot("distilbert", "segments", segments, "0");
    if (spec.head?.kind === "pooler") throw cannot("distilbert", "head.kind", "pooler", `"none"`);
    return {
      vocab_size: vocabulary,
      max_position_embeddings: context,
      dim: width,
      n_layers: layers,
      n_heads: attention["heads"]!,
      hidden_dim: feedForward["hidden"]!,
      activation: nameOfActivation("distilbert", feedForward["activation"] as ActivationName),
      dropout,
      tie_word_embeddings: true,
      ...headConfig("distilbert", spec, task, activationsOf(spec), dropouts[task]),
    };
  },
  names(_, architecture): readonly NameRule[] {
    const task = taskOf("DistilBert", architecture);
    const base = task === "Model" ? "" : "distilbert.";
    const layer = `${base}transformer.layer.{layer}`;
    const attention = "blocks.{layer}.attention";
    return renamed({
      ...embeddingNames(base),
      ...affine(`${attention}.query`, `${layer}.attention.q_lin`),
      ...affine(`${attention}.key`, `${layer}.attention.k_lin`),
      ...affine(`${attention}.value`, `${layer}.attention.v_lin`),
      ...affine(`${attention}.output`, `${layer}.attention.out_lin`),
      ...affine("blocks.{layer}.attentionResidual.norm", `${layer}.sa_layer_norm`),
      ...affine("blocks.{layer}.feedForward.up", `${layer}.ffn.lin1`),
      ...affine("blocks.{layer}.feedForward.down", `${layer}.ffn.lin2`),
      ...affine("blocks.{layer}.feedForwardResidual.norm", `${layer}.output_layer_norm`),
      ...headNames[task],
    });
  },
  unused: (_, architecture) =>
    architecture === "DistilBertForMaskedLM" ? [] : [/^vocab_(transform|layer_norm|projector)\./],
  repeated: () => ({ "vocab_projector.weight": "distilbert.embeddings.word_embeddings.weight" }),
};

/** The keys of the dropouts that are the heads' own. */
const dropouts: Readonly<Partial<Record<EncoderTask, string>>> = {
  ForSequenceClassification: "seq_classif_dropout",
  ForQuestionAnswering: "qa_dropout",
};

const activationsOf = ({ feedForward }: EncoderSpec): HeadActivations => ({
  words: feedForward["activation"] as ActivationName,
  pooler: "relu",
});

const headNames: Readonly<Partial<Record<EncoderTask, Readonly<Record<string, string>>>>> = {
  ForMaskedLM: {
    ...affine("head.transform", "vocab_transform"),
    ...affine("head.norm", "vocab_layer_norm"),
    "head.output.bias": "vocab_projector.bias",
  },
  ForSequenceClassification: {
    ...affine("head.pooler.transform", "pre_classifier"),
    ...affine("head.output", "classifier"),
  },
  ForTokenClassification: affine("head.output", "classifier"),
  ForQuestionAnswering: affine("head.output", "qa_outputs"),
};
