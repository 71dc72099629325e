import { random } from "../random.ts";
import type { OpCase } from "./op-case.ts";
import { at, floats, integers, plain, upTo, type Plain } from "./plain.ts";

const dice = random(53);

function sortCase(x: Plain, descending: boolean): OpCase {
  const n = x.shape.at(-1)!;
  const ranked = (i: readonly number[]): number => {
    const value = (c: number): number => at(x, [...i.slice(0, -1), c]);
    const by = (a: number, b: number): number => (value(a) - value(b)) * (descending ? -1 : 1) || a - b;
    return upTo(n).sort(by)[i.at(-1)!]!;
  };
  return {
    inputs: [x],
    attrs: { descending },
    expected: [plain(x.shape, (i) => at(x, [...i.slice(0, -1), ranked(i)]), x.dtype), plain(x.shape, ranked, "i32")],
  };
}

/** Calls of sort; the whole numbers have equals, which keep their order. */
export const sortCases: readonly OpCase[] = [true, false].flatMap((descending) =>
  [
    floats([1], dice),
    floats([7], dice),
    floats([2, 3, 5], dice),
    floats([2, 0], dice),
    floats([0, 3], dice),
    integers([2, 12], dice, -2, 3),
    integers([3, 20], dice, -2, 3),
  ].map((x) => sortCase(x, descending)),
);
