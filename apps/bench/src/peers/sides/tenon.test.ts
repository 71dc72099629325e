import { expect, test } from "vitest";

import { agreement, disagreement } from "../agreement.ts";
import type { Side } from "../sides.ts";
import type { Decoder, Encoder, Precision, Training, Workload } from "../workloads.ts";
import { prepare as reference } from "./reference.ts";
import { prepare } from "./tenon.ts";

const sizes = { vocabulary: 40, context: 16, width: 32, layers: 2, heads: 4 };
const encoder: Encoder = { kind: "encoder", name: "e", precision: "f32", batch: 2, tokens: 5, ...sizes };
const decoder: Decoder = { kind: "decoder", name: "d", precision: "f32", past: 7, ...sizes };
const side = (precision: Precision, more: Partial<Side> = {}): Side => ({
  name: "tenon",
  peer: "tenon",
  module: "tenon",
  threads: 1,
  precision,
  ...more,
});

async function output(how: typeof prepare, workload: Workload, of: Side): Promise<Float32Array> {
  const prepared = await how(workload, of);
  // Twice: a call must leave everything as it found it.
  for (let i = 0; i < 2; i++) {
    prepared.before?.();
    await prepared.call();
  }
  return prepared.output();
}

test.each([encoder, decoder])("$kind: floats agree with double precision, 8 bits nearly do", async (workload) => {
  const exact = await output(reference, workload, side("f32"));
  expect(exact.length).toBe(workload.kind === "encoder" ? 2 * 5 * 32 : 40);
  expect(disagreement(await output(prepare, workload, side("f32")), exact, "f32")).toBeUndefined();
  const rounded = agreement(await output(prepare, workload, side("8-bit")), exact);
  expect(rounded.cosine).toBeGreaterThan(0.99);
  // That many bits cannot give the exact numbers: layers that stayed floats would.
  expect(rounded.error).toBeGreaterThan(1e-4);
});

test("training: the losses of the first steps agree with double precision, of other texts each, and learning shows", async () => {
  const training: Training = { kind: "training", name: "t", precision: "f32", batch: 2, rate: 1e-2, ...sizes };
  const exact = await output(reference, training, side("f32"));
  const losses = await output(prepare, training, side("f32"));
  expect(disagreement(losses, exact, "f32", "training")).toBeUndefined();
  expect(new Set(losses).size).toBe(4);
  // The steps without learning would give what a rate of nearly 0 gives.
  const still = await output(prepare, { ...training, rate: 1e-9 }, side("f32"));
  expect(still[0]).toBe(losses[0]);
  expect(disagreement(still, exact, "f32", "training")).toMatch(/^relative error/);
});

test("a product gives the same in every variant", async () => {
  const matmul = { kind: "matmul", name: "m", precision: "f32", batch: 1, m: 3, n: 7, k: 5, constant: true } as const;
  const plain = await output(prepare, matmul, side("f32"));
  expect(plain.length).toBe(21);
  for (const variant of ["plain SIMD", "copied in and out"] as const)
    expect(
      disagreement(await output(prepare, matmul, side("f32", { variant })), plain, "f32"),
      variant,
    ).toBeUndefined();
});
