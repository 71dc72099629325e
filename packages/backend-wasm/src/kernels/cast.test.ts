import {
  apply,
  bytesPerElement,
  cast,
  fromHalf,
  primitives,
  random,
  sizeOf,
  tensor,
  toHalf,
  type DType,
  type Tensor,
} from "@tenon/tensor";
import { describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { expectAsOnCpu, filled, moved } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import type { Block } from "../block.ts";
import { castKernels, castTable } from "./cast.ts";
import { copyKernels } from "./copy.ts";

const word = (): number => Math.floor(dice.uniform() * 2 ** 16) * 2 ** 16 + Math.floor(dice.uniform() * 2 ** 16);
const dice = random(6);

/** Bits of floats: ends of ranges, ties and their neighbours, subnormals, NaNs, and any at all. */
const patterns = Uint32Array.from([
  ...[0, 1, 0x7fffff, 0x800000, 0x3f800000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000, 0x7fffffff],
  ...[0x7f801fff, 0x7f802000, 0x7f80ffff, 0x7f810000, 0x47800000, 0x477fefff, 0x477ff000, 0x477fe000, 0x387fc000],
  ...[0x38800000, 0x387fffff, 0x33000000, 0x33000001, 0x33800000, 0x33c00000, 0x7f7f7fff, 0x7f7f8000, 0x3f808000],
  ...[0x3f818000, 0x3f808001, 0x3f801000, 0x3f803000, 0x3f801001],
  ...Array.from({ length: 4096 }, (_, i) => (i << 19) | 0x1000 | (i % 3)), // ties of f16, at every exponent
  ...Array.from({ length: 4096 }, (_, i) => (i << 20) | 0x8000 | (i % 2)),
  ...Array.from({ length: 4000 }, word),
]).map((bits, i) => (i % 2 === 0 ? bits : bits | 0x80000000));

/** cast() makes an alias where the dtype stays; here the kernel runs all the same. */
const changed = (x: Tensor, dtype: DType): Tensor => apply(primitives.cast, [x], { dtype });

/** Expects the bits of a tensor, as they lie in the memory, to be these. */
function expectBits(x: Tensor, memory: Uint8Array, right: Uint8Array): void {
  const { at } = (x.handle as { data: Block }).data.region;
  const first = right.findIndex((byte, i) => byte !== memory[at + i]);
  expect({ length: sizeOf(x.shape) * bytesPerElement(x.dtype), first }).toEqual({ length: right.length, first: -1 });
}

const numbers: { readonly [D in DType]?: readonly number[] } = {
  f32: [...[0, -0, 0.4, -0.6, 1.9, -1.9, 127.6, 255, 255.5, 256, 3e9, -3e9, 2 ** 31, -(2 ** 31)], 1e38, -Infinity, NaN],
  i32: [0, 1, -1, 255, 256, -255, 2049, 65_520, 70_000, -70_000, 2 ** 24 + 1, 2 ** 31 - 1, -(2 ** 31)],
  u8: Array.from({ length: 256 }, (_, i) => i),
  bool: [0, 1, 1, 0, 1],
};

eachEngine([...castKernels, ...copyKernels], castTable, [], (tested) => {
  test.each(primitiveCases.cast.map((each) => [describeCase("cast", each), each] as const))("%s", async (_, each) => {
    await expectClose(runCase(primitives.cast, each, tested.on)[0]!, each.expected[0]!, 0);
  });

  describe.each(["f16", "bf16"] as const)("%s", (dtype) => {
    test("to f32: every one there is, to the bit", () => {
      const { on, engine } = tested;
      const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
      const y = cast(tensor(all, [65_536], on, dtype), "f32");
      expectBits(y, engine.memory.u8, new Uint8Array(fromHalf(all, dtype).buffer));
    });
    test("from f32: to the bit", () => {
      const { on, engine } = tested;
      const singles = new Float32Array(patterns.buffer);
      const y = cast(tensor(singles, [singles.length], on), dtype);
      expectBits(y, engine.memory.u8, new Uint8Array(toHalf(singles, dtype).buffer));
    });
  });

  test.each(moved.flatMap((from) => moved.map((to) => [from, to] as const)))("%s to %s", async (from, to) => {
    const list = numbers[from] ?? numbers.f32!;
    await expectAsOnCpu(tested.on, (on) => changed(tensor(list, [list.length], on, from), to));
    for (const n of [0, 1, 7, 8, 9, 17, 1000])
      await expectAsOnCpu(tested.on, (on) => changed(filled([n], from, on), to));
  });

  test("much, divided among threads", async () => {
    for (const [from, to] of [
      ["f32", "f16"],
      ["bf16", "f32"],
      ["bool", "f32"],
      ["f32", "u8"],
    ] as const)
      await expectAsOnCpu(tested.on, (on) => cast(filled([99_999], from, on), to));
  });
});
