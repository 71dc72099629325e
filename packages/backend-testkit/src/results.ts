import { ConfigError } from "@tenon/tensor";

import type { Outcome } from "./backend-test.ts";

/** What became of one test. */
export interface TestResult extends Outcome {
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  /** Why it was skipped. */
  readonly reason?: string;
  /** What is wrong, when it failed. */
  readonly error?: string;
}
/** What became of all tests of one backend. */
export interface BackendResults {
  readonly backend: string;
  readonly tests: readonly TestResult[];
}

/** Reads what a run wrote. Throws `ConfigError` when the text is something else. */
export function parseResults(text: string, title: string): BackendResults {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `${title} is no JSON; expected results that the testkit's reporter wrote`,
      { title },
      { cause },
    );
  }
  const { backend, tests } = (found ?? {}) as Partial<BackendResults>;
  const sound =
    typeof backend === "string" &&
    Array.isArray(tests) &&
    tests.every(
      (test: Partial<TestResult> | null) =>
        typeof test?.name === "string" && ["passed", "failed", "skipped"].includes(test.status ?? ""),
    );
  if (!sound)
    throw new ConfigError(
      `${title} holds no results: expected { backend, tests: [{ name, status }] }, as the reporter writes`,
      {
        title,
      },
    );
  return found as BackendResults;
}
