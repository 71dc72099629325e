import type { Side } from "../sides.ts";
import type { Workload } from "../workloads.ts";

/** A side that is ready to compute one workload again and again. */
export interface Prepared {
  /** What is timed. */
  readonly call: () => void | Promise<void>;
  /** Comes before each call and is not timed. */
  readonly before?: () => void;
  /** What the last call computed. */
  readonly output: () => Promise<Float32Array> | Float32Array;
  /** For a side in another process, which times itself: the milliseconds of each call of a turn. */
  readonly turn?: (milliseconds: number, calls: number) => Promise<number[]>;
  /** How many multiplications and additions a call does, where that is not the workload's own number. */
  readonly operations?: number;
  /** What computed, with versions, where that is not one of the packages in `peers/package.json`. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** What every module in this folder exports as `prepare`. */
export type Prepare = (workload: Workload, side: Side) => Promise<Prepared>;

/** Thrown where a side is not to be had on this machine, and nobody can expect it to be: a line in the report, no failure. */
export class NotHere extends Error {
  override readonly name = "NotHere";
}
