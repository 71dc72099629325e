import type { Random } from "@tenon/tensor";

const odd: readonly unknown[] = [
  null,
  -1,
  0,
  1,
  2,
  3,
  0.5,
  1e300,
  2 ** 53,
  "",
  "silu",
  [],
  [1],
  {},
  { a: 1 },
  true,
  false,
  "../x",
  ["x", 1],
];

/** Changes one value somewhere in a JSON value, in place. */
export function spoil(value: Record<string, unknown> | unknown[], dice: Random): void {
  const keys = Object.keys(value);
  const key = keys[dice.integer(Math.max(1, keys.length))];
  if (key === undefined) return;
  const record = value as Record<string, unknown>;
  const inside = record[key];
  if (typeof inside === "object" && inside !== null && dice.integer(3) > 0)
    return spoil(inside as Record<string, unknown>, dice);
  if (dice.integer(6) === 0) delete record[key];
  else record[key] = odd[dice.integer(odd.length)];
}
