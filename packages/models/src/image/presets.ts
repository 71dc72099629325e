import type { HeightWidth } from "@tenon/tensor";

import type { ImageEncoderSpec } from "../spec.ts";
import type { ImageHeadSpec } from "./image-head-spec.ts";

/** The sizes that {@link vit} asks for. */
export interface ImageSizes {
  /** Height and width of an image, in pixels. */
  readonly image: HeightWidth;
  /** Height and width of a patch. */
  readonly patch: HeightWidth;
  /** Numbers of a pixel. Default 3. */
  readonly channels?: number | undefined;
  /** d: a multiple of the number of heads. */
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Default: none. */
  readonly head?: ImageHeadSpec | undefined;
  /** Default 0. */
  readonly dropout?: number | undefined;
}

/**
 * ViT's architecture (Dosovitskiy et al. 2020): patches behind a class token, learned positions, pre-norm blocks, exact GELU. ViT-Base is 12 layers of
 * width 768 with 12 heads, for images of [224, 224] in patches of [16, 16].
 *
 * @example
 * ```ts
 * const head = { kind: "classification", labels: 10 } as const;
 * const model = assemble(vit({ image: [32, 32], patch: [4, 4], width: 96, layers: 4, heads: 4, head }));
 * ```
 */
export function vit({
  image,
  patch,
  channels = 3,
  width,
  layers,
  heads,
  head = { kind: "none" },
  dropout = 0,
}: ImageSizes): ImageEncoderSpec {
  return {
    version: 1,
    kind: "image-encoder",
    image,
    patch,
    channels,
    width,
    layers,
    position: { kind: "learned" },
    attention: { kind: "multi-head", heads },
    feedForward: { kind: "mlp", hidden: 4 * width, activation: "gelu" },
    norm: { kind: "layer-norm", epsilon: 1e-12 },
    residual: { kind: "pre-norm" },
    dropout,
    head,
  };
}
