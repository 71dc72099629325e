import { expectPositive, expectSize, Part } from "@tenon/nn";
import { ConfigError, rope, ShapeError, tensor, type Tensor } from "@tenon/tensor";

import type { AttentionPosition } from "./attention-position.ts";
import type { Extent } from "./extent.ts";

/** What a {@link RotaryPosition} is made from. */
export interface RotaryPositionOptions {
  /** Width k of one head. */
  readonly width: number;
  /** The slowest angle turns about 1 / base as fast as the fastest. Default 10000. */
  readonly base?: number | undefined;
  /** The share of each head that turns; the rest carries no position. Default 1; GPT-NeoX takes 0.25. */
  readonly fraction?: number | undefined;
  /** The most positions that are allowed. Default: no limit. */
  readonly context?: number | undefined;
}

/**
 * Rotary position: turns the pair (x[i], x[i + r/2]) of each query and key by the angle p · base^(−2i/r), with p the position and
 * r = fraction · k the number of elements that turn. A score then depends on how far apart query and key are, and on nothing
 * else of their positions. Without parameters. The pairs lie half the turned part apart, as in Hugging Face's Llama.
 *
 * Throws `ConfigError` for sizes that are not whole numbers from 1 up, a base that is not above 0, a fraction outside (0, 1] or
 * one that turns an odd number of elements, and, in `at`, for positions beyond the context. The rotation throws `ShapeError`
 * for heads of another width.
 *
 * Su et al. 2021, "RoFormer: enhanced transformer with rotary position embedding".
 *
 * @example
 * ```ts
 * const backend = cpu();
 * const position = new RotaryPosition({ width: 4 });
 * const { rotate } = position.at(new Extent({ offset: 0, length: 2, backend }));
 * const queries = tensor([1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 2, 4], backend);
 * const turned = rotate(queries); // [b, h, t, k] → [b, h, t, k]; the first row, at position 0, is unchanged
 * ```
 */
export class RotaryPosition extends Part implements AttentionPosition {
  readonly width: number;
  readonly base: number;
  /** How many elements of each head turn. */
  readonly turned: number;
  readonly context: number | undefined;

  constructor({ width, base = 10000, fraction = 1, context }: RotaryPositionOptions) {
    super();
    expectSize("RotaryPosition", "width", width);
    expectPositive("RotaryPosition", "base", base);
    if (context !== undefined) expectSize("RotaryPosition", "context", context);
    if (!(fraction > 0 && fraction <= 1)) {
      throw new ConfigError(`RotaryPosition: fraction must be above 0 and at most 1, got ${fraction}`, { fraction });
    }
    const turned = Math.round(fraction * width);
    if (turned % 2 !== 0 || Math.abs(turned - fraction * width) > 1e-6) {
      throw new ConfigError(
        `RotaryPosition: elements turn in pairs, but ${fraction} of the width ${width} is ${fraction * width}; choose a width and a fraction whose product is an even whole number`,
        { width, fraction },
      );
    }
    this.width = width;
    this.base = base;
    this.turned = turned;
    this.context = context;
  }

  at(extent: Extent): { readonly rotate: (x: Tensor) => Tensor } {
    const end = extent.offset + extent.length;
    if (this.context !== undefined && end > this.context) {
      throw new ConfigError(
        `RotaryPosition: ${end} positions, but the context is ${this.context}. Shorten the text, or make the model with a larger context.`,
        { length: end, context: this.context },
      );
    }
    const { cos, sin } = extent.once(this, () => ({
      cos: this.#table(extent, Math.cos),
      sin: this.#table(extent, Math.sin),
    }));
    return {
      rotate: (x) => {
        if (x.shape.at(-1) !== this.width) {
          throw new ShapeError(
            `RotaryPosition: made for heads of width ${this.width}, got [${x.shape.join(", ")}]. The width is that of one head: the model's width divided by the number of heads.`,
            { width: this.width, x: x.shape },
          );
        }
        return rope(x, cos, sin);
      },
    };
  }

  /** wave(angle) for each position and pair: [t, r / 2]. In double precision, since far positions are large multiples. */
  #table({ offset, length, backend }: Extent, wave: (angle: number) => number): Tensor {
    const half = this.turned / 2;
    const table = new Float64Array(length * half);
    for (let pair = 0; pair < half; pair++) {
      const speed = this.base ** (-pair / half);
      for (let row = 0; row < length; row++) table[row * half + pair] = wave((offset + row) * speed);
    }
    return tensor(table, [length, half], backend);
  }
}
