import { existsSync } from "node:fs";

import { expect, test } from "vitest";

import { peerNames, sidesFor } from "./sides.ts";
import { workloads } from "./workloads.ts";

const all = workloads.flatMap((workload) => [1, 2].flatMap((threads) => sidesFor(workload, threads)));
const names = (workload: string, threads: number): string[] =>
  sidesFor(
    workloads.find(({ name }) => name === workload)!,
    threads,
  ).map((side) => `${side.name} ${side.threads}`);

test("every side has a module, every peer takes part, and no two rows are the same", () => {
  for (const { module } of all) expect(existsSync(new URL(`sides/${module}.ts`, import.meta.url)), module).toBe(true);
  expect(new Set(all.map(({ peer }) => peer))).toEqual(new Set([...peerNames, "peak"]));
  for (const { name } of workloads)
    for (const threads of [1, 2]) expect(new Set(names(name, threads)).size).toBe(names(name, threads).length);
});

test("plain JavaScript is spared what would take it seconds", () => {
  expect(names("matmul 512×512×512", 1)).toEqual(
    expect.arrayContaining(["plain loops 1", "tfjs (cpu) 1", "gpu.js cpu 1"]),
  );
  expect(names("matmul 1024×1024×1024", 1).join()).not.toMatch(/loops|cpu/);
});

test("where two threads compute, those that have one are left out, and Tenon's single thread is there to compare with", () => {
  const two = names("encoder 1×128 f32", 2);
  expect(two.join()).not.toMatch(/tfjs|jax/);
  expect(two).toEqual(expect.arrayContaining(["tenon 2", "tenon 1", "onnxruntime-web 2", "transformers.js 2"]));
});

test("training is for those that can", () => {
  expect(names("training step", 1)).toEqual([
    "tenon 1",
    "tenon (revectorize) 1",
    "tfjs wasm 1",
    "jax-js wasm 1",
    "PyTorch 1",
  ]);
  expect(names("training step", 2)).toEqual(["tenon 2", "tenon (revectorize) 2", "PyTorch 2", "tenon 1"]);
});

test("8-bit weights meet native floats as well as 8-bit weights", () => {
  expect(names("encoder 8×128 8-bit", 1)).toEqual(
    expect.arrayContaining(["onnxruntime-node 1", "onnxruntime-node f32 1"]),
  );
});
