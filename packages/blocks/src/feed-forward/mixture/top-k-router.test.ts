import { patch } from "@tenon/nn";
import { cpu, ones, random, sum, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { TopKRouter, type TopKRouterOptions } from "./top-k-router.ts";

const on = cpu({ precision: "f64" });
const router = (options: Partial<TopKRouterOptions> = {}): TopKRouter =>
  new TopKRouter({ width: 2, experts: 4, expertsPerToken: 2, random: random(1), ...options });
/** Routes one token with these logits. */
async function route(logits: number[], options: Partial<TopKRouterOptions> = {}) {
  const part = await router({ experts: logits.length, ...options }).to(on);
  const { chosen, weights } = patch(part, { logits: () => tensor(logits, [1, 1, logits.length], on) }, () =>
    part.forward(ones([1, 1, 2], on)),
  );
  return { chosen: [...(await chosen.read())], weights: [...(await weights.read())] };
}
const softmax = (logits: number[]): number[] => {
  const total = logits.reduce((sum, x) => sum + Math.exp(x), 0);
  return logits.map((x) => Math.exp(x) / total);
};

test("the largest logits decide, and of equal ones the first expert", async () => {
  expect((await route([0, 3, 1, 2])).chosen).toEqual([1, 3]);
  expect((await route([1, 1, 1, 1])).chosen).toEqual([0, 1]);
  expect((await route([0, 2, 5, 2, 2], { expertsPerToken: 3 })).chosen).toEqual([2, 1, 3]);
});

test("the weights are a softmax over the selected or over all", async () => {
  const logits = [0.5, 3, -1, 2];
  const expectClose = (actual: number[], expected: number[]): void =>
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
  expectClose((await route(logits, { softmax: "selected" })).weights, softmax([3, 2]));
  const all = softmax(logits);
  expectClose((await route(logits, { softmax: "all" })).weights, [all[1]!, all[3]!]);
  expectClose((await route(logits)).weights, softmax([3, 2]));
});

test("with one expert per token the weight is over all unless told otherwise, so that the router can learn", async () => {
  expect((await route([1, 2], { expertsPerToken: 1 })).weights[0]).toBeCloseTo(softmax([1, 2])[1]!, 12);
  expect((await route([1, 2], { expertsPerToken: 1, softmax: "selected" })).weights).toEqual([1]);
});

test("logits are x Wᵀ", async () => {
  const part = await router({ experts: 3 }).to(on);
  part.weight.assign(Float64Array.of(1, 2, 3, 4, 5, 6));
  const { logits } = part.forward(tensor([1, 10], [1, 1, 2], on));
  expect([...(await logits.read())]).toEqual([21, 43, 65]);
  expect((await sum(logits).read())[0]).toBe(129);
});

test("bad options are refused", () => {
  expect(() => router({ expertsPerToken: 5 })).toThrow("TopKRouter: a token cannot pass 5 experts where there are 4");
  expect(() => router({ expertsPerToken: 0 })).toThrow("TopKRouter: expertsPerToken must be a whole number from 1 up");
  expect(() => router({ experts: 0 })).toThrow("TopKRouter: experts must be a whole number from 1 up, got 0");
  expect(() => router({ width: 0 })).toThrow("TopKRouter: width must be a whole number from 1 up, got 0");
  expect(() => router({ softmax: "none" as "all" })).toThrow(
    'TopKRouter: softmax must be "selected" or "all", got "none"',
  );
});
