import { describe, expect, test } from "vitest";

import type { TensorType } from "../shape.ts";
import { cpuStorage, type Data } from "./storage.ts";

const f32 = (n: number): TensorType => ({ dtype: "f32", shape: [n] });

describe("freed arrays", () => {
  /** Of these arrays, freed in this order, those that are given out again, by size. */
  const kept = (storage: ReturnType<typeof cpuStorage>, arrays: readonly Data[]): number[] =>
    arrays.filter((data) => storage.allocate(f32(data.length)) === data).map((data) => data.length);

  test("are given out again for the same size, as zeros", () => {
    const storage = cpuStorage("f32");
    const data = storage.allocate(f32(5000)).fill(3);
    storage.free(data, f32(5000));
    expect(storage.allocate(f32(5001))).not.toBe(data);
    const again = storage.allocate(f32(5000));
    expect(again).toBe(data);
    expect(again.every((x) => x === 0)).toBe(true);
    expect(storage.allocate(f32(5000))).not.toBe(data); // it has an owner
  });
  test("are not kept when they are small, or no floats", () => {
    const storage = cpuStorage("f32");
    const small = storage.allocate(f32(100));
    storage.free(small, f32(100));
    expect(storage.allocate(f32(100))).not.toBe(small);
    const type = { dtype: "i32", shape: [5000] } as const;
    const ids = storage.allocate(type);
    storage.free(ids, type);
    expect(storage.allocate(type)).not.toBe(ids);
  });
  test("beyond the limit drive out those of the size that was used the longest time ago", () => {
    const storage = cpuStorage("f32", 20_000);
    const arrays = [6000, 6001, 6002, 6003].map((n) => storage.allocate(f32(n)));
    for (const data of arrays) storage.free(data, f32(data.length));
    expect(kept(storage, arrays)).toEqual([6001, 6002, 6003]);
  });
  test("of a size that is in use outlast newer ones that are not", () => {
    const storage = cpuStorage("f32", 20_000);
    const used = storage.allocate(f32(9000));
    for (let n = 5000; n < 5100; n++) {
      storage.free(used, f32(9000));
      expect(storage.allocate(f32(9000))).toBe(used);
      const passing = storage.allocate(f32(n));
      storage.free(passing, f32(n));
    }
    storage.free(used, f32(9000));
    expect(kept(storage, [used])).toEqual([9000]);
  });
  test("of one size are bounded too, and one beyond the limit is not kept and drives nothing out", () => {
    const storage = cpuStorage("f64", 20_000);
    const arrays = [1, 2, 3, 4].map(() => storage.allocate(f32(6000)));
    for (const data of arrays) storage.free(data, f32(6000));
    storage.free(new Float64Array(20_001), f32(20_001));
    const again = arrays.map(() => storage.allocate(f32(6000)));
    expect(again.filter((data) => arrays.includes(data))).toHaveLength(3);
  });
});
