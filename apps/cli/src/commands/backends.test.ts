import { expect, test } from "vitest";

import { ended, jsonLines, start, tenon, without } from "../../test/tenon.ts";

const here = import.meta.dirname;

interface Shown {
  readonly backends: readonly {
    readonly backend: string;
    readonly works: boolean;
    readonly threads?: number;
    readonly product?: { readonly size: number; readonly gflopPerSecond: number };
    readonly reason?: string;
  }[];
}

test.concurrent("measures what works, and says why the others do not", async () => {
  const { code, stdout, stderr } = await tenon(["backends", "--json"], here);
  expect([code, stderr]).toEqual([0, ""]);
  const [{ backends }] = jsonLines<Shown>(stdout) as [Shown];
  expect(backends.map(({ backend, works }) => [backend, works])).toEqual([
    ["cpu", true],
    ["wasm", true],
    ["gpujs:webasm", true],
    ["gpujs:cpu", true],
    // Node has no graphics.
    ["gpujs:webgl2", false],
    ["gpujs:webgpu", false],
  ]);
  for (const { works, threads, product, reason } of backends) {
    if (works) {
      expect(threads).toBeGreaterThan(0);
      expect([128, 256, 512]).toContain(product!.size);
      expect(product!.gflopPerSecond).toBeGreaterThan(0);
      expect(product!.gflopPerSecond).toBeLessThan(Infinity);
    } else expect(reason).toMatch(/^gpujs \(\w+\): /);
  }
});

test.concurrent("as a table, which says how to get gpu.js where it is missing", async () => {
  const { code, stdout, stderr } = await ended(start(["backends"], here, without("gpu.js")));
  expect([code, stderr]).toEqual([0, ""]);
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("backend       works  threads  GFLOP/s  size  in its own words");
  expect(lines[1]).toMatch(/^cpu {11}yes +1 +[\d.,]+ +\d{3}  cpu$/);
  expect(lines[2]).toMatch(/^wasm {10}yes +\d+ +[\d.,]+ +\d{3}  wasm \(.*\)$/);
  for (const [i, mode] of ["webasm", "cpu", "webgl2", "webgpu"].entries()) {
    expect(lines[3 + i]).toMatch(
      new RegExp(`^gpujs:${mode} +no {25,}gpu\\.js could not be loaded\\. Install it: npm install gpu\\.js@[\\d.]+$`),
    );
  }
});
