import { describeMachine } from "../machine.ts";
import { median } from "../peers/statistics.ts";
import { table } from "../table.ts";
import type { Contest, Outcome, SideResult } from "./contest.ts";
import type { SideName } from "./sides.ts";

/** A contest and what came of it. */
export interface Entry {
  readonly contest: Contest;
  readonly outcome: Outcome;
}

/** How many times as fast as gpu.js used naively Tenon's backend is to be in the same mode. */
export const goal = 10;
/** Hidden states may differ by so much. They are about 1, and 32-bit floats are summed in other orders. */
export const tolerance = 1e-3;

/** A contest for a reader: what the first forward took and what later ones took, and how many times as long as Tenon's backend. */
export function entryText(entry: Entry): string {
  const { contest, outcome } = entry;
  const { mode } = contest;
  const title = titleOf(contest);
  if (outcome.kind !== "measured")
    return `${title} ${outcome.kind === "absent" ? "is not here" : "FAILED"}: ${outcome.why}`;
  const rows = outcome.sides.map((side) => [
    side.name,
    milliseconds(side.first),
    milliseconds(median(side.samples)),
    `${milliseconds(Math.min(...side.samples))} – ${milliseconds(Math.max(...side.samples))}`,
    `${ratioOf(outcome.sides, side.name).toFixed(2)} ×`,
    side.difference.toExponential(0),
  ]);
  const titles = [title, "first ms", "median ms", "lowest – highest", "tenon gpujs is", "off by"];
  return [
    table(titles, rows),
    ...(outcome.device === undefined ? [] : [`on ${outcome.device}`]),
    ...(contest.profile && mode === "webgl2" ? ["No times of ops: in WebGL 2 a kernel only queues its work."] : []),
    ...(outcome.profile === undefined ? [] : [`\nThe ops of one forward of tenon gpujs\n\n${outcome.profile}`]),
  ].join("\n");
}

/** What was asked for beside what came. */
export function goalsText(entries: readonly Entry[]): string {
  const rows = entries.flatMap(({ contest, outcome }) => {
    if (outcome.kind !== "measured") return [];
    const measured = ratioOf(outcome.sides, "gpu.js naive");
    return [[titleOf(contest), goal.toFixed(2), measured.toFixed(2), measured >= goal ? "reached" : "MISSED"]];
  });
  return rows.length === 0 ? "" : table(["tenon gpujs over gpu.js naive", "at least", "measured", ""], rows);
}

/** What did not go as it should. A goal that is missed is no failure. */
export const failuresOf = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ contest, outcome }) => {
    if (outcome.kind === "absent") return [];
    if (outcome.kind === "failed") return [`${titleOf(contest)}: ${outcome.why}`];
    return outcome.sides.flatMap(({ name, difference }) =>
      difference <= tolerance
        ? []
        : [`${titleOf(contest)}: ${name} is off by ${difference.toExponential(1)}, more than ${tolerance}`],
    );
  });

/** Everything, for programs: every sample of every side. */
export const reportJson = (entries: readonly Entry[], versions: Readonly<Record<string, string>>): object => ({
  machine: describeMachine(),
  node: process.versions.node,
  v8: process.versions.v8,
  versions,
  goal,
  contests: entries.map(({ contest, outcome }) => ({
    ...contest,
    ...outcome,
    ...(outcome.kind === "measured" && { ratio: ratioOf(outcome.sides, "gpu.js naive") }),
  })),
});

/** How many times as long a side took as Tenon's backend: the median over the rounds of the ratio within the round. */
function ratioOf(sides: readonly SideResult[], name: SideName): number {
  const samples = (of: SideName): readonly number[] => sides.find((side) => side.name === of)!.samples;
  const own = samples("tenon gpujs");
  return median(samples(name).map((time, round) => time / own[round]!));
}

/** `webasm, 2 threads, 128 tokens` */
function titleOf({ mode, threads, length }: Contest): string {
  const count = threads === 1 ? "1 thread" : `${threads} threads`;
  return `${mode}, ${mode === "webasm" ? `${count}, ` : ""}${length} tokens`;
}

/** Three digits that say something. */
const milliseconds = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
