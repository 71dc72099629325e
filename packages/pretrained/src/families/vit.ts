import type { ImageEncoderSpec, Spec } from "@tenon/models";
import type { HeightWidth, Json } from "@tenon/tensor";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import type { Layout } from "../names/layout.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { affine } from "./bert-names.ts";
import { cannot, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";

/**
 * ViT: an image in patches behind a class token, learned positions, pre-norm blocks; pooled, or with classes.
 *
 * Dosovitskiy et al. 2020, "An image is worth 16×16 words: transformers for image recognition at scale".
 */
export const vit: Family = {
  type: "vit",
  architectures: ["ViTForImageClassification", "ViTModel"],
  base: "vit.",

  spec(config, architecture, holds): ImageEncoderSpec {
    const width = config.size("hidden_size");
    return {
      version: 1,
      kind: "image-encoder",
      image: sidesOf(config, "image_size"),
      patch: sidesOf(config, "patch_size"),
      channels: config.size("num_channels", 3),
      width,
      layers: config.layers("num_hidden_layers"),
      position: { kind: "learned" },
      attention: {
        kind: "multi-head",
        heads: config.size("num_attention_heads"),
        ...(!config.flag("qkv_bias", true) && { bias: "output" }),
      },
      feedForward: {
        kind: "mlp",
        hidden: config.size("intermediate_size"),
        activation: config.choice("hidden_act", activationNames, "gelu"),
      },
      norm: { kind: "layer-norm", epsilon: config.number("layer_norm_eps", 1e-12) },
      residual: { kind: "pre-norm" },
      dropout: 0,
      head: headOf(config, architecture, holds),
    };
  },
  config(spec, architecture): Readonly<Record<string, Json>> {
    const { image, patch, channels, width, layers, head, ...parts } = imageEncoderOf(spec);
    const heads = parts.attention["heads"] as number;
    partOf("vit", "position", parts.position, "learned", { reserved: [undefined, 0] });
    partOf("vit", "attention", parts.attention, "multi-head", {
      bias: [true, "output", undefined],
      keyValueHeads: [undefined, heads],
      headWidth: [undefined, width / heads],
      headNorm: [undefined, false],
      gate: [undefined],
      scale: [undefined],
      softCap: [undefined],
      sinks: [undefined, false],
      windows: [undefined],
    });
    partOf("vit", "feedForward", parts.feedForward, "mlp", { bias: [true, undefined] });
    partOf("vit", "norm", parts.norm, "layer-norm", { bias: [true, undefined] });
    partOf("vit", "residual", parts.residual, "pre-norm", { finalNorm: [true, undefined] });
    return {
      image_size: sideOf(image),
      patch_size: sideOf(patch),
      num_channels: channels,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      intermediate_size: parts.feedForward["hidden"]!,
      hidden_act: nameOfActivation("vit", parts.feedForward["activation"] as string),
      layer_norm_eps: parts.norm["epsilon"]!,
      qkv_bias: parts.attention["bias"] !== "output",
      ...headConfig(head, width, architecture),
    };
  },
  names(_, architecture): readonly NameRule[] {
    const isBare = architecture === "ViTModel";
    const base = isBare ? "" : "vit.";
    const embeddings = `${base}embeddings`;
    const layer = `${base}encoder.layer.{layer}`;
    return [
      ...renamed({ "embedding.classToken": `${embeddings}.cls_token` }, behindOnes(2)),
      ...renamed({ "embedding.position.table": `${embeddings}.position_embeddings` }, behindOnes(1)),
      ...renamed({
        ...affine("embedding.patches", `${embeddings}.patch_embeddings.projection`),
        ...affine("blocks.{layer}.attentionResidual.norm", `${layer}.layernorm_before`),
        ...affine("blocks.{layer}.attention.query", `${layer}.attention.attention.query`),
        ...affine("blocks.{layer}.attention.key", `${layer}.attention.attention.key`),
        ...affine("blocks.{layer}.attention.value", `${layer}.attention.attention.value`),
        ...affine("blocks.{layer}.attention.output", `${layer}.attention.output.dense`),
        ...affine("blocks.{layer}.feedForwardResidual.norm", `${layer}.layernorm_after`),
        ...affine("blocks.{layer}.feedForward.up", `${layer}.intermediate.dense`),
        ...affine("blocks.{layer}.feedForward.down", `${layer}.output.dense`),
        ...affine("norm", `${base}layernorm`),
        ...affine("head.map", isBare ? "pooler.dense" : "classifier"),
      }),
    ];
  },
  unused: (_, architecture) => (architecture === "ViTModel" ? [/^classifier\./] : [/^vit\.pooler\./]),
};

function imageEncoderOf(spec: Spec): ImageEncoderSpec {
  if (spec.kind === "image-encoder") return spec;
  throw cannot("vit", "kind", spec.kind, `"image-encoder"`);
}

/** A height and a width, or one number for both. */
function sidesOf(config: Config, key: string): HeightWidth {
  if (!Array.isArray(config.values[key])) {
    const side = config.size(key);
    return [side, side];
  }
  const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
  const [height, width, ...more] = config.list(key, "whole numbers from 1 up", isSize);
  if (height === undefined || width === undefined || more.length > 0)
    throw config.problem(key, "a whole number from 1 up, or a list of height and width");
  return [height, width];
}
const sideOf = ([height, width]: HeightWidth): Json => (height === width ? height : [height, width]);

/** The head of an architecture. Whether a bare model has a pooler is for its checkpoint to say: a config does not. */
function headOf(config: Config, architecture: string, holds: (tensor: string) => boolean): ImageEncoderSpec["head"] {
  if (architecture !== "ViTModel") return { kind: "classification", labels: labelsOf(config) };
  if (!holds("pooler.dense.weight") && !holds("vit.pooler.dense.weight")) return { kind: "none" };
  return {
    kind: "pooler",
    width: config.size("pooler_output_size", config.size("hidden_size")),
    activation: config.choice("pooler_act", activationNames, "tanh"),
  };
}

/** How many classes there are. A config lists their names, unless there are two. */
function labelsOf(config: Config): number {
  return config.has("id2label") ? Object.keys(config.within("id2label").values).length : config.size("num_labels", 2);
}

function headConfig(head: ImageEncoderSpec["head"], width: number, architecture: string): Record<string, Json> {
  const wanted = architecture === "ViTModel" ? ["pooler", "none"] : ["classification"];
  if (!wanted.includes(head.kind))
    throw cannot("vit", "head.kind", head.kind, `"${wanted.join(`" or "`)}" as a ${architecture}`);
  switch (head.kind) {
    case "none":
      return {};
    case "pooler":
      return { pooler_output_size: head.width ?? width, pooler_act: nameOfActivation("vit", head.activation) };
    case "classification":
      return { num_labels: head.labels };
  }
}

/** The same numbers behind so many axes of 1: theirs are for a batch. */
function behindOnes(count: number): Layout {
  const ones = new Array<number>(count).fill(1);
  return {
    shapes: (ours) => ours.map((shape) => [...ones, ...shape]),
    load: (theirs, ours) => theirs.map(({ values }, i) => ({ shape: ours[i]!, values })),
    save: (ours) => ours.map(({ shape, values }) => ({ shape: [...ones, ...shape], values })),
  };
}
