import { expectSize, Part } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { EmbeddingPosition } from "./embedding-position.ts";
import type { Extent } from "./extent.ts";
import { positionTable } from "./position-table.ts";

/** What a {@link SinusoidalPosition} is made from. */
export interface SinusoidalPositionOptions {
  /** Width of the embeddings that it is added to. */
  readonly width: number;
}

/**
 * Sines and cosines of geometrically growing wavelengths: for position p,
 * y[2i] = sin(p / 10000^(2i/d)) and y[2i + 1] = cos(p / 10000^(2i/d)). Without parameters and without a longest length.
 * The result is [t, d], or [b, t, d] where the sequences have positions of their own.
 *
 * Throws `ConfigError` unless the width is a whole number from 1 up.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 3.5.
 *
 * @example
 * ```ts
 * const position = new SinusoidalPosition({ width: 64 });
 * const table = position.embed(new Extent({ offset: 0, length: 128, backend: cpu() })); // [128, 64]
 * ```
 */
export class SinusoidalPosition extends Part implements EmbeddingPosition {
  readonly width: number;

  constructor({ width }: SinusoidalPositionOptions) {
    super();
    expectSize("SinusoidalPosition", "width", width);
    this.width = width;
  }

  embed(extent: Extent): Tensor {
    const { width } = this;
    const frequencies = Array.from({ length: width }, (_, column) => 10000 ** (-(column - (column % 2)) / width));
    return positionTable(extent, width, (position, column) => {
      const angle = position * frequencies[column]!;
      return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    });
  }
}
