import { cpu, random, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { drawPass, kinds, said } from "../../test/masks.ts";
import { all } from "./all.ts";
import { any } from "./any.ts";
import { causal } from "./causal.ts";
import type { Mask } from "./mask.ts";
import { not } from "./not.ts";
import { padding } from "./padding.ts";
import { window } from "./window.ts";

const everything = all();
const nothing = any();
const laws: Readonly<Record<string, (a: Mask, b: Mask, c: Mask) => readonly [Mask, Mask]>> = {
  "the order of all does not matter": (a, b, c) => [all(a, b, c), all(c, a, b)],
  "the order of any does not matter": (a, b, c) => [any(a, b, c), any(c, a, b)],
  "all nests": (a, b, c) => [all(a, all(b, c)), all(all(a, b), c)],
  "any nests": (a, b, c) => [any(a, any(b, c)), any(any(a, b), c)],
  "twice the same is the same": (a) => [all(a, a), any(a, a)],
  "De Morgan, of any": (a, b) => [not(any(a, b)), all(not(a), not(b))],
  "De Morgan, of all": (a, b) => [not(all(a, b)), any(not(a), not(b))],
  "all distributes over any": (a, b, c) => [all(a, any(b, c)), any(all(a, b), all(a, c))],
  absorption: (a, b) => [any(a, all(a, b)), all(a, any(a, b))],
  "a mask or its opposite is everything": (a) => [any(a, not(a)), everything],
  "a mask and its opposite is nothing": (a) => [all(a, not(a)), nothing],
  "all of everything": (a) => [all(a, everything), a],
  "all of nothing": (a) => [all(a, nothing), nothing],
  "any of everything": (a) => [any(a, everything), everything],
  "any of nothing": (a) => [any(a, nothing), a],
  "the opposite of everything": () => [not(everything), nothing],
  "the opposite of nothing": () => [not(nothing), everything],
};

test.each(Object.entries(laws))("%s", async (_, law) => {
  const on = cpu();
  const dice = random(1);
  for (let i = 0; i < 40; i++) {
    const { at, t, length } = drawPass(dice, on);
    const drawn = (): Mask => dice.pick(kinds).make(on, t, length);
    const [one, other] = law(drawn(), drawn(), drawn());
    expect(await said(one, at)).toEqual(await said(other, at));
  }
});

test("what needs no work is left as it is", () => {
  const mask = causal();
  expect(not(not(mask))).toBe(mask);
  expect(any(mask)).toBe(mask);
  expect(all(mask)).toBe(mask);
  const { at } = drawPass(random(1));
  const tensors: Tensor[] = [];
  expect(any(not(mask), everything, mask).lower(tensors, at)).toEqual([]);
  expect(tensors).toEqual([]);
});

test("all keeps terms, and makes one of those of a kind", () => {
  const on = cpu();
  const { at } = drawPass(random(1), on);
  const [long, short] = [9, 2].map((length) => padding(tensor([length], [1], on, "i32"))) as [Mask, Mask];
  const tensors: Tensor[] = [];
  expect(all(causal(), window(4), all(long, causal()), window(3), short).lower(tensors, at)).toEqual([
    { kind: "causal" },
    { kind: "window", size: 3 },
    { kind: "lengths", input: 0 },
  ]);
  expect(tensors.length).toBe(1);
});
