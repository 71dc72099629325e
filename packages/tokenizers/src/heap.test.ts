import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Heap } from "./heap.ts";

test("gives what was put in, in order, whenever it is asked between", () => {
  const dice = random(1);
  const heap = new Heap<number>((a, b) => a < b);
  const inside: number[] = [];
  for (let i = 0; i < 3000; i++) {
    if (dice.integer(3) > 0) {
      const item = dice.integer(50);
      inside.push(item);
      heap.push(item);
    } else {
      inside.sort((a, b) => a - b);
      expect(heap.pop()).toBe(inside.shift());
    }
  }
  for (const item of inside.sort((a, b) => a - b)) expect(heap.pop()).toBe(item);
  expect(heap.pop()).toBeUndefined();
});
