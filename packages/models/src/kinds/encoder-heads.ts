import { activationOf, type ActivationName } from "@tenon/nn";
import * as z from "zod";

import { ClassificationHead } from "../heads/classification-head.ts";
import { MaskedLanguageHead } from "../heads/masked-language-head.ts";
import { Pooler } from "../heads/pooler.ts";
import type { PoolingName } from "../heads/pooling.ts";
import { PreTrainingHead } from "../heads/pre-training-head.ts";
import { SentenceHead, type SentenceLayer } from "../heads/sentence-head.ts";
import { TokenClassificationHead } from "../heads/token-classification-head.ts";
import { size } from "../size.ts";
import { code, construct, unless, type Expression } from "../typescript/expression.ts";
import { activationCode } from "./activation-code.ts";
import { activationName } from "./activation-name.ts";
import type { GivenCode } from "./kind-code.ts";
import type { Given, Kind } from "./kind.ts";

const dropout = z
  .number()
  .min(0)
  .lt(1)
  .describe("a number from 0 up and below 1")
  .optional()
  .meta({ title: "The rate of the head's dropout. Default: that of the model" });
const labels = size.meta({ title: "How many classes there are" });

/** The rate of a head's own dropout; that of the model, unless the spec says otherwise. */
type Dropout = { dropout?: number | undefined };

/** None: the model gives one vector for each token. */
export const noHead: Kind<"head", { kind: "none" }> = {
  options: z.strictObject({ kind: z.literal("none") }).meta({ title: "One vector for each token" }),
  build: () => undefined,
  code: () => undefined,
};

/** Predicts masked words, through the token table. */
export const maskedLanguage: Kind<"head", { kind: "masked-language"; activation: ActivationName }> = {
  options: z
    .strictObject({ kind: z.literal("masked-language"), activation: activationName.default("gelu") })
    .meta({ title: "Predicts masked words, through the token table (Devlin et al. 2018)" }),
  build: ({ activation }, given) => words(activation, given, "norm"),
  code: ({ activation }, given) => wordsCode(activation, given, "norm"),
};

function words(
  activation: ActivationName,
  { tokens, width, norm, random }: Given["head"],
  place: string,
): MaskedLanguageHead {
  return new MaskedLanguageHead({
    tokens,
    width,
    norm: norm(place, tokens.width),
    activation: activationOf(activation),
    random,
  });
}

/** The same as code. */
function wordsCode(activation: ActivationName, given: GivenCode["head"], place: string): Expression {
  return construct("MaskedLanguageHead", "@tenon/models", {
    tokens: given.tokens,
    width: given.isNarrow ? given.width : undefined,
    norm: given.norm(place, given.tokenWidth),
    activation: activationCode(activation, "gelu"),
    random: given.random,
  });
}

/** One vector for a sequence, of its first token. */
export const pooler: Kind<"head", { kind: "pooler"; activation: ActivationName }> = {
  options: z
    .strictObject({ kind: z.literal("pooler"), activation: activationName.default("tanh") })
    .meta({ title: "One vector for a sequence, of its first token" }),
  build: ({ activation }, { width, random }) => new Pooler({ width, activation: activationOf(activation), random }),
  code: ({ activation }, { width, random }) =>
    construct("Pooler", "@tenon/models", { width, activation: activationCode(activation, "tanh"), random }),
};

/** Classifies sequences by their first token. */
export const classification: Kind<
  "head",
  { kind: "classification"; labels: number; activation: ActivationName } & Dropout
> = {
  options: z
    .strictObject({
      kind: z.literal("classification"),
      labels,
      activation: activationName.default("tanh"),
      dropout,
    })
    .meta({ title: "Classifies sequences by their first token" }),
  build: ({ labels, activation, dropout }, given) =>
    new ClassificationHead({
      width: given.width,
      labels,
      activation: activationOf(activation),
      dropout: dropout ?? given.dropout,
      random: given.random,
    }),
  code: ({ labels, activation, dropout }, given) =>
    construct("ClassificationHead", "@tenon/models", {
      width: given.width,
      labels,
      activation: activationCode(activation, "tanh"),
      dropout: unless(dropout ?? given.dropout, 0),
      random: given.random,
    }),
};

/** Classifies tokens. */
export const tokenClassification: Kind<"head", { kind: "token-classification"; labels: number } & Dropout> = {
  options: z
    .strictObject({ kind: z.literal("token-classification"), labels, dropout })
    .meta({ title: "Classifies tokens" }),
  build: ({ labels, dropout }, given) =>
    new TokenClassificationHead({
      width: given.width,
      labels,
      dropout: dropout ?? given.dropout,
      random: given.random,
    }),
  code: ({ labels, dropout }, given) =>
    construct("TokenClassificationHead", "@tenon/models", {
      width: given.width,
      labels,
      dropout: unless(dropout ?? given.dropout, 0),
      random: given.random,
    }),
};

/** Predicts masked words, and of two sentences whether they belong together. */
export const preTraining: Kind<"head", { kind: "pre-training"; activation: ActivationName } & Dropout> = {
  options: z
    .strictObject({ kind: z.literal("pre-training"), activation: activationName.default("gelu"), dropout })
    .meta({ title: "Predicts masked words, and of two sentences whether they belong together" }),
  build: ({ activation, dropout }, given) =>
    new PreTrainingHead({
      words: words(activation, { ...given, random: given.random.fork("words") }, "words.norm"),
      sentences: new ClassificationHead({
        width: given.width,
        labels: 2,
        dropout: dropout ?? given.dropout,
        random: given.random.fork("sentences"),
      }),
    }),
  code: ({ activation, dropout }, given) =>
    construct("PreTrainingHead", "@tenon/models", {
      words: wordsCode(activation, { ...given, random: code`${given.random}.fork("words")` }, "words.norm"),
      sentences: construct("ClassificationHead", "@tenon/models", {
        width: given.width,
        labels: 2,
        dropout: unless(dropout ?? given.dropout, 0),
        random: code`${given.random}.fork("sentences")`,
      }),
    }),
};

/** A vector for each sentence. */
export const sentence: Kind<
  "head",
  { kind: "sentence"; pooling: PoolingName; layers?: SentenceLayer[] | undefined; normalise: boolean }
> = {
  options: z
    .strictObject({
      kind: z.literal("sentence"),
      pooling: z
        .enum(["mean", "first", "max", "last"])
        .default("mean")
        .meta({ title: "How the tokens' vectors become one" }),
      layers: z
        .array(
          z.strictObject({
            width: size.meta({ title: "Width of what comes out" }),
            activation: activationName.optional().meta({ title: "The non-linearity after the map. Default: none" }),
            bias: z.boolean().optional().meta({ title: "Does the map add a bias? Default true" }),
          }),
        )
        .optional()
        .meta({ title: "What the vector passes after that" }),
      normalise: z.boolean().default(false).meta({ title: "Is the vector brought to length 1?" }),
    })
    .meta({ title: "A vector for each sentence (Reimers and Gurevych 2019)" }),
  build: ({ pooling, layers, normalise }, { width, random }) =>
    new SentenceHead({ width, pooling, layers, normalise, random }),
  code: ({ pooling, layers, normalise }, { width, random }) =>
    construct("SentenceHead", "@tenon/models", {
      width,
      pooling: unless(pooling, "mean"),
      layers: layers?.map((layer) => ({ ...layer })),
      normalise: unless(normalise, false),
      random,
    }),
};
