import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

import type { TestResult } from "../results.ts";
import type { TestMeta } from "../test-backend.ts";

/** Where the results go. */
export interface TestkitReporterOptions {
  /** The folder for one JSON file for each backend. Default "backend-results". */
  readonly folder?: string;
}

/**
 * A reporter for vitest that writes what became of each backend's tests to `<folder>/<backend>.json`, for `tenon-testkit matrix`.
 * Only a run of all tests gives a full file: filters leave tests out.
 *
 * @example
 * ```ts fragment
 * import TestkitReporter from "@tenon/backend-testkit/reporter";
 *
 * export default defineConfig({ test: { reporters: ["default", new TestkitReporter({ folder: "support" })] } });
 * ```
 */
// oxlint-disable-next-line import/no-default-export -- vitest takes a reporter that it is given by name from there
export default class TestkitReporter implements Reporter {
  readonly #folder: string;
  constructor({ folder = "backend-results" }: TestkitReporterOptions = {}) {
    this.#folder = folder;
  }
  onTestRunEnd(modules: readonly TestModule[]): void {
    const backends = new Map<string, TestResult[]>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const meta: TestMeta | undefined = test.meta().tenon;
        const { state, errors = [] } = test.result();
        if (meta === undefined || state === "pending") continue;
        const { backend, name, skip, how } = meta;
        const those = backends.get(backend) ?? [];
        backends.set(backend, those);
        those.push({
          name,
          status: state,
          ...(how === undefined ? {} : { how }),
          ...(skip === undefined ? {} : { reason: skip }),
          ...(errors.length === 0 ? {} : { error: errors.map(({ message }) => message).join("\n") }),
        });
      }
    }
    mkdirSync(this.#folder, { recursive: true });
    for (const [backend, tests] of backends) {
      const file = join(this.#folder, `${backend.replaceAll(/[^\w.-]+/gu, "-")}.json`);
      writeFileSync(file, `${JSON.stringify({ backend, tests }, undefined, 1)}\n`);
    }
  }
}
