import { cpu, type Backend } from "@tenon/tensor";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { DecoderSpec, EncoderSpec } from "../src/spec.ts";
import { observe, type Observed } from "./observe.ts";

/** For a `describe`: models compute on a backend what they do on `cpu()` with doubles, but for the rounding of f32, and leave nothing there. */
export function testCombinations(
  open: () => Promise<Backend & { close(): void }>,
  combinations: readonly (readonly [name: string, spec: DecoderSpec | EncoderSpec])[],
): void {
  let on: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    on = await open();
  });
  afterAll(() => on.close());
  test.each(combinations)("%s", async (_, spec) => {
    expectAgreement(await observe(spec, on), await observe(spec, cpu({ precision: "f64" })));
    await expect.poll(() => on.memory()).toEqual({ tensors: 0, bytes: 0 });
  });
}

function expectAgreement(actual: Observed, right: Observed): void {
  expect([...actual.keys()]).toEqual([...right.keys()]);
  const isGradient = (what: string): boolean => what.startsWith("the gradient");
  const steepest = Math.max(...[...right].map(([what, values]) => (isGradient(what) ? largest(values) : 0)));
  for (const [what, values] of right) {
    // Some gradients cancel out, a softmax's by the bias of its keys to exactly 0: rounding leaves of them what it does of their summands.
    const scale = Math.max(largest(values), isGradient(what) ? steepest / 100 : 0);
    expect(scale, what).toBeGreaterThan(0);
    const found = actual.get(what)!;
    expect(found, what).toHaveLength(values.length);
    const off = Array.from(values, (value, i) => Math.abs(found[i]! - value) / scale);
    for (const [i, each] of off.entries()) {
      if (!(each <= 1e-4)) expect.fail(`${what}: element ${i} is ${found[i]}, not ${values[i]}`);
    }
  }
}

const largest = (values: ArrayLike<number>): number => Math.max(...Array.from(values, Math.abs));
