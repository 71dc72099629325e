import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { rmsNorm } from "../ops/norm.ts";
import { sort } from "../ops/sort.ts";
import { scoped } from "../scope.ts";
import { dryRun } from "./dry-run.ts";
import { fallback } from "./fallback.ts";
import { profile } from "./profile.ts";
import { record } from "./record.ts";

test.each([
  ["profile", () => profile(cpu())],
  ["fallback", () => fallback(cpu(), cpu())],
  ["record", () => record(cpu(), { expand: () => true })],
])("%s composes 16-bit floats in f32, as the backend within does", async (_, make) => {
  const [on, plain] = [make(), cpu()];
  const norms: number[][] = [];
  for (const each of [on, plain]) {
    const x = tensor([300, 400], [1, 2], each, "f16"); // f16 ends at 65504, below either square
    const weight = tensor([1, 1], [2], each, "f16");
    const y = scoped(() => rmsNorm(x, weight));
    expect(y.dtype).toBe("f16");
    norms.push([...(await y.read())]);
  }
  expect(norms[0]).toEqual(norms[1]);
  expect(norms[0]![0]).toBeGreaterThan(0.8);
});

test("an op with several results rounds each to its own dtype", async () => {
  const [values, indices] = sort(tensor([3, 1, 2], [3], profile(cpu()), "bf16"));
  expect([values.dtype, indices.dtype]).toEqual(["bf16", "i32"]);
  expect([...(await values.read())]).toEqual([1, 2, 3]);
});

test("a dry run gives the types that the backend gives", () => {
  const on = dryRun();
  const y = rmsNorm(tensor([1, 2], [1, 2], on, "f16"), tensor([1, 1], [2], on, "f16"));
  expect(y.dtype).toBe("f16");
});
