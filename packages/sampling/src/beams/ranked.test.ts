import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { ranked } from "./ranked.ts";

test.each([1, 3, 40])("lots of %i come to the order of a sort, without what is excluded", (lot) => {
  const stream = random(2).fork("values");
  const values = Float64Array.from({ length: 40 }, () => {
    const one = stream.integer(9);
    return one === 0 ? -Infinity : one;
  });
  const expected = [...values.keys()].filter((i) => values[i] !== -Infinity).sort((a, b) => values[b]! - values[a]!);
  expect([...ranked(values, lot)]).toEqual(expected);
});
