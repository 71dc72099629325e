import { describeMachine } from "../machine.ts";
import { table } from "../table.ts";
import { judge } from "./goals.ts";
import { roundsOf, shareOfPeak, type Comparison, type SideResult } from "./results.ts";
import { ratio, timing } from "./statistics.ts";

/** A table, and a sentence for each side that has no row in it. */
export interface Tabled {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly others: readonly string[];
}

/** The comparison for a reader: what each side took, and how many times as fast Tenon was within the same rounds. */
export function comparisonText(comparison: Comparison): string {
  const { titles, rows, others } = comparisonTable(comparison);
  return [table(titles, rows), ...others].join("\n");
}

/** The same, cell by cell. */
export function comparisonTable(comparison: Comparison): Tabled {
  const { workload, threads, sides } = comparison;
  const tenon = roundsOf(comparison, "tenon", threads);
  const product = workload.kind === "matmul";
  const cells = (result: SideResult): string[] => {
    const { side, outcome } = result;
    if (outcome.kind !== "measured") return [];
    const { median, lowest, highest } = timing(outcome.rounds);
    const { agreement, operations } = outcome;
    const peak = side.peer === "peak";
    const share = peak ? undefined : shareOfPeak(comparison, result);
    return [
      side.name,
      String(side.threads),
      milliseconds(median),
      `${milliseconds(lowest)} – ${milliseconds(highest)}`,
      ...(product ? [((operations ?? 0) / median / 1e6).toFixed(1)] : []),
      ...(product ? [share === undefined ? "" : `${(100 * share).toFixed(0)} %`] : []),
      tenon === undefined || peak ? "" : `${ratio(outcome.rounds, tenon).toFixed(2)} ×`,
      agreement === undefined
        ? ""
        : side.precision === "f32"
          ? `error ${agreement.error.toExponential(0)}`
          : `cosine ${agreement.cosine.toFixed(5)}`,
    ];
  };
  const rows = sides.map(cells).filter((row) => row.length > 0);
  const titles = [
    `${workload.name}, ${threadCount(threads)}`,
    "threads",
    "median ms",
    "lowest – highest",
    ...(product ? ["GFLOP/s", "of peak"] : []),
    "Tenon is",
    "numbers",
  ];
  const others = sides.flatMap(({ side, outcome }) => {
    if (outcome.kind === "measured") return [];
    const what = { absent: "is not here", failed: "FAILED", wrong: "is WRONG" }[outcome.kind];
    return [`${side.name} ${what}: ${outcome.why}`];
  });
  return { titles, rows, others };
}

/** What was asked for beside what came. */
export function goalsText(comparisons: readonly Comparison[]): string {
  const { titles, rows } = goalsTable(comparisons);
  return rows.length === 0 ? "" : table(titles, rows);
}

/** The same, cell by cell. */
export function goalsTable(comparisons: readonly Comparison[]): Tabled {
  const rows = judge(comparisons).map(({ workload, threads, says, atLeast, measured }) => [
    workload,
    String(threads),
    says,
    atLeast.toFixed(2),
    measured.toFixed(2),
    measured >= atLeast ? "reached" : "MISSED",
  ]);
  return { titles: ["goal", "threads", "what", "at least", "measured", ""], rows, others: [] };
}

/** Everything, for programs: every sample of every side. */
export function reportJson(comparisons: readonly Comparison[], versions: Readonly<Record<string, string>>): object {
  return {
    machine: describeMachine(),
    node: process.versions.node,
    v8: process.versions.v8,
    versions,
    comparisons: comparisons.map((comparison) => ({
      workload: comparison.workload,
      threads: comparison.threads,
      sides: comparison.sides.map((result) => {
        const { side, outcome } = result;
        return {
          ...side,
          ...outcome,
          ...(outcome.kind === "measured" && timing(outcome.rounds)),
          shareOfPeak: side.peer === "peak" ? undefined : shareOfPeak(comparison, result),
        };
      }),
    })),
    goals: judge(comparisons),
  };
}

/** What did not go as it should. */
export const failuresOf = (comparisons: readonly Comparison[]): string[] =>
  comparisons.flatMap(({ workload, threads, sides }) =>
    sides.flatMap(({ side, outcome }) =>
      outcome.kind === "failed" || outcome.kind === "wrong"
        ? [`${side.name} (${workload.name}, ${threadCount(threads)}): ${outcome.kind}, ${outcome.why}`]
        : [],
    ),
  );

const threadCount = (threads: number): string => (threads === 1 ? "1 thread" : `${threads} threads`);

/** Three digits that say something. */
const milliseconds = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
