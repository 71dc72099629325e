import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";

import { backendTests } from "./backend-tests.ts";
import { runBackendTests } from "./run-backend-tests.ts";
import { skipped } from "./skips.ts";

const names = ["ops/add/f32", "ops/add/f16", "special/max", "memory/a (b) [c]"];

test("a name stands for itself, and * for anything", () => {
  const reasons = skipped(names, [
    { reason: "no halves", tests: "*/f16" },
    { reason: "flushes", tests: ["special/*", "memory/a (b) [c]"] },
  ]);
  expect([...reasons]).toEqual([
    ["ops/add/f16", "no halves"],
    ["special/max", "flushes"],
    ["memory/a (b) [c]", "flushes"],
  ]);
});

test("a skip that fits no test is out of date or misspelt", () => {
  expect(() => skipped(names, [{ reason: "slow", tests: ["ops/*", "ops/sub/*"] }])).toThrow(
    'the skip "ops/sub/*" fits no test; remove it, or spell it as one of the tests is named',
  );
  expect(() => skipped(names, [{ reason: "slow", tests: "add" }])).toThrow('the skip "add" fits no test');
});

test("a skip without a reason is refused", () => {
  expect(() => skipped(names, [{ reason: " ", tests: "ops/*" }])).toThrow(
    "a skip needs a reason: it is what the support matrix shows",
  );
});

test("a skipped test keeps its reason and does not run", async () => {
  const { tests } = await runBackendTests({
    name: "none",
    create: () => {
      throw new Error("nothing to create");
    },
    groups: ["random"],
    skip: [{ reason: "no generator", tests: "random/uniform*" }],
  });
  expect(tests.map(({ status, reason, error }) => ({ status, reason, error }))).toEqual([
    { status: "skipped", reason: "no generator", error: undefined },
    { status: "failed", reason: undefined, error: "nothing to create" },
  ]);
});

test("groups and runs that do not exist are refused", () => {
  const create = cpu;
  expect(() => backendTests({ name: "x", create, groups: ["op" as "ops"] })).toThrow(
    'there is no group "op" of tests; expected some of storage, ops, gradient',
  );
  expect(() => backendTests({ name: "x", create, runs: 0 })).toThrow("runs must be a whole number from 1 up, got 0");
  expect(
    backendTests({ name: "x", create, groups: ["special"] }).every(({ name }) => name.startsWith("special/")),
  ).toBe(true);
});

test("every test has a name of its own, that begins with its group", () => {
  const all = backendTests({ name: "x", create: cpu }).map(({ name }) => name);
  expect(new Set(all).size).toBe(all.length);
  for (const group of new Set(all.map((name) => name.split("/", 1)[0]!)))
    expect(backendTests({ name: "x", create: cpu, groups: [group as "ops"] }).map(({ name }) => name)).toEqual(
      all.filter((name) => name.startsWith(`${group}/`)),
    );
});
