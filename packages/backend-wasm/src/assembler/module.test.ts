import { expect, test } from "vitest";
import wabt from "wabt";

import { hasRelaxedSimd } from "../features.ts";
import { allKernels } from "../kernels/index.ts";
import { Func } from "./func.ts";
import { f32, f32x4, f64, f64x2, i16x8, i32, i32x4, i8x16, relaxed, v128 } from "./instructions.ts";
import { assemble } from "./module.ts";
import { signed, unsigned, type Type, type Value } from "./value.ts";

const instructions = { i32, f32, f64, v128, f32x4, f64x2, i32x4, i16x8, i8x16, relaxed };
const tool = await wabt();
const features = { simd: true, threads: true, bulk_memory: true, sat_float_to_int: true };
const limits = { initialPages: 1, maximumPages: 4, shared: false };
const text = (bytes: Uint8Array, relaxed_simd = false): string => {
  const module = tool.readWasm(bytes, { readDebugNames: false, ...features, relaxed_simd });
  try {
    module.validate();
    return module.toText({ foldExprs: false, inlineExport: false });
  } finally {
    module.destroy();
  }
};

test.each([0, 1, 63, 64, 127, 128, 255, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])("LEB128 of %d", (n) => {
  const bytes = unsigned(n);
  expect(bytes.reduce((sum, byte, i) => sum + (byte & 127) * 2 ** (7 * i), 0)).toBe(n);
  expect(bytes.map((byte) => byte >> 7)).toEqual(bytes.map((_, i) => (i < bytes.length - 1 ? 1 : 0)));
});
test.each([
  [0, [0]],
  [-1, [0x7f]],
  [63, [0x3f]],
  [64, [0xc0, 0]],
  [-64, [0x40]],
  [-65, [0xbf, 0x7f]],
  [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
])("signed LEB128 of %d", (n, bytes) => expect(signed(n)).toEqual(bytes));

/** The name that the text format has for each instruction, where it is not the same. */
const names: Record<string, string> = {
  "i32.div": "i32.div_u",
  "i32.rem": "i32.rem_u",
  "i32.shrSigned": "i32.shr_s",
  "i32.shr": "i32.shr_u",
  ...Object.fromEntries(
    ["lt", "gt", "le", "ge"].flatMap((t) => [
      [`i32.${t}`, `i32.${t}_u`],
      [`i32.${t}Signed`, `i32.${t}_s`],
    ]),
  ),
  "i32.truncF32": "i32.trunc_sat_f32_s",
  "i32.truncF64": "i32.trunc_sat_f64_s",
  "i32.bitsOf": "i32.reinterpret_f32",
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
const vector = (): Value<"v128"> => f32x4.of(1);
const constants: Record<string, () => Value<Type>> = {
  i32: () => i32.of(1),
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

test.each(all.filter(([name]) => !/\.(of|list)$/.test(name)))("%s is what it is called", (name, make) => {
  const [space, short] = name.split(".") as [string, string];
  const one = constants[space] ?? vector;
  const values =
    operands[name]?.() ??
    (/load|splat/.test(short)
      ? [i32.of(16), 4]
      : short === "lane"
        ? [vector(), 1]
        : /^shr|^shl/.test(short) && space !== "i32"
          ? [vector(), i32.of(3)]
          : [one(), one(), one()]);
  const f = new Func("probe", []);
  // An instruction that takes fewer leaves the others alone.
  f.let(make(...values.slice(0, arity(name, values.length))));
  const shown = text(assemble([f], limits), true);
  const expected = names[name] ?? (short === "lane" ? `${space}.extract_lane 1` : name);
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
      text(assemble([f], limits), true);
      return count;
    } catch {
      continue;
    }
  }
  throw new Error(`${name} takes no number of operands`);
}

test("control flow does what it says", () => {
  const f = new Func("run", ["i32"]);
  const n = f.parameter(0, "i32");
  const [i, sum, turns] = f.locals("i32", 3);
  f.for(i, 2, n, 3, () => sum.set(i32.add(sum, i)));
  f.store("i32", 0, sum);
  f.store("i32", 4, i);
  sum.set(i32.of(0));
  f.while(
    () => i32.lt(turns, n),
    () => {
      f.if(
        i32.and(turns, 1),
        () => sum.set(i32.add(sum, 10)),
        () => sum.set(i32.add(sum, 1)),
      );
      turns.set(i32.add(turns, 1));
    },
  );
  f.store("i32", 8, sum);
  f.doWhile(
    () => turns.set(i32.add(turns, 1)),
    () => i32.lt(turns, 3),
  );
  f.store("i32", 12, turns);
  f.store("f32", 16, f.select(i32.gt(n, 5), f32.of(1.5), f32.of(-2)));
  f.store("v128", 32, f.select(i32.gt(n, 5), f32x4.of(1.5), f32x4.of(-2)));
  f.fill(i32.of(48), 7, i32.of(3));
  f.copy(i32.of(52), i32.of(48), i32.of(4));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  const module = new WebAssembly.Module(assemble([f], limits));
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports as { run: (n: number) => void };
  const words = new Int32Array(memory.buffer);
  const floats = new Float32Array(memory.buffer);
  run(9);
  expect([...words.subarray(0, 4)]).toEqual([15, 11, 45, 10]);
  expect([...floats.subarray(4, 5), ...floats.subarray(8, 12)]).toEqual([1.5, 1.5, 1.5, 1.5, 1.5]);
  expect([...new Uint8Array(memory.buffer, 48, 8)]).toEqual([7, 7, 7, 0, 7, 7, 7, 0]);
  run(0);
  expect([...words.subarray(0, 4)]).toEqual([0, 2, 0, 3]); // the loop's body never ran; that of doWhile did
  expect(floats[8]).toBe(-2);
});

test("a function calls another, which is not exported", () => {
  const store = new Func("store", ["i32"]);
  store.store("i32", 8, store.parameter(0, "i32"));
  const f = new Func("run", []);
  f.call(store, i32.of(42));
  expect(() => f.call(store, f32.of(1))).toThrow("run: store takes (i32)");
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble([f], limits)), { env: { memory } });
  expect(Object.keys(exports)).toEqual(["run"]);
  (exports as { run: () => void }).run();
  expect(new Int32Array(memory.buffer)[2]).toBe(42);
});

test.each([false, true])("the module of all kernels is valid: relaxed %s", (fast) => {
  const functions = allKernels.map((kernel) => kernel.build({ relaxed: fast }));
  // Without the feature the tool refuses relaxed instructions, so the plain module has none. It knows no shared memories.
  expect(text(assemble(functions, limits), fast)).toContain(`(export "${allKernels[0]!.name}"`);
  for (const shared of [false, true]) {
    const bytes = assemble(functions, { initialPages: 1, maximumPages: 65_536, shared });
    if (!fast || hasRelaxedSimd()) expect(WebAssembly.validate(bytes)).toBe(true);
  }
  expect(new Set(functions.map(({ name }) => name)).size).toBe(functions.length);
});
