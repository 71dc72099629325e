import type { SpecProblem } from "../../architect/problem-of.ts";
import type { Path } from "../../spec/at-path.ts";
import { capitalised } from "../../interface/capitalised.ts";
import { currentCheck } from "../state.ts";

/** What is wrong at exactly this place of the spec. */
export function problemAt(path: Path): string | undefined {
  const here = path.join(".");
  const found = currentCheck.value?.problems.filter((problem) => problem.path.join(".") === here) ?? [];
  return said(found);
}

/** What is wrong at this place of the spec, or in it: one element of a list, say. */
export function problemIn(path: Path): string | undefined {
  const found = currentCheck.value?.problems.filter((problem) => path.every((key, i) => problem.path[i] === key)) ?? [];
  return said(found);
}

/** Is something wrong at this place, or in it? */
export const isWrong = (path: Path): boolean => problemIn(path) !== undefined;

const said = (problems: readonly SpecProblem[]): string | undefined =>
  problems.length === 0 ? undefined : problems.map(({ text }) => capitalised(text)).join("\n");
