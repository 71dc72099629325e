import type { Side } from "./sides.ts";
import type { Workload } from "./workloads.ts";

/** What a child is started for. */
export interface Task {
  readonly workload: Workload;
  readonly side: Side;
}

/** Compute for so long, and at least so many times. */
export interface Order {
  readonly milliseconds: number;
  readonly calls: number;
}

/** What a side computed first, and what it says of itself. */
export interface Ready {
  readonly kind: "ready";
  readonly output: Float32Array;
  readonly operations: number | undefined;
  readonly versions: Readonly<Record<string, string>> | undefined;
}

export type Answer =
  | Ready
  /** Milliseconds of each call. */
  | { readonly kind: "samples"; readonly samples: readonly number[] }
  /** It is not to be had here, and need not be. */
  | { readonly kind: "absent"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };
