import type { EncoderSpec } from "@tenon/models";
import type { ActivationName } from "@tenon/nn";
import type { Json } from "@tenon/tensor";

import { nameOfActivation } from "../config/activations.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { affine, bertNames } from "./bert-names.ts";
import { bertConfig, bertSpec, refuseSharing } from "./bert-spec.ts";
import { headConfig, headOf, taskOf, type EncoderTask } from "./encoder-task.ts";
import { encoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";

/**
 * BERT: learned positions, segments, a norm of the embeddings and post-norm blocks, with each of its heads.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding".
 */
export const bert: Family = {
  type: "bert",
  architectures: [
    "BertForMaskedLM",
    "BertModel",
    "BertForPreTraining",
    "BertForSequenceClassification",
    "BertForNextSentencePrediction",
    "BertForTokenClassification",
    "BertForQuestionAnswering",
  ],
  base: "bert.",
  computed: [/embeddings\.position_ids$/],
  formerly: { "LayerNorm.gamma": "LayerNorm.weight", "LayerNorm.beta": "LayerNorm.bias" },

  spec(config, architecture): EncoderSpec {
    const task = taskOf("Bert", architecture);
    const spec = bertSpec(config, "gelu");
    const rate = config.has("classifier_dropout") ? config.number("classifier_dropout") : undefined;
    const dropout = classifiers.has(task) ? rate : 0;
    return { ...spec, head: headOf(config, task, activationsOf(spec), dropout) };
  },
  config(given, architecture): Readonly<Record<string, Json>> {
    const spec = encoderOf("bert", given);
    const task = taskOf("Bert", architecture);
    const config = bertConfig("bert", spec);
    partOf("bert", "position", spec.position, "learned", { reserved: [undefined, 0] });
    refuseSharing("bert", spec);
    const { words } = activationsOf(spec);
    const rate = classifiers.has(task) ? "classifier_dropout" : undefined;
    return {
      ...config,
      hidden_act: nameOfActivation("bert", words),
      ...headConfig("bert", spec, task, activationsOf(spec), rate),
    };
  },
  names(_, architecture): readonly NameRule[] {
    const task = taskOf("Bert", architecture);
    const base = task === "Model" ? "" : "bert.";
    return [...bertNames(base), ...renamed(headNames(base)[task])];
  },
  unused: (_, architecture) => unused[taskOf("Bert", architecture)],
  repeated: () => ({
    "cls.predictions.decoder.weight": "bert.embeddings.word_embeddings.weight",
    "cls.predictions.decoder.bias": "cls.predictions.bias",
  }),
};

/** The tasks whose classifier has a dropout before it. */
const classifiers: ReadonlySet<EncoderTask> = new Set(["ForSequenceClassification", "ForTokenClassification"]);

const activationsOf = ({ feedForward }: EncoderSpec): { words: ActivationName; pooler: ActivationName } => ({
  words: feedForward["activation"] as ActivationName,
  pooler: "tanh",
});

/** What each head's parameters are called, the pooler's under the name of the model itself. */
const headNames = (base: string): Readonly<Record<EncoderTask, Readonly<Record<string, string>>>> => ({
  ForMaskedLM: words("head"),
  Model: affine("head.transform", `${base}pooler.dense`),
  ForPreTraining: {
    ...words("head.words"),
    ...affine("head.sentences.pooler.transform", `${base}pooler.dense`),
    ...affine("head.sentences.output", "cls.seq_relationship"),
  },
  ForSequenceClassification: {
    ...affine("head.pooler.transform", `${base}pooler.dense`),
    ...affine("head.output", "classifier"),
  },
  ForNextSentencePrediction: {
    ...affine("head.pooler.transform", `${base}pooler.dense`),
    ...affine("head.output", "cls.seq_relationship"),
  },
  ForTokenClassification: affine("head.output", "classifier"),
  ForQuestionAnswering: affine("head.output", "qa_outputs"),
});

const words = (head: string): Readonly<Record<string, string>> => ({
  ...affine(`${head}.transform`, "cls.predictions.transform.dense"),
  ...affine(`${head}.norm`, "cls.predictions.transform.LayerNorm"),
  [`${head}.output.bias`]: "cls.predictions.bias",
});

// bert-base-uncased and its like name one architecture, and hold the heads of all of BERT's pre-training.
const pooler = /^(bert\.)?pooler\./;
const unused: Readonly<Record<EncoderTask, readonly RegExp[]>> = {
  ForMaskedLM: [pooler, /^cls\.seq_relationship\./],
  Model: [pooler, /^cls\./],
  ForPreTraining: [],
  ForSequenceClassification: [/^cls\./],
  ForNextSentencePrediction: [/^cls\.predictions\./],
  ForTokenClassification: [pooler, /^cls\./],
  ForQuestionAnswering: [pooler, /^cls\./],
};
