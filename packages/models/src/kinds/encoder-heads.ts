import { activationOf, type ActivationName } from "@tenon/nn";
import { z } from "zod";

import { ClassificationHead } from "../heads/classification-head.ts";
import { MaskedLanguageHead } from "../heads/masked-language-head.ts";
import { Pooler } from "../heads/pooler.ts";
import type { PoolingName } from "../heads/pooling.ts";
import { PreTrainingHead } from "../heads/pre-training-head.ts";
import { SentenceHead, type SentenceLayer } from "../heads/sentence-head.ts";
import { TokenClassificationHead } from "../heads/token-classification-head.ts";
import { size } from "../size.ts";
import { activationName } from "./activation-name.ts";
import type { Given, Kind } from "./kind.ts";

const dropout = z.number().min(0).lt(1).describe("a number from 0 up and below 1").optional();

/** The rate of a head's own dropout; that of the model, unless the spec says otherwise. */
type Dropout = { dropout?: number | undefined };

/** None: the model gives one vector for each token. */
export const noHead: Kind<"head", { kind: "none" }> = {
  options: z.strictObject({ kind: z.literal("none") }),
  build: () => undefined,
};

/** Predicts masked words, through the token table. */
export const maskedLanguage: Kind<"head", { kind: "masked-language"; activation: ActivationName }> = {
  options: z.strictObject({ kind: z.literal("masked-language"), activation: activationName.default("gelu") }),
  build: ({ activation }, given) => words(activation, given, "norm"),
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

/** One vector for a sequence, of its first token. */
export const pooler: Kind<"head", { kind: "pooler"; activation: ActivationName }> = {
  options: z.strictObject({ kind: z.literal("pooler"), activation: activationName.default("tanh") }),
  build: ({ activation }, { width, random }) => new Pooler({ width, activation: activationOf(activation), random }),
};

/** Classifies sequences by their first token. */
export const classification: Kind<
  "head",
  { kind: "classification"; labels: number; activation: ActivationName } & Dropout
> = {
  options: z.strictObject({
    kind: z.literal("classification"),
    labels: size,
    activation: activationName.default("tanh"),
    dropout,
  }),
  build: ({ labels, activation, dropout }, given) =>
    new ClassificationHead({
      width: given.width,
      labels,
      activation: activationOf(activation),
      dropout: dropout ?? given.dropout,
      random: given.random,
    }),
};

/** Classifies tokens. */
export const tokenClassification: Kind<"head", { kind: "token-classification"; labels: number } & Dropout> = {
  options: z.strictObject({ kind: z.literal("token-classification"), labels: size, dropout }),
  build: ({ labels, dropout }, given) =>
    new TokenClassificationHead({
      width: given.width,
      labels,
      dropout: dropout ?? given.dropout,
      random: given.random,
    }),
};

/** Predicts masked words, and of two sentences whether they belong together. */
export const preTraining: Kind<"head", { kind: "pre-training"; activation: ActivationName } & Dropout> = {
  options: z.strictObject({ kind: z.literal("pre-training"), activation: activationName.default("gelu"), dropout }),
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
};

/** A vector for each sentence. */
export const sentence: Kind<
  "head",
  { kind: "sentence"; pooling: PoolingName; layers?: SentenceLayer[] | undefined; normalise: boolean }
> = {
  options: z.strictObject({
    kind: z.literal("sentence"),
    pooling: z.enum(["mean", "first", "max", "last"]).default("mean"),
    layers: z
      .array(z.strictObject({ width: size, activation: activationName.optional(), bias: z.boolean().optional() }))
      .optional(),
    normalise: z.boolean().default(false),
  }),
  build: ({ pooling, layers, normalise }, { width, random }) =>
    new SentenceHead({ width, pooling, layers, normalise, random }),
};
