import type { BackendUnderTest } from "./backend-test.ts";
import { backendTests } from "./backend-tests.ts";
import type { BackendResults, TestResult } from "./results.ts";

/**
 * Runs all tests of a backend, one after the other, with no test framework: in a page, in a worker, in a script. Gives what became of each,
 * in the form that `tenon-testkit matrix` reads. Throws `ConfigError` as {@link backendTests} does; a test that fails does not throw.
 *
 * @example
 * ```ts
 * const { tests } = await runBackendTests({ name: "cpu", create: () => cpu(), groups: ["memory", "errors"] });
 * console.log(tests.every(({ status }) => status === "passed")); // true
 * ```
 */
export async function runBackendTests(backend: BackendUnderTest): Promise<BackendResults> {
  const tests: TestResult[] = [];
  for (const { name, skip, run } of backendTests(backend)) {
    if (skip !== undefined) {
      tests.push({ name, status: "skipped", reason: skip });
      continue;
    }
    try {
      tests.push({ name, status: "passed", ...(await run()) });
    } catch (error) {
      tests.push({ name, status: "failed", error: error instanceof Error ? error.message : String(error) });
    }
  }
  return { backend: backend.name, tests };
}
