import * as fc from "fast-check";
import { expect, test } from "vitest";

import { longestNumber, writeNumber } from "./number-writer.ts";

const bytes = new Uint8Array(longestNumber);
const written = (x: number, digits?: number): string =>
  new TextDecoder().decode(bytes.subarray(0, writeNumber(x, digits, bytes, 0)));

test("every float is read as the same again, and a decimal of six digits comes back as it was", () => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true });
  const usual = fc.double({ min: -1100, max: 1100, noNaN: true }).map(Math.fround);
  fc.assert(
    fc.property(fc.oneof(float, usual), (x) => {
      const text = written(x);
      expect([text, Math.fround(Number(text))]).toEqual([text, x]);
      const short = Number(x.toPrecision(6));
      expect(written(Math.fround(short))).toBe(Object.is(short, -0) ? "-0" : String(short));
    }),
    { numRuns: 3000 },
  );
});

test("so many digits are so many digits", () => {
  const cases = [
    [1 / 3, 3],
    [-12345.678, 2],
    [999.996, 5],
    [0.1 + 0.2, 9],
    [1e-9, 4],
    [0, 5],
    [2 ** -20, 3],
    [999999.5, 6],
    [0.000001, 1],
  ] as const;
  for (const [x, digits] of cases) expect(written(x, digits)).toBe(String(Number(x.toPrecision(digits))));
  expect([written(-0), written(100), written(-0.5), written(1e6), written(1e-7)]).toEqual([
    "-0",
    "100",
    "-0.5",
    "1000000",
    "1e-7",
  ]);
});
