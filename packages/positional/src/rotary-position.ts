import { expectPositive, expectSize, Part } from "@tenon/nn";
import { ConfigError, reshape, rope, scoped, ShapeError, transpose, type Tensor } from "@tenon/tensor";

import type { AttentionPosition } from "./attention-position.ts";
import { expectRows } from "./expect-shape.ts";
import type { Extent } from "./extent.ts";
import { positionTable } from "./position-table.ts";
import { turnInterleaved } from "./rotary-layout.ts";
import { rotaryFrequencies, type RotaryScaling, type Rotation } from "./rotary-scaling/rotary-scaling.ts";

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
  /** How texts longer than those of the training are met. Default: with the same frequencies. */
  readonly scaling?: RotaryScaling | undefined;
  /**
   * Which elements make a pair: i and i + r/2 (`"half-split"`, as in GPT-NeoX and Hugging Face's Llama), or the neighbours 2i and 2i + 1
   * (`"interleaved"`, as in RoFormer and GPT-J). Trained weights fit one of the two. Default `"half-split"`, which is faster.
   */
  readonly layout?: "half-split" | "interleaved" | undefined;
}

/**
 * Rotary position: turns pair i of each query and key by the angle p · θᵢ, with p the position and θᵢ = base^(−2i/r) unless a scaling says
 * otherwise, (a, b) → (a cos − b sin, b cos + a sin), for r = fraction · k elements of each head. A score then depends on how far apart
 * query and key are, and on nothing else of their positions. Without parameters.
 *
 * Throws `ConfigError` for sizes that are not whole numbers from 1 up, a base that is not above 0, a fraction outside (0, 1] or
 * one that turns an odd number of elements, an unknown layout, what the scaling refuses, and, in `at`, for positions beyond the context. The rotation
 * throws `ShapeError` for heads of another width, and for another number of sequences than the extent has rows of positions.
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
  readonly scaling: RotaryScaling | undefined;
  readonly layout: "half-split" | "interleaved";

  constructor({ width, base = 10000, fraction = 1, context, scaling, layout = "half-split" }: RotaryPositionOptions) {
    super();
    expectSize("RotaryPosition", "width", width);
    expectPositive("RotaryPosition", "base", base);
    if (context !== undefined) expectSize("RotaryPosition", "context", context);
    if (!["half-split", "interleaved"].includes(layout)) {
      throw new ConfigError(`RotaryPosition: layout must be "half-split" or "interleaved", got ${String(layout)}`, {
        layout,
      });
    }
    this.width = width;
    this.base = base;
    this.turned = turnedOf(width, fraction);
    this.context = context;
    this.scaling = scaling;
    this.layout = layout;
    this.rotation(1); // a scaling that does not fit says so now, and not at the first pass
  }

  /** How the pairs turn in a text of this length: r / 2 frequencies, and what cosines and sines are multiplied by. */
  rotation(length: number): Rotation {
    const { base, turned, scaling } = this;
    return (
      scaling?.rotation({ base, turned, length }) ?? {
        frequencies: rotaryFrequencies({ base, turned }),
        attentionFactor: 1,
      }
    );
  }

  at(extent: Extent): { readonly rotate: (x: Tensor) => Tensor } {
    const { end } = extent;
    if (this.context !== undefined && end > this.context) {
      throw new ConfigError(
        `RotaryPosition: ${end} positions, but the context is ${this.context}. Shorten the text, or make the model with a larger context.`,
        { length: end, context: this.context },
      );
    }
    const { cos, sin } = extent.once(this, () => this.#tables(extent));
    return {
      rotate: (x) => {
        if (x.rank !== 4 || x.shape[3] !== this.width) {
          throw new ShapeError(
            `RotaryPosition: made for heads of width ${this.width}, got [${x.shape.join(", ")}]. The width is that of one head: the model's width divided by the number of heads.`,
            { width: this.width, x: x.shape },
          );
        }
        expectRows("RotaryPosition", extent, x);
        const turn = this.layout === "interleaved" ? turnInterleaved : rope;
        return cos.rank === 2 ? turn(x, cos, sin) : turnRows(x, cos, sin, turn);
      },
    };
  }

  /** Cosine and sine of each angle, [t, r / 2] or [b, t, r / 2]. In double precision, since far positions are large multiples. */
  #tables(extent: Extent): { cos: Tensor; sin: Tensor } {
    const { frequencies, attentionFactor } = this.rotation(extent.end);
    const table = (wave: (angle: number) => number): Tensor =>
      positionTable(
        extent,
        frequencies.length,
        (position, pair) => attentionFactor * wave(position * frequencies[pair]!),
      );
    return { cos: table(Math.cos), sin: table(Math.sin) };
  }
}

/** Turns each sequence x [b, h, t, k] by angles of its own [b, t, r / 2], as one sequence b · t long: so the one kernel serves both. */
function turnRows(x: Tensor, cos: Tensor, sin: Tensor, turn: typeof rope): Tensor {
  const [b, h, t, k] = x.shape as [number, number, number, number];
  const half = cos.shape[2]!;
  return scoped(() => {
    const rows = reshape(transpose(x, 0, 1), [h, b * t, k]);
    const turned = turn(rows, reshape(cos, [b * t, half]), reshape(sin, [b * t, half]));
    return transpose(reshape(turned, [h, b, t, k]), 0, 1);
  });
}

/** How many elements of a head turn. */
function turnedOf(width: number, fraction: number): number {
  if (!(fraction > 0 && fraction <= 1)) {
    throw new ConfigError(`RotaryPosition: fraction must be above 0 and at most 1, got ${fraction}`, { fraction });
  }
  const turned = Math.round(fraction * width);
  if (turned % 2 !== 0 || turned === 0 || Math.abs(turned - fraction * width) > 1e-6) {
    throw new ConfigError(
      `RotaryPosition: elements turn in pairs, but ${fraction} of the width ${width} is ${fraction * width}; choose a width and a fraction whose product is an even whole number`,
      { width, fraction },
    );
  }
  return turned;
}
