import type { PartSpec, Spec } from "@tenon/models";
import type { ActivationName } from "@tenon/nn";
import { ConfigError, type Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import { cannot, encoderOf, partOf } from "./expressible.ts";

/** What a class of Hugging Face makes of an encoder, as the second half of its name says: "ForMaskedLM" of "BertForMaskedLM". */
export type EncoderTask =
  | "ForMaskedLM"
  | "Model"
  | "ForPreTraining"
  | "ForSequenceClassification"
  | "ForNextSentencePrediction"
  | "ForTokenClassification"
  | "ForQuestionAnswering";

/** The kinds of heads that have a task. A "sentence" head stands on the bare model: sentence-transformers keeps it in files of its own. */
const kinds: Readonly<Record<EncoderTask, readonly string[]>> = {
  ForMaskedLM: ["masked-language"],
  Model: ["pooler", "none", "sentence"],
  ForPreTraining: ["pre-training"],
  ForSequenceClassification: ["classification"],
  ForNextSentencePrediction: ["classification"],
  ForTokenClassification: ["token-classification"],
  ForQuestionAnswering: ["token-classification"],
};

/** The activations of a family's heads. */
export interface HeadActivations {
  /** Of the head for masked words. */
  readonly words: ActivationName;
  /** Of the pooler, and with it of classifiers. */
  readonly pooler: ActivationName;
}

export const taskOf = (name: string, architecture: string): EncoderTask =>
  architecture.slice(name.length) as EncoderTask;

/** The head that a config describes, of a model that has a pooler. `dropout` is the rate of its classifier. */
export function headOf(
  config: Config,
  task: EncoderTask,
  { words, pooler }: HeadActivations,
  dropout: number | undefined,
): PartSpec {
  const rate: Readonly<Record<string, Json>> = dropout === undefined ? {} : { dropout };
  switch (task) {
    case "ForMaskedLM":
      return { kind: "masked-language", activation: words };
    case "Model":
      return { kind: "pooler", activation: pooler };
    case "ForPreTraining":
      return { kind: "pre-training", activation: words, ...rate };
    case "ForSequenceClassification":
      return { kind: "classification", labels: labelsOf(config), activation: pooler, ...rate };
    case "ForNextSentencePrediction":
      return { kind: "classification", labels: 2, activation: pooler, ...rate };
    case "ForTokenClassification":
      return { kind: "token-classification", labels: labelsOf(config), ...rate };
    case "ForQuestionAnswering":
      return { kind: "token-classification", labels: 2, ...rate };
  }
}

/** How many classes a classifier tells apart. A config lists their names, unless there are two. */
function labelsOf(config: Config): number {
  return config.has("id2label") ? Object.keys(config.within("id2label").values).length : config.size("num_labels", 2);
}

/**
 * The keys of config.json that tell of a spec's head, `dropout` being what the family calls the rate of its classifier. How many classes there are is told
 * without their names, which a config that was loaded keeps. Throws `ConfigError` unless the head is the task's, with the family's activations.
 */
export function headConfig(
  family: string,
  spec: Spec,
  task: EncoderTask,
  { words, pooler }: HeadActivations,
  dropout?: string,
): Readonly<Record<string, Json>> {
  const { head = { kind: "masked-language" } } = encoderOf(family, spec);
  if (!kinds[task].includes(head.kind)) throw otherTask(family, task, head);
  const activation = head.kind === "masked-language" || head.kind === "pre-training" ? words : pooler;
  partOf(family, "head", head, head.kind, { activation: [activation, undefined] });
  const { labels, dropout: rate } = head;
  return {
    ...(labels !== undefined && { num_labels: labels }),
    ...(dropout !== undefined && rate !== undefined && { [dropout]: rate }),
  };
}

function otherTask(family: string, task: EncoderTask, { kind }: PartSpec): ConfigError {
  const fitting = Object.entries(kinds).flatMap(([other, heads]) => (heads.includes(kind) ? [other] : []));
  if (fitting.length === 0) return cannot(family, "head.kind", kind, kinds[task].join(" or "));
  return new ConfigError(
    `the family "${family}" has no head of the kind "${kind}" in its architecture …${task}; save it as …${fitting.join(" or …")}`,
    { family, task, head: kind },
  );
}
