// What code computes where an i32 has 64 bits, beside what it computes where it has 32.
import { assert, float, integer, oneof, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";

import { hasFarMemory } from "./features.ts";
import { farPages, newMemory } from "./memory.ts";
import { Func, type Local } from "./func.ts";
import { f32, f32x4, f64, i16x8, i32, i32x4, i8x16, v128, word32 } from "./instructions.ts";
import { assembleWasm } from "./module.ts";
import type { Value } from "./value.ts";

const able = hasFarMemory();

/** Compiles a function that works on a memory of so many pages. */
function compiled(
  far: boolean,
  pages: number,
  write: (f: Func) => void,
): { run: () => void; memory: WebAssembly.Memory } {
  const limits = { initialPages: 1, maximumPages: far ? farPages : pages, shared: false, far };
  const f = new Func("run", []);
  write(f);
  const memory = newMemory(pages, limits);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembleWasm([f], limits)), { env: { memory } });
  return { run: exports["run"] as () => void, memory };
}

/** Everything that is done with data: words at 0 and 4, a float at 8, a double at 16. */
function results(f: Func): Value<"i32">[] {
  const [a, b] = [f.let(i32.load(0)), f.let(i32.load(4))];
  const x = f.let(f32.load(8));
  const by = f.let(i32.and(b, 31));
  const kept = (value: Value<"i32">): Local<"i32"> => f.let(value);
  const lanes = f.let(i32x4.replace(i32x4.splat(a), 2, b));
  const truth = [
    ...[i32.eq, i32.ne, i32.lt, i32.gt, i32.le, i32.ge].map((test) => test(a, b)),
    ...[i32.ltSigned, i32.gtSigned, i32.leSigned, i32.geSigned].map((test) => test(a, b)),
    i32.ltSigned(a, 0),
    i32.eqz(a),
    i32.eqz(i32.eq(a, b)),
    f32.lt(x, 1),
    f64.gt(f64.load(16), f64.of(1)),
    v128.anyTrue(lanes),
    i32x4.allTrue(lanes),
  ];
  return [
    ...[i32.add, i32.sub, i32.mul, i32.and, i32.or, i32.xor].map((two) => two(a, b)),
    ...[word32.add, word32.sub, word32.mul].map((two) => two(a, b)),
    ...[word32.shl, word32.shr, word32.shrSigned, word32.rotl, i32.shrSigned].map((shift) => shift(a, by)),
    word32.shr(word32.shl(kept(word32.add(a, b)), 7), 9),
    i32.or(word32.shl(a, 4), word32.shr(i32.mul(a, b), 28)),
    i32.lt(word32.mul(a, b), word32.sub(a, b)),
    ...truth,
    ...truth.map((is) => f.select(is, a, b)),
    ...truth.map((is) => f.select(kept(is), i32.of(-1), i32.of(0x7fffffff))),
    ...truth.map((is) => i32.sub(i32.and(is, 1), i32.of(2))),
    i32.load8(1),
    i32.load8Signed(1),
    i32.load16(2),
    i32.load16Signed(2),
    i32.truncF32(x),
    i32.truncF64(f64.load(16)),
    i32.bitsOf(x),
    i32.bitsOf(f32.ofSigned(i32.add(a, b))),
    i32.bitsOf(f32.ofUnsigned(i32.mul(a, b))),
    i32.bitsOf(f32.ofF64(f64.ofSigned(i32.sub(a, b)))),
    i32.bitsOf(f32.ofF64(f64.ofUnsigned(a))),
    i32.bitsOf(f32.abs(f32.ofBits(i32.add(a, b)))),
    ...[0, 2, 3].map((n) => i32x4.lane(lanes, n)),
    i32x4.lane(i32x4.shl(lanes, by), 0),
    i16x8.lane(i16x8.splat(i32.add(a, b)), 5),
    i8x16.lane(i8x16.splat(i32.add(a, b)), 5),
    i32x4.lane(i32x4.of(-7), 1),
  ];
}

const words = oneof(integer(), constantFrom(0, 1, -1, 0x7fffffff, -0x80000000, 0x7f800000, -0x7f800001));
const numbers = oneof(float(), constantFrom(-0, 3e9, -3e9, 1e20, NaN, 0.5));

