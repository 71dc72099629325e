import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { largest } from "./largest.ts";

test("largest agrees with sorting everything", () => {
  const dice = random(5);
  for (const v of [1, 2, 3, 10, 257]) {
    const logits = Float32Array.from({ length: v }, () => (dice.integer(6) === 0 ? -Infinity : dice.integer(9) - 4));
    const order = Array.from(logits.keys())
      .filter((id) => logits[id] !== -Infinity)
      .sort((a, b) => logits[b]! - logits[a]! || a - b);
    for (const count of [0, 1, 2, 5, v, v + 3]) {
      expect(Array.from(largest(logits, count))).toEqual(order.slice(0, count));
    }
  }
});
