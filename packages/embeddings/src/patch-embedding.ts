import { Conv2d, Dropout, expectSize, Module, normal, Parameter, xavier } from "@tenon/nn";
import { Extent, type EmbeddingPosition } from "@tenon/positional";
import {
  add,
  concat,
  ConfigError,
  expand,
  permute,
  reshape,
  ShapeError,
  type HeightWidth,
  type Random,
  type Tensor,
} from "@tenon/tensor";

/** What a {@link PatchEmbedding} is made from. */
export interface PatchEmbeddingOptions {
  /** Height and width of an image, in pixels. */
  readonly image: HeightWidth;
  /** Height and width of a patch: they divide those of the image. */
  readonly patch: HeightWidth;
  /** Numbers of a pixel. Default 3: red, green, blue. */
  readonly channels?: number | undefined;
  /** Width d of a patch's vector. */
  readonly width: number;
  /** Added for each position, the class token's is 0. Default: nothing, for models whose attention knows positions. */
  readonly position?: EmbeddingPosition | undefined;
  /** Rate of the dropout after that. Default 0. */
  readonly dropout?: number | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * What a vision transformer makes of images: each is cut into patches, row by row, that become vectors by one linear map, behind a trained class
 * token that stands for the whole, dropout([class; patches(image)] + position). images [b, channels, height, width] → [b, 1 + n, d], with
 * n = (height / patch height) · (width / patch width). The linear map of all patches is a convolution whose stride is the patch.
 *
 * Tap: `output` [b, 1 + n, d].
 *
 * Throws `ConfigError` for sizes that are not whole numbers from 1 up, patches that do not divide the image, and a dropout rate outside [0, 1);
 * `forward` throws `ShapeError` for images of another shape, and when the positions do not fit.
 *
 * Dosovitskiy et al. 2020, "An image is worth 16×16 words: transformers for image recognition at scale".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const position = new LearnedPosition({ context: 5, width: 16, random: random(1).fork("position") });
 * const embedding = new PatchEmbedding({ image: [8, 8], patch: [4, 4], width: 16, position, random: random(1) });
 * await embedding.to(on);
 * console.log(embedding.forward(zeros([2, 3, 8, 8], on)).shape); // [ 2, 5, 16 ]
 * ```
 */
export class PatchEmbedding extends Module<[images: Tensor], Tensor> {
  readonly patches: Conv2d;
  readonly classToken: Parameter;
  readonly position: EmbeddingPosition | undefined;
  readonly dropout: Dropout;

  readonly image: HeightWidth;
  readonly channels: number;
  readonly width: number;
  /** 1 + n: the class token and the patches. */
  readonly count: number;

  constructor({ image, patch, channels = 3, width, position, dropout = 0, random }: PatchEmbeddingOptions) {
    super();
    expectSize("PatchEmbedding", "channels", channels);
    expectSize("PatchEmbedding", "width", width);
    this.count = 1 + patchesOf(image, patch);
    // It maps each patch by itself, so it begins as a linear map does.
    this.patches = new Conv2d(
      { input: channels, output: width, kernel: patch, initial: xavier, random: random.fork("patches") },
      { stride: patch },
    );
    this.classToken = new Parameter([width], normal(random.fork("classToken"), 0.02));
    this.position = position;
    this.dropout = new Dropout(dropout);
    this.image = image;
    this.channels = channels;
    this.width = width;
  }

  protected override compute(images: Tensor): Tensor {
    const { channels, image, width: d, count } = this;
    const [b = 0] = images.shape;
    if (images.shape.join() !== [b, channels, ...image].join()) {
      throw new ShapeError(
        `PatchEmbedding: images must be [b, ${channels}, ${image.join(", ")}], that is channels, height and width, got [${images.shape.join(", ")}]; bring them to this size first`,
        { images: images.shape, channels, image },
      );
    }
    const cells = reshape(this.patches.forward(images), [b, d, count - 1]);
    const patches = permute(cells, [0, 2, 1]); // [b, d, n] → [b, n, d]
    const first = expand(reshape(this.classToken.value, [1, 1, d]), [b, 1, d]);
    let x = concat([first, patches], 1);
    if (this.position !== undefined) {
      const positions = this.position.embed(new Extent({ offset: 0, length: count, backend: x.backend }));
      if (positions.shape.join() !== [count, d].join()) {
        throw new ShapeError(
          `PatchEmbedding: positions must be [${count}, ${d}], one for the class token and each patch, got [${positions.shape.join(", ")}]`,
          { positions: positions.shape, count, width: d },
        );
      }
      x = add(x, positions);
    }
    return this.tap("output", this.dropout.forward(x));
  }
}

/** n: how many patches an image is cut into. */
function patchesOf(image: HeightWidth, patch: HeightWidth): number {
  const counts = (["height", "width"] as const).map((side, axis) => {
    const [pixels, each] = [image[axis]!, patch[axis]!];
    expectSize("PatchEmbedding", `the image's ${side}`, pixels);
    expectSize("PatchEmbedding", `the patch's ${side}`, each);
    if (pixels % each === 0) return pixels / each;
    throw new ConfigError(
      `PatchEmbedding: a ${side} of ${pixels} pixels is not cut evenly into patches of ${each}; choose sizes of which one divides the other`,
      { image, patch },
    );
  });
  return counts[0]! * counts[1]!;
}
