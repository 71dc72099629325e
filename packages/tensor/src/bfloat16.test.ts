import { expect, test } from "vitest";

import { bfloat16ToFloat32, float32ToBfloat16 } from "./bfloat16.ts";

const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
const singles = (...bits: number[]): Float32Array => new Float32Array(Uint32Array.from(bits).buffer);

/** A bfloat16 is a sign, 8 bits of exponent and 7 of fraction; in doubles. */
function meaning(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 7) & 0xff;
  const fraction = bits & 0x7f;
  if (exponent === 0xff) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -133 : sign * (1 + fraction / 128) * 2 ** (exponent - 127);
}

test("every bfloat16 becomes the single it stands for", () => {
  const values = bfloat16ToFloat32(all);
  expect([...all].filter((bits) => !Object.is(values[bits], meaning(bits)))).toEqual([]);
});

test("every bfloat16 survives the way to single and back, NaNs included", () => {
  expect(float32ToBfloat16(bfloat16ToFloat32(all))).toEqual(all);
});

test("between any two neighbours: nearer wins, the tie goes to the even one, on both sides of zero", () => {
  const wrong: number[] = [];
  for (let low = 0; low < 0x7f80; low++) {
    const tie = (low << 16) | 0x8000;
    const even = low % 2 === 0 ? low : low + 1;
    const got = float32ToBfloat16(singles(tie - 1, tie, tie + 1, tie | 0x80000000));
    if (got[0] !== low || got[1] !== even || got[2] !== low + 1 || got[3] !== (even | 0x8000)) wrong.push(low);
  }
  expect(wrong).toEqual([]);
});

test("a NaN whose payload does not fit is still a NaN", () => {
  expect([...float32ToBfloat16(singles(0x7f800001, 0xff80ffff))]).toEqual([0x7fc0, 0xffc0]);
});
