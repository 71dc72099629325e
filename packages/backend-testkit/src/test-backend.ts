import { describe, test } from "vitest";

import type { BackendUnderTest, Outcome } from "./backend-test.ts";
import { backendTests } from "./backend-tests.ts";

/** What each test leaves for the reporter. */
export interface TestMeta extends Outcome {
  readonly backend: string;
  readonly name: string;
  readonly skip?: string;
}

declare module "vitest" {
  interface TaskMeta {
    tenon?: TestMeta;
  }
}

/**
 * Registers all tests of a backend with vitest: call it at the top of a test file. What is skipped shows its reason.
 * Throws `ConfigError` for a skip that has no reason or fits no test.
 *
 * @example
 * ```ts fragment
 * import { testBackend } from "@tenon/backend-testkit";
 *
 * testBackend({ name: "mine", create: () => myBackend() });
 * ```
 */
export function testBackend(backend: BackendUnderTest): void {
  /* oxlint-disable vitest/valid-title, vitest/no-disabled-tests -- names come with the tests, skips with their reasons */
  describe(backend.name, () => {
    for (const { name, skip, run } of backendTests(backend)) {
      const meta = { backend: backend.name, name };
      if (skip !== undefined) {
        test.skip(`${name} (skipped: ${skip})`, { meta: { tenon: { ...meta, skip } } }, () => undefined);
        continue;
      }
      test(name, async ({ task }) => {
        task.meta.tenon = meta;
        task.meta.tenon = { ...meta, ...(await run()) };
      });
    }
  });
}
