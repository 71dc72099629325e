import { initialSchemeNames } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";
import * as z from "zod";

import { heightWidth, imageHead } from "./image/image-schemas.ts";
import type { Group } from "./kinds/kind.ts";
import type { Kinds } from "./kinds/registry.ts";
import { rnnEncoderDecoderSchema, rnnSearchSchema } from "./recurrent/recurrent-schemas.ts";
import { size } from "./size.ts";
import type {
  DecoderSpec,
  EncoderDecoderSpec,
  EncoderSpec,
  ImageEncoderSpec,
  PartSpec,
  SideSpec,
  Spec,
} from "./spec.ts";
import { mismatch, oneOf, shown, validate } from "./validate.ts";

// Every layer is built at once: more than this many is a slip of the pen, and would only exhaust the memory.
const layers = z.int().positive().max(10_000).describe("a whole number from 1 up");
// Which kinds there are, and which options each has, is the registry's to say.
const part = (group: Group, title: string): z.ZodType<PartSpec> => {
  const schema = z.looseObject({}).describe("an object that says its kind") as unknown as z.ZodType<PartSpec>;
  return schema.meta({ title, group });
};
const version = z.literal(1).meta({ title: "The version of this format" });
const vocabulary = size.meta({ title: "How many tokens there are" });
const width = size.meta({ title: "How many numbers stand for one token in the stream" });
const context = size.meta({ title: "The most tokens that the model can see at once" });
const depth = layers.meta({ title: "How many blocks there are" });
const parts = {
  position: part("position", "How positions are told"),
  attention: part("attention", "What moves information between tokens"),
  feedForward: part("feedForward", "What works on each token by itself"),
  norm: part("norm", "How vectors are normalised"),
  residual: part("residual", "How sublayers join the stream"),
  layerGroups: size
    .exactOptional()
    .meta({ title: "How many sets of parameters the layers share, as in ALBERT. Default: each layer has its own" }),
};
const others = {
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("a number from 0 up and below 1")
    .meta({ title: "The share of elements that are dropped while training" }),
  tokens: z
    .strictObject({
      width: size.exactOptional().meta({ title: "Width of the tokens' vectors. Default: that of the stream" }),
      scaled: z
        .boolean()
        .exactOptional()
        .meta({ title: "Are they multiplied by the root of their width? Default false" }),
    })
    .exactOptional()
    .meta({ title: "How tokens become vectors, where that is unusual" }),
  initial: z
    .enum([...initialSchemeNames, "deep-norm"])
    .exactOptional()
    .meta({ title: "How all weights begin. Default: as each part does by itself" }),
};
const shared = { version, vocabulary, context, width, layers: depth, ...parts, ...others };
const logits = z.strictObject({
  bias: z.boolean().exactOptional().meta({ title: "Is a bias added to them, first of all? Default false" }),
  scale: z.number().positive().exactOptional().meta({ title: "What they are multiplied by. Default 1" }),
  softCap: z
    .number()
    .positive()
    .exactOptional()
    .meta({ title: "Bends them so that none is larger. Default: they stay as they are" }),
});
const decoder: z.ZodType<DecoderSpec> = z.strictObject({
  kind: z
    .literal("decoder")
    .meta({ title: "GPT-like: each token sees itself and those before it, and predicts the next" }),
  ...shared,
  tied: z.boolean().default(true).meta({ title: "Does the output share the token table?" }),
  logits: logits.exactOptional().meta({ title: "What is done to the logits" }),
});
const encoder: z.ZodType<EncoderSpec> = z.strictObject({
  kind: z
    .literal("encoder")
    .meta({ title: "BERT-like: each token sees all, and a head makes of them what is asked for" }),
  ...shared,
  segments: z
    .int()
    .min(0)
    .default(0)
    .describe("a whole number from 0 up")
    .meta({ title: "How many kinds of segment ids there are; 0 for none" }),
  embeddingNorm: z.boolean().default(true).meta({ title: "Is the sum of the embeddings normalised, as in BERT?" }),
  head: part("head", "What is made of the tokens' vectors").default({ kind: "masked-language" }),
});
const side = {
  context,
  layers: depth,
  ...parts,
  embeddingNorm: z.boolean().default(false).meta({ title: "Is the sum of the embeddings normalised, as in BART?" }),
};
const encoderDecoder: z.ZodType<EncoderDecoderSpec> = z.strictObject({
  kind: z
    .literal("encoder-decoder")
    .meta({ title: "One sequence is read as a whole, and another is written token by token" }),
  version,
  vocabulary,
  width,
  encoder: z
    .strictObject(side)
    .describe("an object with the keys context, layers, position …")
    .meta({ title: "The side that reads" }),
  decoder: z
    .strictObject({ ...side, crossAttention: part("crossAttention", "How the decoder looks at the source") })
    .describe("an object with the keys context, layers, crossAttention …")
    .meta({ title: "The side that writes" }),
  ...others,
  sourceVocabulary: size
    .exactOptional()
    .meta({ title: "How many tokens the source has, with a table of its own. Default: both sides share one" }),
  tied: z.boolean().default(true).meta({ title: "Does the output share the decoder's token table?" }),
  logits: logits.exactOptional().meta({ title: "What is done to the logits" }),
});

