import type { ActivationName } from "@tenon/nn";

import { vectorsOf } from "../image/vectors-of.ts";
import { activationCode } from "../kinds/activation-code.ts";
import type { Kinds } from "../kinds/registry.ts";
import type { ImageEncoderSpec } from "../spec.ts";
import { classCode, normed, tensor } from "./class-code.ts";
import { code, construct, importedType, named, type Expression } from "./expression.ts";
import { blocksFields, forkFor, trunkCode } from "./trunk-code.ts";

/** The class `Model` of an image encoder. */
export function imageEncoderCode(spec: ImageEncoderSpec, kinds: Kinds): Expression {
  const context = vectorsOf(spec);
  // The trunk of an encoder of which no token is looked up, as `ImageEncoder` has it.
  const trunk = trunkCode(
    { ...spec, kind: "encoder", vocabulary: 1, context, segments: 0, embeddingNorm: false },
    kinds,
  );
  const embedding = construct("PatchEmbedding", "@tenon/embeddings", {
    image: spec.image,
    patch: spec.patch,
    channels: spec.channels,
    width: named("width"),
    position: trunk.position,
    dropout: spec.dropout === 0 ? undefined : named("dropout"),
    random: forkFor("patches"),
  });
  const head = headCode(spec.head);
  const y = normed(trunk.finalNorm);
  return classCode({
    comment: "ViT-like: each patch sees all. Its images are [b, channels, height, width].",
    input: code`images: ${tensor}`,
    fields: [
      { name: "embedding", type: importedType("PatchEmbedding", "@tenon/embeddings"), value: embedding },
      ...blocksFields(trunk),
      ...(head === undefined
        ? []
        : [{ name: "head", type: importedType("ClassTokenHead", "@tenon/models"), value: head }]),
    ],
    compute: code`protected override compute(images: ${tensor}): ${tensor} {
  const x = this.embedding.forward(images);
  const y = this.blocks.forward(x);
  return ${head === undefined ? y : code`this.head.forward(${y})`};
}`,
  });
}

function headCode(head: ImageEncoderSpec["head"]): Expression | undefined {
  if (head.kind === "none") return undefined;
  const [width, random] = [named("width"), forkFor("head")];
  const given =
    head.kind === "classification"
      ? { width, output: head.labels, random }
      : {
          width,
          output: head.width ?? width,
          activation: activationCode<ActivationName | "identity">(head.activation, "identity"),
          random,
        };
  return construct("ClassTokenHead", "@tenon/models", given);
}
