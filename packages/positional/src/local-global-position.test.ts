import { expect, test } from "vitest";

import { localGlobalPosition } from "./local-global-position.ts";
import { RotaryPosition } from "./rotary-position.ts";

const [local, global] = [new RotaryPosition({ width: 4 }), new RotaryPosition({ width: 4, base: 1e6 })];

test.each([
  [undefined, [5, 11]],
  [2, [1, 3, 5, 7, 9, 11]],
  [1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  [13, []],
])("every %s layers the last is global", (every, globals) => {
  const positionOf = localGlobalPosition({ local, global, every });
  for (let layer = 0; layer < 12; layer++) {
    expect(positionOf(layer)).toBe(globals.includes(layer as never) ? global : local);
  }
});

test("no layer in between is refused", () => {
  expect(() => localGlobalPosition({ local, global, every: 0 })).toThrow(
    "localGlobalPosition: every must be a whole number from 1 up, got 0",
  );
});