test.runIf(able)("data of 32 bits come out the same", () => {
  const at = 64;
  const [near, far] = [false, true].map((wide) =>
    compiled(wide, 1, (f) => results(f).forEach((value, i) => f.store("i32", at + 4 * i, value))),
  ) as [ReturnType<typeof compiled>, ReturnType<typeof compiled>];
  assert(
    property(words, words, numbers, (a, b, x) => {
      const [right, mine] = [near, far].map(({ run, memory: { buffer } }) => {
        const data = new DataView(buffer);
        data.setInt32(0, a, true);
        data.setInt32(4, b, true);
        data.setFloat32(8, x, true);
        data.setFloat64(16, x, true);
        run();
        return [...new Int32Array(buffer, at, 160)];
      });
      expect(mine).toEqual(right);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test.runIf(able)("addresses, counts and conditions go beyond 2³²", () => {
  const base = 2 ** 32;
  const { run, memory } = compiled(true, 65_536 + 2, (f) => {
    const [at, sum, turns] = f.locals("i32", 3);
    const far = f.let(i32.of(base));
    /** Numbers that the test reads, one after the other. */
    let next = 1024;
    const tell = (value: Value<"i32">): void => {
      f.store("i32", next, value);
      f.store("i32", next + 4, i32.shr(value, 32));
      next += 8;
    };
    f.store("i32", far, -5);
    f.store("i32", i32.add(far, 4), 0xfedcba98, 4);
    f.store("f32", i32.of(base + 12), f32.of(1.5));
    f.store("v128", i32.add(i32.shl(i32.shr(far, 4), 4), 16), f32x4.of(2.5));
    f.fill(i32.add(far, 32), i32.add(far, 0x107), i32.of(3));
    f.copy(i32.add(far, 40), i32.add(far, 30), i32.of(6));
    tell(i32.load(far));
    tell(i32.loadUnsigned(far));
    tell(i32.loadUnsigned(i32.add(far, 8)));
    tell(i32.loadAddress(i32.of(2 ** 16 - 8)));
    tell(i32.mul(i32.div(far, 3), 3));
    tell(i32.rem(far, 3));
    tell(i32.sub(i32.sub(far, 1), far));
    tell(i32.and(i32.add(far, 13), -8));
    // The lower half of this address is 0.
    tell(f.select(far, i32.of(1), i32.of(2)));
    tell(i32.eqz(far));
    f.if(
      far,
      () => tell(i32.of(3)),
      () => f.append([0x00]),
    );
    tell(i32.gt(far, 0xffffffff));
    tell(i32.gtSigned(far, 1));
    f.for(at, i32.sub(far, 16), i32.add(far, 20), 4, () => sum.set(i32.add(sum, 1)));
    tell(sum);
    tell(at);
    sum.set(far);
    f.while(
      () => sum,
      () => sum.set(i32.sub(sum, 2 ** 31)),
    );
    f.doWhile(
      () => turns.set(i32.add(turns, 2 ** 31)),
      () => i32.lt(turns, 6e9),
    );
    tell(turns);
    const callee = new Func("callee", ["i32", "f32"]);
    callee.store("f32", callee.parameter(0, "i32"), callee.parameter(1, "f32"));
    f.call(callee, i32.add(far, 48), f32.of(-1));
  });
  new DataView(memory.buffer).setBigInt64(65_528, 123_456_789_012n, true);
  run();
  expect([...new BigInt64Array(memory.buffer, 1024, 16)].map(Number)).toEqual([
    ...[-5, base - 5, 0xfedcba98, 123_456_789_012],
    ...[base - 1, 1, -1, base + 8],
    ...[1, 0, 3, 1, 1],
    ...[9, base + 20, 3 * 2 ** 31],
  ]);
  const floats = new Float32Array(memory.buffer, base, 16);
  expect([...floats.subarray(3, 8), floats[12]]).toEqual([1.5, 2.5, 2.5, 2.5, 2.5, -1]);
  expect([...new Uint8Array(memory.buffer, base + 32, 15)]).toEqual([7, 7, 7, 0, 0, 0, 0, 0, 32, 64, 7, 7, 7, 0, 0]);
  expect(new Uint8Array(memory.buffer, 0, 64).every((byte) => byte === 0)).toBe(true);
});
