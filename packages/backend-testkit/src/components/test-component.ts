import type { Json } from "@tenon/tensor";
import { describe, test } from "vitest";

import type { ComponentUnderTest } from "./component-test.ts";
import { componentTests } from "./component-tests.ts";

/**
 * Registers all tests of a part with vitest: shapes, parameter count, config through JSON, determinism, gradients, save and load,
 * memory, fused against composed, and causality where it is claimed.
 *
 * @example
 * ```ts fragment
 * import { testComponent } from "@tenon/backend-testkit";
 *
 * testComponent({
 *   name: "MyNorm",
 *   config: { width: 8 },
 *   create: ({ width }) => new MyNorm(width),
 *   inputs: (on) => [ones([2, 8], on)],
 *   outputShape: [2, 8],
 *   parameters: 8,
 *   seeded: false,
 * });
 * ```
 */
export function testComponent<C extends Json, I extends readonly unknown[], O>(
  given: ComponentUnderTest<C, I, O>,
): void {
  /* oxlint-disable vitest/valid-title -- the names come with the tests */
  describe(given.name, () => {
    for (const { name, run } of componentTests(given)) test(name, run);
  });
}
