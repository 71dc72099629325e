import type { TypedArray } from "@tenon/tensor";

/** How many numbers there are, how many of them are not finite, and how large the others are. */
export interface Numbers {
  readonly of: number;
  readonly nan: number;
  /** +∞ and −∞ together. */
  readonly infinite: number;
  /** The largest size of a finite one. */
  readonly largest: number;
}

/** Counts the numbers that are not finite. */
export function numbersIn(values: TypedArray): Numbers {
  let nan = 0;
  let infinite = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size !== size) nan++;
    else if (size === Infinity) infinite++;
    else if (size > largest) largest = size;
  }
  return { of: values.length, nan, infinite, largest };
}

/** Those of several arrays together. */
export function together(all: readonly Numbers[]): Numbers {
  const total = (count: (numbers: Numbers) => number): number => all.reduce((sum, each) => sum + count(each), 0);
  return {
    of: total(({ of }) => of),
    nan: total(({ nan }) => nan),
    infinite: total(({ infinite }) => infinite),
    largest: all.reduce((largest, each) => Math.max(largest, each.largest), 0),
  };
}

/** √Σ x², in double precision, where squares of f32 do not overflow. */
export function normOf(values: TypedArray): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  return Math.sqrt(squares);
}

export const areFinite = ({ nan, infinite }: Numbers): boolean => nan + infinite === 0;

/** "3 of 64 numbers are not finite (2 NaN, 1 infinite)". */
export function notFiniteText({ of, nan, infinite }: Numbers): string {
  const kinds = [nan > 0 ? `${nan} NaN` : "", infinite > 0 ? `${infinite} infinite` : ""].filter((text) => text !== "");
  return `${nan + infinite} of ${of} ${of === 1 ? "number is" : "numbers are"} not finite (${kinds.join(", ")})`;
}

/** Four digits, so that 1.2345678e+38 reads as 1.235e+38. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));
