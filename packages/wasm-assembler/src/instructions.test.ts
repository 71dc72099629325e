import { expect, test } from "vitest";

import { text } from "../test/text.ts";
import { Func } from "./func.ts";
import { f32, f32x4, f64, f64x2, i16x8, i32, i32x4, i8x16, relaxed, v128, word32 } from "./instructions.ts";
import { assembleWasm } from "./module.ts";
import type { Type, Value } from "./value.ts";

const instructions = { i32, word32, f32, f64, v128, f32x4, f64x2, i32x4, i16x8, i8x16, relaxed };
const limits = { initialPages: 1, maximumPages: 4, shared: false };

/** The name that the text format has for each instruction, where it is not the same. */
const names: Record<string, string> = {
  "i32.div": "i32.div_u",
  "i32.rem": "i32.rem_u",
  "i32.shrSigned": "i32.shr_s",
  "i32.shr": "i32.shr_u",
  "word32.shrSigned": "i32.shr_s",
  "word32.shr": "i32.shr_u",
  ...Object.fromEntries(["add", "sub", "mul", "shl", "rotl"].map((t) => [`word32.${t}`, `i32.${t}`])),
  ...Object.fromEntries(
    ["lt", "gt", "le", "ge"].flatMap((t) => [
      [`i32.${t}`, `i32.${t}_u`],
      [`i32.${t}Signed`, `i32.${t}_s`],
    ]),
  ),
  "i32.truncF32": "i32.trunc_sat_f32_s",
  "i32.truncF64": "i32.trunc_sat_f64_s",
  "i32.bitsOf": "i32.reinterpret_f32",
  "i32.loadUnsigned": "i32.load",
  "i32.loadAddress": "i32.load",
  "i32.load8Signed": "i32.load8_s",
  "i32.load8": "i32.load8_u",
  "i32.load16Signed": "i32.load16_s",
  "i32.load16": "i32.load16_u",
  "f32.ofSigned": "f32.convert_i32_s",
  "f32.ofUnsigned": "f32.convert_i32_u",
  "f32.ofF64": "f32.demote_f64",
  "f32.ofBits": "f32.reinterpret_i32",
  "f64.ofSigned": "f64.convert_i32_s",
  "f64.ofUnsigned": "f64.convert_i32_u",
  "f64.ofF32": "f64.promote_f32",
  "v128.load8x8Signed": "v128.load8x8_s",
  "v128.load8x8": "v128.load8x8_u",
  "v128.load16x4Signed": "v128.load16x4_s",
  "v128.load16x4": "v128.load16x4_u",
  "v128.splat8": "v128.load8_splat",
  "v128.splat16": "v128.load16_splat",
  "v128.splat32": "v128.load32_splat",
  "v128.splat64": "v128.load64_splat",
  "v128.load32Zero": "v128.load32_zero",
  "v128.load64Zero": "v128.load64_zero",
  "v128.andNot": "v128.andnot",
  "v128.select": "v128.bitselect",
  "v128.anyTrue": "v128.any_true",
  "f32x4.ofSigned": "f32x4.convert_i32x4_s",
  "f32x4.ofUnsigned": "f32x4.convert_i32x4_u",
  "f32x4.ofF64": "f32x4.demote_f64x2_zero",
  "f64x2.ofLowF32": "f64x2.promote_low_f32x4",
  "i32x4.allTrue": "i32x4.all_true",
  "i32x4.dot16": "i32x4.dot_i16x8_s",
  "i32x4.trunc": "i32x4.trunc_sat_f32x4_s",
  "i32x4.ltUnsigned": "i32x4.lt_u",
  "i32x4.gtUnsigned": "i32x4.gt_u",
  ...Object.fromEntries(["lt", "gt", "le", "ge", "min", "max"].map((t) => [`i32x4.${t}`, `i32x4.${t}_s`])),
  ...Object.fromEntries(["min", "max"].map((t) => [`i8x16.${t}`, `i8x16.${t}_s`])),
  ...Object.fromEntries(
    ["i32x4", "i16x8", "i8x16"].flatMap((t) => [
      [`${t}.shrSigned`, `${t}.shr_s`],
      [`${t}.shr`, `${t}.shr_u`],
    ]),
  ),
  "i32x4.ofLow16Signed": "i32x4.extend_low_i16x8_s",
  "i32x4.ofHigh16Signed": "i32x4.extend_high_i16x8_s",
  "i32x4.ofLow16": "i32x4.extend_low_i16x8_u",
  "i32x4.ofHigh16": "i32x4.extend_high_i16x8_u",
  "i16x8.ofLow8Signed": "i16x8.extend_low_i8x16_s",
  "i16x8.ofHigh8Signed": "i16x8.extend_high_i8x16_s",
  "i16x8.ofLow8": "i16x8.extend_low_i8x16_u",
  "i16x8.ofHigh8": "i16x8.extend_high_i8x16_u",
  "i16x8.narrow": "i16x8.narrow_i32x4_s",
  "i8x16.narrow": "i8x16.narrow_i16x8_s",
  "i8x16.narrowUnsigned": "i8x16.narrow_i16x8_u",
  "i16x8.lane": "i16x8.extract_lane_u 1",
  "i8x16.lane": "i8x16.extract_lane_u 1",
  "i32x4.replace": "i32x4.replace_lane 1",
  "f32x4.replace": "f32x4.replace_lane 1",
  "relaxed.madd": "f32x4.relaxed_madd",
  "relaxed.nmadd": "f32x4.relaxed_nmadd",
  "relaxed.dot8": "i32x4.relaxed_dot_i8x16_i7x16_add_s",
};
/** The names of those that are others where addresses have 64 bits. */
const farNames: Record<string, string> = {
  ...Object.fromEntries(
    Object.keys(i32)
      .filter((short) => !["eqz", "truncF32", "truncF64", "bitsOf"].includes(short))
      .map((short) => [`i32.${short}`, (names[`i32.${short}`] ?? `i32.${short}`).replace("i32", "i64")]),
  ),
  "i32.load": "i64.load32_s",
  "i32.loadUnsigned": "i64.load32_u",
};
const vector = (): Value<"v128"> => f32x4.of(1);
const constants: Record<string, () => Value<Type>> = {
  i32: () => i32.of(1),
  word32: () => i32.of(1),
  f32: () => f32.of(1),
  f64: () => f64.of(1),
};
/** Operands of an instruction, where they are not as many of its own type as it takes. */
const operands: Record<string, () => unknown[]> = {
  "i32.truncF32": () => [f32.of(1)],
  "i32.bitsOf": () => [f32.of(1)],
  "i32.truncF64": () => [f64.of(1)],
  "f32.ofSigned": () => [i32.of(1)],
  "f32.ofUnsigned": () => [i32.of(1)],
  "f32.ofBits": () => [i32.of(1)],
  "f32.ofF64": () => [f64.of(1)],
  "f64.ofSigned": () => [i32.of(1)],
  "f64.ofUnsigned": () => [i32.of(1)],
  "f64.ofF32": () => [f32.of(1)],
  "f32x4.splat": () => [f32.of(1)],
  "f64x2.splat": () => [f64.of(1)],
  "i32x4.splat": () => [i32.of(1)],
  "i16x8.splat": () => [i32.of(1)],
  "i8x16.splat": () => [i32.of(1)],
  "f32x4.replace": () => [vector(), 1, f32.of(1)],
  "i32x4.replace": () => [vector(), 1, i32.of(1)],
  "i8x16.shuffle": () => [vector(), vector(), [0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31]],
};

