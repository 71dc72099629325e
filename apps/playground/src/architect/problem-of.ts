import { isTenonError } from "@tenon/tensor";

/** What is wrong with a spec, and where in it. */
export interface SpecProblem {
  /** The way there: ["decoder", "attention"]; none for the spec as a whole. */
  readonly path: readonly string[];
  readonly text: string;
}

/** What an error of `assemble` says, place by place. What is no `ConfigError` is thrown again: it is a fault of Tenon. */
export function problemsOf(error: unknown): SpecProblem[] {
  if (!isTenonError(error, "ConfigError")) throw error;
  const { path, problems } = error.fields as { path?: string; problems?: readonly string[] };
  return (problems ?? [error.message]).map((text) => problemOf(text, path));
}

/** "spec.width: expected …" → ["width"], "expected …". */
function problemOf(text: string, told: string | undefined): SpecProblem {
  const [, path, rest] = /^(spec(?:\.[\w-]+)*): (.*)$/s.exec(text) ?? [undefined, told ?? "spec", text];
  return { path: path.split(".").slice(1), text: rest };
}
