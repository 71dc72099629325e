import type { Agreement } from "./agreement.ts";
import { peakName, type Side } from "./sides.ts";
import { ratio } from "./statistics.ts";
import type { Workload } from "./workloads.ts";

/** What came of a side. */
export type Outcome =
  | {
      readonly kind: "measured";
      /** Milliseconds of every call, by round. */
      readonly rounds: Rounds;
      /** Multiplications and additions of a call; undefined for models. */
      readonly operations: number | undefined;
      /** Undefined for the peak, which computes nothing. */
      readonly agreement: Agreement | undefined;
      readonly versions: Readonly<Record<string, string>>;
    }
  /** Not to be had here, which is no failure. */
  | { readonly kind: "absent"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string }
  /** Other numbers than everybody else's. */
  | { readonly kind: "wrong"; readonly why: string };

export interface SideResult {
  readonly side: Side;
  readonly outcome: Outcome;
}

/** Everybody who computed a workload with so many threads, in turn. */
export interface Comparison {
  readonly workload: Workload;
  readonly threads: number;
  readonly sides: readonly SideResult[];
}

/** The calls of one side, round after round. */
export type Rounds = readonly (readonly number[])[];

/** The part of what its cores can do with 128-bit vectors that a product reaches; undefined where there is nothing to compare. */
export function shareOfPeak(comparison: Comparison, { side, outcome }: SideResult): number | undefined {
  const peak = comparison.sides.find((each) => each.side.name === peakName)?.outcome;
  if (outcome.kind !== "measured" || outcome.operations === undefined) return undefined;
  if (peak?.kind !== "measured" || peak.operations === undefined) return undefined;
  return (ratio(peak.rounds, outcome.rounds) * outcome.operations) / (peak.operations * side.threads);
}

/** The calls of a side, by round; undefined when it was not measured. */
export function roundsOf({ sides }: Comparison, name: string, threads: number): Rounds | undefined {
  const found = sides.find(({ side }) => side.name === name && side.threads === threads);
  return found?.outcome.kind === "measured" ? found.outcome.rounds : undefined;
}
