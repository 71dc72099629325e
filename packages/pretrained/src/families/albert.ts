import type { EncoderSpec } from "@tenon/models";
import type { ActivationName } from "@tenon/nn";
import type { Json } from "@tenon/tensor";

import { nameOfActivation } from "../config/activations.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { affine, embeddingNames } from "./bert-names.ts";
import { bertConfig, bertSpec } from "./bert-spec.ts";
import { headConfig, headOf, taskOf, type EncoderTask, type HeadActivations } from "./encoder-task.ts";
import { cannot, encoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";

/**
 * ALBERT: BERT whose layers share their parameters, with narrow vectors of tokens that a map makes wide; its second task in pre-training is the order of two sentences.
 *
 * Lan et al. 2019, "ALBERT: a lite BERT for self-supervised learning of language representations".
 */
export const albert: Family = {
  type: "albert",
  architectures: [
    "AlbertForMaskedLM",
    "AlbertModel",
    "AlbertForPreTraining",
    "AlbertForSequenceClassification",
    "AlbertForTokenClassification",
    "AlbertForQuestionAnswering",
  ],
  base: "albert.",
  computed: [/embeddings\.position_ids$/],

  spec(config, architecture): EncoderSpec {
    const task = taskOf("Albert", architecture);
    config.only("inner_group_num", 1);
    const spec = bertSpec(config, "gelu_new");
    const narrow = config.size("embedding_size", 128);
    if (narrow === spec.width)
      throw config.problem("embedding_size", `another size than hidden_size, since a map lies between the two`);
    const dropout = task === "ForQuestionAnswering" ? 0 : config.number("classifier_dropout_prob", 0.1);
    return {
      ...spec,
      dropout: config.number("hidden_dropout_prob", 0),
      tokens: { width: narrow },
      layerGroups: config.size("num_hidden_groups", 1),
      head: headOf(config, task, activationsOf(spec), dropout),
    };
  },
  config(given, architecture): Readonly<Record<string, Json>> {
    const spec = encoderOf("albert", given);
    const task = taskOf("Albert", architecture);
    const config = bertConfig("albert", spec);
    partOf("albert", "position", spec.position, "learned", { reserved: [undefined, 0] });
    const { tokens, width, layers, layerGroups = layers } = spec;
    const narrow = tokens?.width ?? width;
    if (narrow === width) throw cannot("albert", "tokens.width", narrow, "another than that of the stream");
    const { words } = activationsOf(spec);
    const rate = task === "ForQuestionAnswering" ? undefined : "classifier_dropout_prob";
    return {
      ...config,
      embedding_size: narrow,
      num_hidden_groups: layerGroups,
      inner_group_num: 1,
      hidden_act: nameOfActivation("albert", words, "gelu_new"),
      ...headConfig("albert", spec, task, activationsOf(spec), rate),
    };
  },
  names(spec, architecture): readonly NameRule[] {
    const { layers, layerGroups = layers } = encoderOf("albert", spec);
    const task = taskOf("Albert", architecture);
    const base = task === "Model" ? "" : "albert.";
    const run = layers / layerGroups;
    const groups = Array.from({ length: layerGroups }, (_, group) => groupNames(base, group, group * run));
    return renamed({
      ...embeddingNames(base),
      ...affine("embedding.map", `${base}encoder.embedding_hidden_mapping_in`),
      ...Object.assign({}, ...groups),
      ...headNames(base)[task],
    });
  },
  unused: (_, architecture) => unused[taskOf("Albert", architecture)],
  repeated: () => ({
    "predictions.decoder.weight": "albert.embeddings.word_embeddings.weight",
    "predictions.decoder.bias": "predictions.bias",
  }),
};

const activationsOf = ({ feedForward }: EncoderSpec): HeadActivations => ({
  words: feedForward["activation"] as ActivationName,
  pooler: "tanh",
});

/** Layers that share their parameters have one place here, that of the first, and one in a checkpoint, by the number of their group. */
function groupNames(base: string, group: number, layer: number): Readonly<Record<string, string>> {
  const theirs = `${base}encoder.albert_layer_groups.${group}.albert_layers.0`;
  const block = `blocks.${layer}`;
  return {
    ...affine(`${block}.attention.query`, `${theirs}.attention.query`),
    ...affine(`${block}.attention.key`, `${theirs}.attention.key`),
    ...affine(`${block}.attention.value`, `${theirs}.attention.value`),
    ...affine(`${block}.attention.output`, `${theirs}.attention.dense`),
    ...affine(`${block}.attentionResidual.norm`, `${theirs}.attention.LayerNorm`),
    ...affine(`${block}.feedForward.up`, `${theirs}.ffn`),
    ...affine(`${block}.feedForward.down`, `${theirs}.ffn_output`),
    ...affine(`${block}.feedForwardResidual.norm`, `${theirs}.full_layer_layer_norm`),
  };
}

const headNames = (base: string): Readonly<Partial<Record<EncoderTask, Readonly<Record<string, string>>>>> => ({
  ForMaskedLM: words("head"),
  Model: affine("head.transform", "pooler"),
  ForPreTraining: {
    ...words("head.words"),
    ...affine("head.sentences.pooler.transform", `${base}pooler`),
    ...affine("head.sentences.output", "sop_classifier.classifier"),
  },
  ForSequenceClassification: {
    ...affine("head.pooler.transform", `${base}pooler`),
    ...affine("head.output", "classifier"),
  },
  ForTokenClassification: affine("head.output", "classifier"),
  ForQuestionAnswering: affine("head.output", "qa_outputs"),
});

const words = (head: string): Readonly<Record<string, string>> => ({
  ...affine(`${head}.transform`, "predictions.dense"),
  ...affine(`${head}.norm`, "predictions.LayerNorm"),
  [`${head}.output.bias`]: "predictions.bias",
});

// albert-base-v2 names the model for masked words, and holds both heads of its pre-training.
const pooler = /^(albert\.)?pooler\./;
const heads = /^(predictions|sop_classifier)\./;
const unused: Readonly<Record<EncoderTask, readonly RegExp[]>> = {
  ForMaskedLM: [pooler, /^sop_classifier\./],
  Model: [pooler, heads],
  ForPreTraining: [],
  ForSequenceClassification: [heads],
  ForNextSentencePrediction: [],
  ForTokenClassification: [pooler, heads],
  ForQuestionAnswering: [pooler, heads],
};
