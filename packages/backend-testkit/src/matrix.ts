import { opGroups } from "./group-names.ts";
import type { BackendResults, TestResult } from "./results.ts";

const perOp: ReadonlySet<string> = new Set(opGroups);
const groupOf = ({ name }: TestResult): string => name.split("/", 1)[0]!;
const opOf = ({ name }: TestResult): string => name.split("/", 3)[1]!;

/** Numbers the reasons of skips, in order of appearance. */
class Footnotes {
  readonly #notes = new Map<string, string[]>();
  /** The mark for a skipped test. */
  mark(backend: string, { name, reason = "no reason given" }: TestResult): string {
    const text = `${backend}: ${reason}`;
    const tests = this.#notes.get(text) ?? [];
    if (!tests.includes(name)) tests.push(name);
    this.#notes.set(text, tests);
    return `[${[...this.#notes.keys()].indexOf(text) + 1}]`;
  }
  lines(): string[] {
    return [...this.#notes].map(
      ([text, tests], i) => `${i + 1}. ${text} (${tests.map((name) => `\`${name}\``).join(", ")})`,
    );
  }
}

/** What a backend's tests of one row say: how it is computed, what fails, what is skipped. */
function cell(backend: string, tests: readonly TestResult[], notes: Footnotes): string {
  if (tests.length === 0) return "not tested";
  const failed = tests.filter(({ status }) => status === "failed");
  if (failed.length > 0) return `**fails**: ${failed.map(({ name }) => `\`${name}\``).join(", ")}`;
  const marks = new Set(tests.filter(({ status }) => status === "skipped").map((test) => notes.mark(backend, test)));
  const passed = tests.filter(({ status }) => status === "passed");
  const how = passed.some((test) => test.how === "kernel")
    ? "kernel"
    : passed.some((test) => test.how === "composed")
      ? "composed"
      : `${passed.length} passed`;
  return [passed.length === 0 ? "skipped" : how, ...marks].join(" ");
}

function table(
  first: string,
  rows: readonly string[],
  all: readonly BackendResults[],
  notes: Footnotes,
  of: (test: TestResult) => string,
): string[] {
  return [
    `| ${[first, ...all.map(({ backend }) => backend)].join(" | ")} |`,
    `| ${["---", ...all.map(() => "---")].join(" | ")} |`,
    ...rows.map((row) => {
      const cells = all.map(({ backend, tests }) =>
        cell(
          backend,
          tests.filter((test) => of(test) === row),
          notes,
        ),
      );
      return `| ${[`\`${row}\``, ...cells].join(" | ")} |`;
    }),
  ];
}

/**
 * The support matrix in Markdown: a row for each op and each other group of tests, a column for each backend, and the reason of every skip.
 * "kernel" says that the backend has one of its own for the op, "composed" that the op's smaller ops run there.
 */
export function renderMatrix(all: readonly BackendResults[]): string {
  const notes = new Footnotes();
  const tests = all.flatMap((results) => results.tests);
  const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
  const ops = distinct(tests.filter((test) => perOp.has(groupOf(test))).map(opOf));
  const rest = distinct(tests.map(groupOf).filter((group) => !perOp.has(group)));
  const parts = [
    ops.length === 0 ? [] : table("op", ops, all, notes, (test) => (perOp.has(groupOf(test)) ? opOf(test) : "")),
    rest.length === 0 ? [] : table("beyond single ops", rest, all, notes, groupOf),
  ];
  return [...parts, notes.lines()]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}
