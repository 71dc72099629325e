import { describeMachine } from "../machine.ts";
import { table } from "../table.ts";
import { judge } from "./goals.ts";
import { roundsOf, shareOfPeak, type Comparison, type SideResult } from "./results.ts";
import { ratio, timing } from "./statistics.ts";

/** The comparison for a reader: what each side took, and how many times as fast Tenon was within the same rounds. */
export function comparisonText(comparison: Comparison): string {
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
  return [table(titles, rows), ...others].join("\n");
}

/** What was asked for beside what came. */
export function goalsText(comparisons: readonly Comparison[]): string {
  const judgements = judge(comparisons);
  if (judgements.length === 0) return "";
  return table(
    ["goal", "threads", "what", "at least", "measured", ""],
    judgements.map(({ workload, threads, says, atLeast, measured }) => [
      workload,
      String(threads),
      says,
      atLeast.toFixed(2),
      measured.toFixed(2),
      measured >= atLeast ? "reached" : "MISSED",
    ]),
  );
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
