import type { Stack } from "@tenon/blocks";
import { PatchEmbedding } from "@tenon/embeddings";
import { activationOf, Module, type Norm } from "@tenon/nn";
import { Extent } from "@tenon/positional";
import { scoped, type Backend, type Random, type Tensor } from "@tenon/tensor";

import type { Kinds } from "../kinds/registry.ts";
import type { ImageEncoderSpec } from "../spec.ts";
import { buildTrunk } from "../trunk.ts";
import { ClassTokenHead } from "./class-token-head.ts";
import { vectorsOf } from "./vectors-of.ts";

/**
 * A ViT-like model: an image is cut into patches, each of which sees all, behind a class token that stands for the whole. images
 * [b, channels, height, width] → what the spec's `head` says: logits [b, labels], a pooled vector [b, o], or without a head one vector for the class
 * token and each patch, [b, 1 + n, d], as `encode` gives them. Assembled from an {@link ImageEncoderSpec} by `assemble`.
 *
 * Tap: `final` [b, 1 + n, d], the vectors that `encode` gives.
 *
 * `forward` and `encode` throw `ShapeError` for images of another size or number of channels.
 *
 * Dosovitskiy et al. 2020, "An image is worth 16×16 words: transformers for image recognition at scale".
 *
 * @example
 * ```ts
 * const head = { kind: "classification", labels: 10 } as const;
 * const model = await assemble(vit({ image: [8, 8], patch: [4, 4], width: 16, layers: 2, heads: 2, head })).to(cpu());
 * const images = zeros([1, 3, 8, 8], model.backend);
 * console.log(model.forward(images).shape, model.encode(images).shape); // [ 1, 10 ] [ 1, 5, 16 ]
 * ```
 */
export class ImageEncoder extends Module<[images: Tensor], Tensor> {
  readonly embedding: PatchEmbedding;
  readonly blocks: Stack;
  readonly norm: Norm | undefined;
  readonly head: ClassTokenHead | undefined;

  readonly #spec: ImageEncoderSpec;

  /** From a checked spec; use `assemble`. */
  constructor(spec: ImageEncoderSpec, kinds: Kinds, random: Random) {
    super();
    const { image, patch, channels, head, width, dropout } = spec;
    const count = vectorsOf(spec);
    // The trunk of an encoder of which no token is looked up: what is embedded is patches.
    const { embedding, blocks, finalNorm } = buildTrunk(
      { ...spec, kind: "encoder", vocabulary: 1, context: count, segments: 0, embeddingNorm: false },
      kinds,
      random,
    );
    this.#spec = spec;
    this.embedding = new PatchEmbedding({
      ...{ image, patch, channels, width, dropout },
      position: embedding.position,
      random: random.fork("patches"),
    });
    this.blocks = blocks;
    this.norm = finalNorm;
    this.head = headOf(head, width, random.fork("head"));
  }

  /** The architecture, every default filled in. */
  get spec(): ImageEncoderSpec {
    return this.#spec;
  }
  /** Where its parameters live. Throws `BackendError` before `to(backend)`. */
  get backend(): Backend {
    return this.embedding.classToken.value.backend;
  }

  /** One vector for the class token and each patch: images [b, channels, height, width] → [b, 1 + n, d]. */
  encode(images: Tensor): Tensor {
    return scoped(() => {
      const x = this.embedding.forward(images);
      const extent = new Extent({ offset: 0, length: this.embedding.count, backend: x.backend });
      const y = this.blocks.forward(x, { extent });
      return this.tap("final", this.norm?.forward(y) ?? y);
    });
  }

  protected override compute(images: Tensor): Tensor {
    const x = this.encode(images);
    return this.head === undefined ? x : this.head.forward(x);
  }
}

function headOf(head: ImageEncoderSpec["head"], width: number, random: Random): ClassTokenHead | undefined {
  switch (head.kind) {
    case "none":
      return undefined;
    case "pooler":
      return new ClassTokenHead({
        width,
        output: head.width ?? width,
        activation: activationOf(head.activation),
        random,
      });
    case "classification":
      return new ClassTokenHead({ width, output: head.labels, random });
  }
}
