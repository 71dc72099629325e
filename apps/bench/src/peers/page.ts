import { describeMachine } from "../machine.ts";
import { comparisonTable, goalsTable, type Tabled } from "./report.ts";
import { roundsOf, type Comparison } from "./results.ts";
import { ratio, timing } from "./statistics.ts";

/** The comparisons as a page of Markdown: all ratios in one table, then what was asked for, then each comparison by itself. */
export function pageOf(comparisons: readonly Comparison[], versions: Readonly<Record<string, string>>): string {
  const goals = goalsTable(comparisons);
  return [
    "# Tenon beside other libraries",
    "Made by `npm run bench -- peers --page docs/benchmarks.md`: it is written by what measures, and by nobody else. [How it is measured, and what to make of it](../apps/bench/README.md).",
    `${describeMachine()}. ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}.`,
    "## How many times as long as Tenon",
    "With as many threads; below 1 the other was faster. Each ratio is the median over the rounds of the ratio within a round.",
    markdown(ratios(comparisons)),
    ...(goals.rows.length === 0 ? [] : ["## What Tenon has set out to reach", markdown(goals)]),
    "## One by one",
    ...comparisons.flatMap((comparison) => {
      const { titles, rows, others } = comparisonTable(comparison);
      const [title = "", ...more] = titles;
      return [`### ${title}`, markdown({ titles: ["", ...more], rows, others })];
    }),
    "",
  ].join("\n\n");
}

/** A row for each workload and number of threads, a column for each library that Tenon was measured beside. */
function ratios(comparisons: readonly Comparison[]): Tabled {
  const isOther = ({ side }: Comparison["sides"][number]): boolean => side.peer !== "tenon" && side.peer !== "peak";
  const names = [
    ...new Set(comparisons.flatMap(({ sides }) => sides.filter(isOther).map(({ side }) => side.name))),
  ].filter((name) => comparisons.some((comparison) => roundsOf(comparison, name, comparison.threads) !== undefined));
  const rows = comparisons.flatMap((comparison) => {
    const tenon = roundsOf(comparison, "tenon", comparison.threads);
    if (tenon === undefined) return [];
    const beside = names.map((name) => {
      const other = roundsOf(comparison, name, comparison.threads);
      return other === undefined ? "" : `${ratio(other, tenon).toFixed(2)} ×`;
    });
    return [
      [
        comparison.workload.name,
        String(comparison.threads),
        `${Number(timing(tenon).median.toPrecision(3))} ms`,
        ...beside,
      ],
    ];
  });
  return { titles: ["workload", "threads", "Tenon", ...names], rows, others: [] };
}

/** A table of Markdown, and below it the sentences, one line each. */
function markdown({ titles, rows, others }: Tabled): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = titles.map((_, i) => (i === 0 ? "---" : "---:"));
  const filled = rows.map((row) => titles.map((_, i) => row[i] ?? ""));
  return [line(titles), line(rule), ...filled.map(line), ...others.flatMap((other) => ["", other])].join("\n");
}
