import { expect, test } from "vitest";

import { pageOf } from "./page.ts";
import { comparisonText, goalsText, reportJson } from "./report.ts";
import type { Comparison, Outcome, SideResult } from "./results.ts";
import { peakName, type Side } from "./sides.ts";
import { workloads } from "./workloads.ts";

const workload = workloads.find(({ name }) => name === "matmul 512×512×512")!;
const result = (name: string, peer: Side["peer"], outcome: Outcome): SideResult => ({
  side: { name, peer, module: "", threads: 1, precision: "f32" },
  outcome,
});
const measured = (...times: number[]): Outcome => ({
  kind: "measured",
  rounds: times.map((time) => [time]),
  operations: 2 * 512 ** 3,
  agreement: { error: 2e-7, cosine: 1 },
  versions: {},
});
const comparison: Comparison = {
  workload,
  threads: 1,
  sides: [
    result("tenon", "tenon", measured(5, 4, 40)),
    result("onnxruntime-web", "ort-web", measured(10, 8, 60)),
    result(peakName, "peak", { ...measured(4, 4, 32), agreement: undefined } as Outcome),
    result("PyTorch", "pytorch", { kind: "absent", why: "Python has no torch" }),
    result("jax-js wasm", "jax", { kind: "wrong", why: "relative error 1.0e+0" }),
  ],
};

test("a comparison is a table: times, rates, and ratios taken within the rounds", () => {
  expect(
    comparisonText(comparison)
      .split("\n")
      .map((line) => line.replaceAll(/ {2,}/g, " | ")),
  ).toEqual([
    "matmul 512×512×512, 1 thread | threads | median ms | lowest – highest | GFLOP/s | of peak | Tenon is | numbers",
    "tenon | 1 | 5.00 | 4.00 – 40.0 | 53.7 | 80 % | 1.00 × | error 2e-7",
    "onnxruntime-web | 1 | 10.0 | 8.00 – 60.0 | 26.8 | 50 % | 2.00 × | error 2e-7",
    "128-bit peak | 1 | 4.00 | 4.00 – 32.0 | 67.1",
    "PyTorch is not here: Python has no torch",
    "jax-js wasm is WRONG: relative error 1.0e+0",
  ]);
});

test("goals are judged where both sides were measured", () => {
  expect(
    goalsText([comparison])
      .split("\n")
      .map((line) => line.replaceAll(/ {2,}/g, " | ")),
  ).toEqual([
    "goal | threads | what | at least | measured",
    "matmul 512×512×512 | 1 | tenon over onnxruntime-web | 1.40 | 2.00 | reached",
    "matmul 512×512×512 | 1 | part of the 128-bit peak | 0.90 | 0.80 | MISSED",
  ]);
  expect(goalsText([])).toBe("");
});

test("a program gets every sample", () => {
  const report = JSON.parse(JSON.stringify(reportJson([comparison], { peer: "1.2.3" }))) as Record<string, never>;
  expect(report).toMatchObject({
    node: process.versions.node,
    versions: { peer: "1.2.3" },
    comparisons: [
      {
        threads: 1,
        sides: [
          {
            name: "tenon",
            kind: "measured",
            median: 5,
            lowest: 4,
            highest: 40,
            rounds: [[5], [4], [40]],
            shareOfPeak: 0.8,
          },
          { name: "onnxruntime-web" },
          { name: peakName },
          { name: "PyTorch", kind: "absent" },
          { name: "jax-js wasm", kind: "wrong" },
        ],
      },
    ],
    goals: [
      { atLeast: 1.4, measured: 2 },
      { atLeast: 0.9, measured: 0.8 },
    ],
  });
});

test("a page has the ratios, the goals and each comparison, as Markdown", () => {
  const page = pageOf([comparison, { ...comparison, threads: 2 }], { "onnxruntime-web": "1.30.0" });
  const lines = page.split("\n");
  expect(lines.slice(0, 1)).toEqual(["# Tenon beside other libraries"]);
  expect(page).toContain("onnxruntime-web 1.30.0.");
  // Of two threads nothing was measured: these sides have one.
  expect(lines.filter((line) => line.startsWith("| matmul"))).toEqual([
    "| matmul 512×512×512 | 1 | 5 ms | 2.00 × |",
    "| matmul 512×512×512 | 1 | tenon over onnxruntime-web | 1.40 | 2.00 | reached |",
    "| matmul 512×512×512 | 1 | part of the 128-bit peak | 0.90 | 0.80 | MISSED |",
  ]);
  expect(lines).toContain("### matmul 512×512×512, 1 thread");
  expect(lines).toContain("| onnxruntime-web | 1 | 10.0 | 8.00 – 60.0 | 26.8 | 50 % | 2.00 × | error 2e-7 |");
  expect(lines).toContain("PyTorch is not here: Python has no torch");
  expect(lines).toContain("| 128-bit peak | 1 | 4.00 | 4.00 – 32.0 | 67.1 |  |  |  |");
});
