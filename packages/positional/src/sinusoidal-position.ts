import { expectSize, Part } from "@tenon/nn";
import { ConfigError, type Tensor } from "@tenon/tensor";

import type { EmbeddingPosition } from "./embedding-position.ts";
import type { Extent } from "./extent.ts";
import { positionTable } from "./position-table.ts";

/** What a {@link SinusoidalPosition} is made from. */
export interface SinusoidalPositionOptions {
  /** Width of the embeddings that it is added to. */
  readonly width: number;
  /** Where the sines and cosines stand: in turns, or all sines in the first half. Default "interleaved". */
  readonly layout?: "interleaved" | "half-split" | undefined;
}

/**
 * Sines and cosines of geometrically growing wavelengths: for position p,
 * y[2i] = sin(p / 10000^(2i/d)) and y[2i + 1] = cos(p / 10000^(2i/d)). Without parameters and without a longest length.
 * The result is [t, d], or [b, t, d] where the sequences have positions of their own. In the layout "half-split" the same sines come first,
 * and then the cosines, as in Marian: a model that was trained with one layout is lost with the other.
 *
 * Throws `ConfigError` unless the width is a whole number from 1 up, and for another layout.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 3.5; Junczys-Dowmunt et al. 2018, "Marian: fast neural machine translation in C++".
 *
 * @example
 * ```ts
 * const position = new SinusoidalPosition({ width: 64 });
 * const table = position.embed(new Extent({ offset: 0, length: 128, backend: cpu() })); // [128, 64]
 * ```
 */
export class SinusoidalPosition extends Part implements EmbeddingPosition {
  readonly width: number;
  readonly layout: "interleaved" | "half-split";

  constructor({ width, layout = "interleaved" }: SinusoidalPositionOptions) {
    super();
    expectSize("SinusoidalPosition", "width", width);
    if (layout !== "interleaved" && layout !== "half-split") {
      throw new ConfigError(
        `SinusoidalPosition: layout must be "interleaved" or "half-split", got ${JSON.stringify(layout)}`,
        { layout },
      );
    }
    this.width = width;
    this.layout = layout;
  }

  embed(extent: Extent): Tensor {
    const { width, layout } = this;
    const sines = Math.ceil(width / 2);
    const waves = Array.from({ length: width }, (_, column) => {
      const place = layout === "interleaved" ? column : column < sines ? 2 * column : 2 * (column - sines) + 1;
      const wave = place % 2 === 0 ? Math.sin : Math.cos;
      return { wave, frequency: 10000 ** (-(place - (place % 2)) / width) };
    });
    return positionTable(extent, width, (position, column) => {
      const { wave, frequency } = waves[column]!;
      return wave(position * frequency);
    });
  }
}
