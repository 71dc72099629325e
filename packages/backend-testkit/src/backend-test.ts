import type { Backend } from "@tenon/tensor";

import type { GroupName } from "./group-names.ts";

/** How far a result may lie from the reference: relative beyond 1, absolute below. */
export interface Tolerances {
  /** One op in single precision. Default 1e-5. */
  readonly f32: number;
  /** One op in half precision. Default 1e-2. */
  readonly f16: number;
  /** One op in bfloat16. Default 3e-2. */
  readonly bf16: number;
  /** The gradient of one op. Default 1e-4. */
  readonly gradient: number;
  /** A whole model, forward and backward. Default 1e-4. */
  readonly model: number;
}

export const standardTolerances: Tolerances = { f32: 1e-5, f16: 1e-2, bf16: 3e-2, gradient: 1e-4, model: 1e-4 };

/** Tests that a backend does not pass yet, and why. Stands in the support matrix. */
export interface Skip {
  readonly reason: string;
  /** Names of tests; `*` stands for anything: `special/*`. */
  readonly tests: string | readonly string[];
}

/** The backend to test. */
export interface BackendUnderTest {
  /** What the results and the support matrix call it. */
  readonly name: string;
  /** Makes the backend; called once for all tests. */
  readonly create: () => Backend | Promise<Backend>;
  readonly tolerances?: Partial<Tolerances>;
  readonly skip?: readonly Skip[];
  /** The groups to run, for a backend that another run tests in full. Default: all. */
  readonly groups?: readonly GroupName[];
  /** How many random calls `property/…` tries of each op, the same ones each time; with fewer than usual, also how many `decorators/…` do. Default 25. */
  readonly runs?: number;
}

/** What a passing test found out. */
export interface Outcome {
  /** Did a kernel of the backend's own compute the op, or its composition? */
  readonly how?: "kernel" | "composed";
}

/** One check of a backend, free of any test framework. */
export interface BackendTest {
  /** Its path, the group first: `ops/softmax/f16`. */
  readonly name: string;
  /** Why it is left out. */
  readonly skip?: string;
  /** Throws what is wrong. */
  readonly run: () => Promise<Outcome>;
}
