import { usualRuns } from "./groups/group.ts";
import { ConfigError } from "@tenon/tensor";

import type { BackendTest, BackendUnderTest } from "./backend-test.ts";
import type { GroupName } from "./group-names.ts";
import { groups as all } from "./groups/all.ts";
import { skipped } from "./skips.ts";
import { runCheck, Subject } from "./subject.ts";

/**
 * All tests of a backend as plain functions, for any test framework or for none. {@link testBackend} hands them to vitest.
 * Throws `ConfigError` for a group that does not exist, for a number of runs that is none, and for a skip that has no reason or fits no test.
 *
 * @example
 * ```ts
 * for (const { name, skip, run } of backendTests({ name: "cpu", create: () => cpu() })) {
 *   if (skip === undefined && name.startsWith("ops/softmax/")) await run();
 * }
 * ```
 */
export function backendTests(backend: BackendUnderTest): BackendTest[] {
  const { groups = Object.keys(all) as GroupName[], runs = usualRuns, skip: skips = [] } = backend;
  if (!Number.isInteger(runs) || runs < 1)
    throw new ConfigError(`runs must be a whole number from 1 up, got ${runs}`, { runs });
  for (const group of groups) {
    if (Object.hasOwn(all, group)) continue;
    throw new ConfigError(`there is no group "${group}" of tests; expected some of ${Object.keys(all).join(", ")}`, {
      group,
    });
  }
  const subject = new Subject(backend);
  const named = groups.flatMap((group) => all[group](runs));
  const reasons = skipped(
    named.map(([name]) => name),
    skips,
  );
  return named.map(([name, check]) => {
    const skip = reasons.get(name);
    return { name, run: () => runCheck(subject, check), ...(skip === undefined ? {} : { skip }) };
  });
}