const { vocabulary: _, context: __, tokens: ___, ...stack } = shared;
const imageEncoder: z.ZodType<ImageEncoderSpec> = z
  .strictObject({
    kind: z
      .literal("image-encoder")
      .meta({ title: "ViT-like: an image in patches, each of which sees all, behind a class token" }),
    ...stack,
    image: heightWidth.describe("[height, width] in pixels").meta({ title: "How large an image is" }),
    patch: heightWidth
      .describe("[height, width] in pixels that divide those of the image")
      .meta({ title: "How large a patch is" }),
    channels: size.default(3).meta({ title: "How many numbers a pixel has" }),
    head: imageHead.default({ kind: "none" }).meta({ title: "What is said of the image by its class token" }),
  })
  .superRefine(({ image, patch }, context) => {
    if (image[0] % patch[0] === 0 && image[1] % patch[1] === 0) return;
    context.addIssue({ code: "custom", path: ["patch"] });
  });

/** The schemas of whole specs, by what their `kind` says. A part's is any object, with its group in the schema's metadata. */
export const modelSchemas: { readonly [K in Spec["kind"]]: z.ZodType<Extract<Spec, { readonly kind: K }>> } = {
  decoder,
  encoder,
  "encoder-decoder": encoderDecoder,
  "image-encoder": imageEncoder,
  "rnn-encoder-decoder": rnnEncoderDecoderSchema,
  "rnn-search": rnnSearchSchema,
};
const isKind = (kind: unknown): kind is Spec["kind"] => typeof kind === "string" && Object.hasOwn(modelSchemas, kind);

const groups = ["position", "attention", "feedForward", "norm", "residual"] as const;

/**
 * A spec with every default filled in, from anything. Throws `ConfigError` that says which key, what was expected and what came.
 *
 * @example
 * ```ts
 * const text = JSON.stringify(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 }));
 * console.log(checkSpec(JSON.parse(text), standardKinds).residual); // { kind: 'pre-norm', finalNorm: true }
 * ```
 */
export function checkSpec(value: unknown, kinds: Kinds): Spec {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`spec: expected an object with the keys kind, version, vocabulary …, got ${shown(value)}`, {
      path: "spec",
    });
  }
  const { kind, version } = value as { kind?: unknown; version?: unknown };
  if (!isKind(kind)) {
    const expected = oneOf(Object.keys(modelSchemas));
    throw new ConfigError(mismatch("spec.kind", expected, kind), { path: "spec.kind", got: kind });
  }
  if (version !== 1 && version !== undefined) {
    const remedy = "this Tenon reads version 1; a newer one may have written the spec";
    throw new ConfigError(`${mismatch("spec.version", "1", version)}; ${remedy}`, {
      path: "spec.version",
      got: version,
    });
  }
  const json = withoutUndefined(value);
  const spec: Spec = validate<Spec>(modelSchemas[kind], json, "spec");
  if (spec.kind === "encoder-decoder") {
    return {
      ...spec,
      encoder: checkParts(spec.encoder, kinds, "spec.encoder"),
      decoder: {
        ...checkParts(spec.decoder, kinds, "spec.decoder"),
        crossAttention: kinds.check("crossAttention", spec.decoder.crossAttention, "spec.decoder"),
      },
    };
  }
  if (!("attention" in spec)) return spec;
  const checked = checkParts(spec, kinds, "spec");
  // The schema has filled it in.
  return checked.kind === "encoder" ? { ...checked, head: kinds.check("head", checked.head!) } : checked;
}

/** The same with the defaults of every part. */
function checkParts<S extends SideParts>(spec: S, kinds: Kinds, at: string): S {
  expectDividing(spec, at);
  return { ...spec, ...Object.fromEntries(groups.map((group) => [group, kinds.check(group, spec[group], at)])) };
}

type SideParts = Pick<SideSpec, (typeof groups)[number] | "layers" | "layerGroups">;

function expectDividing({ layers, layerGroups = layers }: SideParts, at: string): void {
  if (layers % layerGroups === 0) return;
  const path = `${at}.layerGroups`;
  throw new ConfigError(
    `${path}: ${layerGroups} groups do not divide ${layers} layers; choose a number that does, or leave it out, and each layer has parameters of its own`,
    { path, layerGroups, layers },
  );
}

/** A spec is JSON, and in JSON what is undefined is not there. As deep as options are nested: `spec.decoder.position.scaling.factor`. */
function withoutUndefined(value: unknown, depth = 4): unknown {
  if (depth === 0 || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const there = Object.entries(value).filter(([, inside]) => inside !== undefined);
  return Object.fromEntries(there.map(([key, inside]) => [key, withoutUndefined(inside, depth - 1)]));
}
