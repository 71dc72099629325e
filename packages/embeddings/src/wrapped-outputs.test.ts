import { Linear } from "@tenon/nn";
import { cpu, random, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { ScaledLogits } from "./scaled-logits.ts";
import { ScaledOutput } from "./scaled-output.ts";
import { SoftCappedLogits } from "./soft-capped-logits.ts";

const on = cpu({ precision: "f64" });
/** x → [x₀ + 10, x₁ − 10, 2 x₀] for x [4] of which the rest is 0. */
async function output(): Promise<Linear> {
  const layer = await new Linear({ input: 4, output: 3, random: random(1) }).to(on);
  layer.weight.assign(Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0));
  layer.bias!.assign(Float64Array.of(10, -10, 0));
  return layer;
}
const x = tensor([4, 8, 0, 0], [1, 1, 4], on);

test("a scaled output scales what goes in, by 1/√d or as told; a bias stays as it is", async () => {
  expect([...(await new ScaledOutput(await output()).forward(x).read())]).toEqual([12, -6, 4]);
  expect([...(await new ScaledOutput(await output(), { scale: 0.25 }).forward(x).read())]).toEqual([11, -8, 2]);
});

test("scaled logits are scaled with their bias", async () => {
  expect([...(await new ScaledLogits(await output(), 0.5).forward(x).read())]).toEqual([7, -1, 4]);
});

test("capped logits stay within the cap, in order, and small ones as they were", async () => {
  const capped = async (cap: number): Promise<number[]> => [
    ...(await new SoftCappedLogits(await output(), cap).forward(x).read()),
  ];
  expect(await capped(5)).toEqual([14, -2, 8].map((logit) => expect.closeTo(5 * Math.tanh(logit / 5), 12) as number));
  const tight = await capped(5);
  expect(tight.every((logit) => Math.abs(logit) < 5)).toBe(true);
  expect(tight[0]).toBeGreaterThan(tight[2]!);
  for (const [i, logit] of (await capped(1e6)).entries()) expect(logit).toBeCloseTo([14, -2, 8][i]!, 6);
});

test("they hold the output and learn nothing more, under its own name", async () => {
  const wrapped = new SoftCappedLogits(new ScaledLogits(new ScaledOutput(await output()), 2), 30);
  expect([...wrapped.parameters().keys()]).toEqual(["output.output.output.weight", "output.output.output.bias"]);
});

test("bad numbers are refused by name", async () => {
  const layer = await output();
  expect(() => new ScaledOutput(layer, { scale: Number.NaN })).toThrow(
    "ScaledOutput: scale must be a finite number above 0, got NaN",
  );
  expect(() => new ScaledLogits(layer, 0)).toThrow("ScaledLogits: scale must be a finite number above 0, got 0");
  expect(() => new SoftCappedLogits(layer, -30)).toThrow(
    "SoftCappedLogits: cap must be a finite number above 0, got -30",
  );
});
