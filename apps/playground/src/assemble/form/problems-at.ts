import type { Path } from "../../spec/at-path.ts";
import { currentCheck } from "../state.ts";

/** What is wrong at exactly this place of the spec. */
export function problemAt(path: Path): string | undefined {
  const here = path.join(".");
  const found = currentCheck.value?.problems.filter((problem) => problem.path.join(".") === here) ?? [];
  return found.length === 0 ? undefined : found.map(({ text }) => capitalised(text)).join(" ");
}

/** Is something wrong at this place, or in it? */
export function isWrong(path: Path): boolean {
  return currentCheck.value?.problems.some((problem) => path.every((key, i) => problem.path[i] === key)) ?? false;
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
