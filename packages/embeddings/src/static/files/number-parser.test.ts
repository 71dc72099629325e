import * as fc from "fast-check";
import { expect, test } from "vitest";

import { parseNumber } from "./number-parser.ts";

const into = new Float32Array(1);
function parsed(text: string): readonly [value: number, length: number] {
  const length = parseNumber(new TextEncoder().encode(`${text}\n`), 0, into, 0);
  return [into[0]!, length];
}

const digits = (most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: most });
const decimals = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    digits(25),
    fc.option(digits(25)),
    fc.option(fc.tuple(fc.constantFrom("e", "E", "e-", "e+"), fc.nat(70))),
  )
  .filter(([, whole, places]) => whole.length + (places?.length ?? 0) > 0)
  .map(([sign, whole, places, exponent]) => {
    return `${sign}${whole}${places === null ? "" : `.${places}`}${exponent === null ? "" : exponent.join("")}`;
  });
function agrees(text: string): void {
  expect([text, ...parsed(text)]).toEqual([text, Math.fround(Number(text)), text.length]);
}

test("any decimal number is what Number and fround make of it, bit for bit", () => {
  fc.assert(fc.property(decimals, agrees), { numRuns: 3000 });
});

/** So many significant digits of a number, and then one more. */
function withEnd(x: number, digits: number, end: string): string {
  const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
  const shifted = Math.abs(x) > 1e-9 && Math.abs(x) < 1e9 ? x.toPrecision(digits) : `${mantissa}e${exponent}`;
  return shifted.includes("e") ? shifted.replace("e", `${end}e`) : shifted.includes(".") ? `${shifted}${end}` : shifted;
}

test("so are floats and doubles, written in full, in short and just beside the middle between two floats", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      (wide, narrow) => {
        for (const x of [wide, narrow])
          for (const text of [String(x), x.toPrecision(6), x.toExponential(8)]) agrees(text);
        // The middle between two floats, to its last digit and just beside it.
        const [next] = new Float32Array(Int32Array.of(new Int32Array(Float32Array.of(narrow).buffer)[0]! + 1).buffer);
        const middle = (narrow + next!) / 2;
        if (Number.isFinite(middle))
          for (const digits of [9, 16, 17, 25, 40, 60])
            for (const end of ["", "1"]) agrees(withEnd(middle, digits, end));
      },
    ),
    { numRuns: 1000 },
  );
  // Exact halves, with the tie broken far behind the point.
  for (const text of [
    "1.000000059604644775390625",
    "1.00000005960464477539062500000000001",
    "16777217",
    "-16777217.0000001",
    "1e-45",
    "7e-46",
    "3.4028236e38",
  ])
    agrees(text);
});

test("what is no number is none, and reading stops behind a number", () => {
  for (const text of ["", "-", ".", "+.", "e5", "nan", "-inf", "1e", "1e+", "--1"])
    expect([text, parsed(text)[1]]).toEqual([text, -1]);
  expect([parsed("0x10"), parsed("1 2"), parsed("1-2"), parsed("-0.0")]).toEqual([
    [0, 1],
    [1, 1],
    [1, 1],
    [-0, 4],
  ]);
});
