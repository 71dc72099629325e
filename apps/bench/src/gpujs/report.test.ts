import { expect, test } from "vitest";

import type { Contest, Outcome, SideResult } from "./contest.ts";
import { entryText, failuresOf, goal, goalsText, reportJson, tolerance, type Entry } from "./report.ts";
import type { SideName } from "./sides.ts";
import { bertSmall } from "./sizes.ts";

const contest: Contest = { mode: "webasm", threads: 2, model: bertSmall, length: 128, rounds: 3, profile: false };
const side = (name: SideName, samples: readonly number[], difference = 2e-6): SideResult => ({
  name,
  first: 1000,
  samples,
  difference,
});
const measured = (slow: number): Outcome => ({
  kind: "measured",
  sides: [
    side("gpu.js naive", [10 * slow, 12 * slow, 90 * slow]),
    side("tenon gpujs", [10, 12, 90]),
    side("tenon wasm", [5, 6, 45]),
    side("tenon cpu", [20, 24, 180], 0),
  ],
});
const entry = (outcome: Outcome, more: Partial<Contest> = {}): Entry => ({
  contest: { ...contest, ...more },
  outcome,
});
const cells = (text: string): string[] => text.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "));

test("a contest is a table, and ratios are taken within the rounds", () => {
  expect(cells(entryText(entry(measured(3))))).toEqual([
    "webasm, 2 threads, 128 tokens | first ms | median ms | lowest – highest | tenon gpujs is | off by",
    "gpu.js naive | 1000 | 36.0 | 30.0 – 270 | 3.00 × | 2e-6",
    "tenon gpujs | 1000 | 12.0 | 10.0 – 90.0 | 1.00 × | 2e-6",
    "tenon wasm | 1000 | 6.00 | 5.00 – 45.0 | 0.50 × | 2e-6",
    "tenon cpu | 1000 | 24.0 | 20.0 – 180 | 2.00 × | 0e+0",
  ]);
});

test("what is not here is said with its reason", () => {
  expect(entryText(entry({ kind: "absent", why: "no Chromium" }, { mode: "webgl2", threads: 1 }))).toBe(
    "webgl2, 128 tokens is not here: no Chromium",
  );
});

test("a goal is reached or missed", () => {
  const entries = [entry(measured(3)), entry(measured(goal), { mode: "cpu" }), entry({ kind: "absent", why: "" })];
  expect(cells(goalsText(entries))).toEqual([
    "tenon gpujs over gpu.js naive | at least | measured",
    "webasm, 2 threads, 128 tokens | 10.00 | 3.00 | MISSED",
    "cpu, 128 tokens | 10.00 | 10.00 | reached",
  ]);
  expect(goalsText([entry({ kind: "absent", why: "" })])).toBe("");
});

test("other numbers are a failure, and what is no number is one; a missed goal is none", () => {
  const sides = [side("gpu.js naive", [1], 2 * tolerance), side("tenon gpujs", [1], NaN), side("tenon cpu", [1], 0)];
  const entries = [entry(measured(3)), entry({ kind: "measured", sides }), entry({ kind: "failed", why: "lost" })];
  expect(failuresOf(entries)).toEqual([
    "webasm, 2 threads, 128 tokens: gpu.js naive is off by 2.0e-3, more than 0.001",
    "webasm, 2 threads, 128 tokens: tenon gpujs is off by NaN, more than 0.001",
    "webasm, 2 threads, 128 tokens: lost",
  ]);
});

test("everything, as JSON", () => {
  expect(JSON.parse(JSON.stringify(reportJson([entry(measured(3))], { "gpu.js": "2.24.1" })))).toMatchObject({
    versions: { "gpu.js": "2.24.1" },
    goal,
    contests: [{ mode: "webasm", threads: 2, length: 128, model: { width: 512 }, ratio: 3, kind: "measured" }],
  });
});
