import type { EncoderSpec } from "@tenon/models";
import type { ActivationName } from "@tenon/nn";
import type { Json } from "@tenon/tensor";

import { nameOfActivation } from "../config/activations.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { affine, bertNames } from "./bert-names.ts";
import { bertConfig, bertSpec, refuseSharing } from "./bert-spec.ts";
import { headConfig, headOf, taskOf, type EncoderTask, type HeadActivations } from "./encoder-task.ts";
import { cannot, encoderOf } from "./expressible.ts";
import type { Family } from "./family.ts";

const tasks: readonly EncoderTask[] = [
  "ForMaskedLM",
  "Model",
  "ForSequenceClassification",
  "ForTokenClassification",
  "ForQuestionAnswering",
];

/**
 * RoBERTa: BERT's architecture with heads of its own and positions that begin after the padding's id, so that the first rows of their table stand for none.
 *
 * Liu et al. 2019, "RoBERTa: a robustly optimized BERT pretraining approach".
 */
export const roberta: Family = likeRoberta("roberta", "Roberta");

/**
 * XLM-R: RoBERTa for a hundred languages, the same but for its name.
 *
 * Conneau et al. 2019, "Unsupervised cross-lingual representation learning at scale".
 */
export const xlmRoberta: Family = likeRoberta("xlm-roberta", "XLMRoberta");

function likeRoberta(type: string, name: string): Family {
  return {
    type,
    architectures: tasks.map((task) => name + task),
    base: "roberta.",
    computed: [/embeddings\.position_ids$/],

    spec(config, architecture): EncoderSpec {
      const task = taskOf(name, architecture);
      const spec = bertSpec(config, "gelu");
      const reserved = config.count("pad_token_id", 1) + 1;
      const context = spec.context - reserved;
      if (context < 1) throw config.problem("max_position_embeddings", `more than ${reserved}, pad_token_id + 1`);
      const rate = config.has("classifier_dropout") ? config.number("classifier_dropout") : undefined;
      const dropout = task === "ForQuestionAnswering" ? 0 : rate;
      const head = headOf(config, task, activations, dropout);
      return { ...spec, context, position: { kind: "learned", reserved }, head };
    },
    config(given, architecture): Readonly<Record<string, Json>> {
      const spec = encoderOf(type, given);
      const task = taskOf(name, architecture);
      const config = bertConfig(type, spec);
      refuseSharing(type, spec);
      const { reserved = 0 } = spec.position as { reserved?: number };
      if (reserved === 0) throw cannot(type, "position.reserved", reserved, "at least 1");
      const rate = task === "ForQuestionAnswering" ? undefined : "classifier_dropout";
      return {
        ...config,
        hidden_act: nameOfActivation(type, spec.feedForward["activation"] as ActivationName),
        max_position_embeddings: spec.context + reserved,
        pad_token_id: reserved - 1,
        ...headConfig(type, spec, task, activations, rate),
      };
    },
    names(_, architecture): readonly NameRule[] {
      const task = taskOf(name, architecture);
      return [...bertNames(task === "Model" ? "" : "roberta."), ...renamed(headNames[task] ?? {})];
    },
    // roberta-base names the model for masked words, and holds a pooler.
    unused: (_, architecture) => (taskOf(name, architecture) === "ForMaskedLM" ? [pooler] : [pooler, /^lm_head\./]),
    repeated: () => ({
      "lm_head.decoder.weight": "roberta.embeddings.word_embeddings.weight",
      "lm_head.decoder.bias": "lm_head.bias",
    }),
  };
}

const pooler = /^(roberta\.)?pooler\./;
const activations: HeadActivations = { words: "gelu", pooler: "tanh" };

const headNames: Readonly<Partial<Record<EncoderTask, Readonly<Record<string, string>>>>> = {
  ForMaskedLM: {
    ...affine("head.transform", "lm_head.dense"),
    ...affine("head.norm", "lm_head.layer_norm"),
    "head.output.bias": "lm_head.bias",
  },
  Model: affine("head.transform", "pooler.dense"),
  ForSequenceClassification: {
    ...affine("head.pooler.transform", "classifier.dense"),
    ...affine("head.output", "classifier.out_proj"),
  },
  ForTokenClassification: affine("head.output", "classifier"),
  ForQuestionAnswering: affine("head.output", "qa_outputs"),
};
