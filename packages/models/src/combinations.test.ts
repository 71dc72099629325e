// Every part with every other: models build from a spec, run forward, take one training step, and lose no memory.
// `npm run test:combinations` runs all of them, this file by itself some, in which any two choices meet.
import { valueAndGrad, withDropout } from "@tenon/nn";
import { cpu, crossEntropy, random, reshape, scoped, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { allCombinations, someCombinations } from "../test/combinations.ts";
import { someIds, upload, whole } from "../test/models.ts";
import { assemble } from "./assemble.ts";

const combinations = process.env["COMBINATIONS"] === "all" ? allCombinations : someCombinations;
const [batch, length, vocabulary] = [2, 6, 11];
const ids = someIds(vocabulary, batch * length);

test.each(combinations)("%s", async (_, spec) => {
  const on = cpu();
  const model = await assemble(spec, { seed: 1 }).to(on);
  const placed = on.memory();
  expect(placed.tensors).toBe(model.parameters().size);
  const loss = (): Tensor => {
    const lengths = whole([6, 4], [2], on);
    const targets = whole(someIds(vocabulary, batch * length, 2), [batch * length], on);
    const logits = model.forward(upload(ids, batch, on), { lengths });
    return crossEntropy(reshape(logits, [batch * length, vocabulary]), targets);
  };
  const lossNow = async (): Promise<number> => {
    using value = scoped(loss);
    return (await value.read())[0]!;
  };
  const before = await lossNow();
  expect(before).toBeGreaterThan(0);

  // One short step downhill, with the dropout off: the loss must fall.
  const { value, gradients } = valueAndGrad(model, loss);
  const found = new Map<string, ArrayLike<number>>();
  for (const [path, parameter] of model.parameters()) {
    const gradient = gradients.get(parameter);
    expect(gradient, `${path} has a gradient`).toBeDefined();
    found.set(path, await gradient!.read());
  }
  for (const tensor of [value, ...gradients.values()]) tensor[Symbol.dispose]();
  const norm = Math.hypot(...[...found.values()].map((gradient) => Math.hypot(...Array.from(gradient))));
  expect(norm).toBeGreaterThan(0);
  expect(norm).toBeLessThan(1e4);
  for (const [path, parameter] of model.parameters()) {
    const values = await parameter.host();
    const gradient = found.get(path)!;
    parameter.assign(values.map((x, i) => x - (3e-4 * gradient[i]!) / norm));
  }
  expect(await lossNow()).toBeLessThan(before);
  expect(on.memory()).toEqual(placed);

  // With the dropout on, it is another loss, and leaves nothing behind either.
  const dropped = withDropout(model, random(3), 0, () => valueAndGrad(model, loss));
  expect((await dropped.value.read())[0]).not.toBe(before);
  for (const tensor of [dropped.value, ...dropped.gradients.values()]) tensor[Symbol.dispose]();
  expect(on.memory()).toEqual(placed);
  model[Symbol.dispose]();
  expect(on.memory().tensors).toBe(0);
});
