// The backend in a page; `npm run test:browser` runs the whole kit there, on the built package.
import { cpu, matmul, random, tensor, type Backend } from "@tenon/tensor";
import { expect, onTestFinished, test } from "vitest";

import { wasm } from "./wasm.ts";

/** A product of 40 × 70 by 70 × 50 numbers. */
async function product(on: Backend): Promise<Float32Array> {
  const dice = random(1);
  const normal = (rows: number, columns: number) =>
    tensor(
      Float32Array.from({ length: rows * columns }, () => dice.normal()),
      [rows, columns],
      on,
    );
  return (await matmul(normal(40, 70), normal(70, 50)).read()) as Float32Array;
}

test("an isolated page computes on several threads what the CPU backend computes", async () => {
  expect(crossOriginIsolated).toBe(true);
  const on = await wasm({ threads: 3 });
  onTestFinished(() => on.close());
  expect(on.threads).toBe(3);
  expect(on.name).toMatch(/^wasm \((relaxed )?SIMD, 3 threads\)$/);

  const [ours, theirs] = await Promise.all([product(on), product(cpu())]);
  expect(ours.length).toBe(2000);
  ours.forEach((value, i) => expect(value).toBeCloseTo(theirs[i]!, 4));
});
