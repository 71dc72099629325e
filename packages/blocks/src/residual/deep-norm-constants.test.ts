import { isTenonError } from "@tenon/tensor";
import { expect, expectTypeOf, test } from "vitest";

import { deepNormConstants, type DeepNormConstants } from "./deep-norm-constants.ts";

test.each([
  // Depths at which the roots of the table come out even.
  [{ encoder: 8 }, { encoder: { alpha: 2, beta: 8 ** -0.5 } }],
  [{ decoder: 8 }, { decoder: { alpha: 2, beta: 8 ** -0.5 } }],
  [
    { encoder: 16, decoder: 1 },
    { encoder: { alpha: 1.62, beta: 0.435 }, decoder: { alpha: 3 ** 0.25, beta: 12 ** -0.25 } },
  ],
  [
    { encoder: 1, decoder: 65536 },
    { encoder: { alpha: 1.62, beta: 0.435 }, decoder: { alpha: 16 * 3 ** 0.25, beta: 12 ** -0.25 / 16 } },
  ],
])("of %o", (depths, expected) => {
  const found: Readonly<Record<string, DeepNormConstants>> = deepNormConstants(depths);
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [side, { alpha, beta }] of Object.entries<DeepNormConstants>(expected)) {
    expect(found[side]!.alpha).toBeCloseTo(alpha, 12);
    expect(found[side]!.beta).toBeCloseTo(beta, 12);
  }
});

test("the result has the sides that were asked for, and no other", () => {
  const { encoder } = deepNormConstants({ encoder: 2 });
  expectTypeOf(encoder).toEqualTypeOf<DeepNormConstants>();
  expectTypeOf(deepNormConstants({ decoder: 2 })).not.toHaveProperty("encoder");
});

test("depths that are none are refused", () => {
  const messageOf = (body: () => unknown): string => {
    try {
      body();
    } catch (error) {
      if (isTenonError(error, "ConfigError")) return error.message;
    }
    return "no ConfigError";
  };
  expect(messageOf(() => deepNormConstants({}))).toBe(
    "deepNormConstants: give the number of blocks of the encoder, of the decoder, or of both",
  );
  expect(messageOf(() => deepNormConstants({ encoder: 0 }))).toBe(
    "deepNormConstants: encoder must be a whole number from 1 up, got 0",
  );
  expect(messageOf(() => deepNormConstants({ encoder: 2, decoder: 1.5 }))).toBe(
    "deepNormConstants: decoder must be a whole number from 1 up, got 1.5",
  );
});
