import type { Block } from "./block.ts";

/** One call of a kernel. */
export interface Job {
  /** What errors call the kernel. */
  readonly name: string;
  /**
   * The shape in which the result is computed, row-major, one to three sizes; the tensor may have any other of as many elements. The body
   * runs once for each element and finds its place in `Z`, `Y` and `X`, the last axis being X.
   */
  readonly out: readonly number[];
  /** Arrays, by the names that the body has for them, each in the shape in which it sees them: `[block, shape]`, one to three sizes. */
  readonly arrays?: Readonly<Record<string, readonly [Block, readonly number[]]>>;
  /** Numbers that may be others in the next call. What never changes is better written into the body. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Functions that the body calls, in JavaScript as gpu.js knows it. */
  readonly functions?: readonly string[];
  /**
   * Statements in JavaScript as gpu.js knows it; the last returns the element. A loop's bounds must be written as numbers: gpu.js silently
   * ends a loop to another bound after some rounds. An array is read with as many indices as its shape has sizes, and so is exact
   * beyond 2²⁴ elements, where a sum of floats is not. `NAN(x)` asks whether a variable is not a number.
   */
  readonly body: string;
  /** The body returns four numbers, in an array literal; how they lie, `Device.fours` says. */
  readonly four?: boolean;
  /**
   * More results of four numbers each, of a body that hands them to `more1(a, b, c, d)`, `more2(…)` and so on before it returns the first;
   * for devices that say `vectors`. They are the block's `more`.
   */
  readonly more?: number;
  /** How many products and sums it takes, about: whether threads pay. */
  readonly work?: number;
}

/** As many arrays as every WebGPU device takes in one kernel, besides the result. */
export const mostArrays = 7;