const all = Object.entries(instructions).flatMap(([space, its]) =>
  Object.entries(its).map(([name, make]) => [`${space}.${name}`, make as (...x: unknown[]) => Value<Type>] as const),
);

test.each(
  all
    .filter(([name]) => !/\.(of|list)$/.test(name))
    .flatMap(([name, make]) => [false, true].map((far) => [name, far, make] as const)),
)("%s is what it is called, 64-bit addresses %s", (name, far, make) => {
  const [space, short] = name.split(".") as [string, string];
  const one = constants[space] ?? vector;
  const values =
    operands[name]?.() ??
    (/load|splat/.test(short)
      ? [i32.of(16), 4]
      : short === "lane"
        ? [vector(), 1]
        : /^shr|^shl/.test(short) && space !== "i32" && space !== "word32"
          ? [vector(), i32.of(3)]
          : [one(), one(), one()]);
  const f = new Func("probe", []);
  // An instruction that takes fewer leaves the others alone.
  f.let(make(...values.slice(0, arity(name, values.length))));
  const shown = text(assembleWasm([f], { ...limits, far }), true);
  const expected =
    (far ? farNames[name] : undefined) ?? names[name] ?? (short === "lane" ? `${space}.extract_lane 1` : name);
  expect(shown).toMatch(new RegExp(`\\n\\s+${expected.replaceAll(".", "\\.")}[ \\n]`));
});

/** How many of at most n operands an instruction takes: as many as leave a module valid. */
function arity(name: string, n: number): number {
  if (operands[name] !== undefined || /load|splat|lane|x\d+\.sh[rl]/.test(name)) return n;
  const [space, short] = name.split(".") as ["i32", "add"];
  for (let count = 1; count <= n; count++) {
    const f = new Func("probe", []);
    const one = constants[space] ?? vector;
    try {
      f.let(instructions[space][short](...([one(), one(), one()].slice(0, count) as unknown as [number, number])));
      text(assembleWasm([f], limits), true);
      return count;
    } catch {
      continue;
    }
  }
  throw new Error(`${name} takes no number of operands`);
}
