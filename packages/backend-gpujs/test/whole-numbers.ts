import { add, cast, cumulativeSum, mul, slice, sub, sum, tensor, BackendError, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { opened, take, type Place } from "./place.ts";

/** An f32 holds every whole number below 2²⁴, and not every one beyond. */
export function testWholeNumbers(place: Place): void {
  describe("whole numbers", () => {
    const on = opened(place);
    const whole = (...values: number[]): Tensor => tensor(values, [values.length], on(), "i32");
    test("below 2²⁴ are exact", async () => {
      using x = whole(16_777_215, -16_777_215, 16_777_214);
      expect([...(await x.read())]).toEqual([16_777_215, -16_777_215, 16_777_214]);
      expect([...(await take(sub(x, 0)))]).toEqual([16_777_215, -16_777_215, 16_777_214]);
      using near = whole(8_388_607, -8_388_607, 4095);
      using factor = whole(2, 2, 4096);
      expect([...(await take(mul(near, factor)))]).toEqual([16_777_214, -16_777_214, 16_773_120]);
    });
    test.each([16_777_216, -16_777_216, 16_777_217, 2 ** 31 - 1])("%i is refused at its upload", (value) => {
      expect(() => whole(1, value)).toThrow(BackendError);
      expect(() => whole(1, value)).toThrow(
        `${value} is beyond ±16777215: gpu.js keeps all numbers as f32, which holds no larger whole numbers exactly; use cpu() or wasm() for them`,
      );
    });
    const beyond: readonly (readonly [string, () => Tensor])[] = [
      ["add", () => add(whole(16_777_215, 3), whole(1, 3))],
      ["add of a number", () => add(whole(16_777_215, 3), 2)],
      ["add below", () => add(whole(-16_777_215), whole(-2))],
      ["sub", () => sub(whole(-16_777_215), whole(1))],
      ["mul", () => mul(whole(4097, 3), whole(4097, 3))],
      ["mul, far beyond", () => mul(whole(16_777_215), whole(-16_777_215))],
      ["sum", () => sum(whole(16_777_215, 1))],
      ["sum that comes back", () => sum(whole(16_777_215, 1, -5))],
      ["sum of many", () => sum(tensor(new Int32Array(700).fill(30_000), [700], on(), "i32"))],
      ["cumulativeSum", () => cumulativeSum(whole(16_777_215, 1))],
      ["cumulativeSum that comes back", () => slice(cumulativeSum(whole(16_777_215, 2, -9)), 0, 2, 1)],
      ["cumulativeSum of many", () => cumulativeSum(tensor(new Int32Array(700).fill(30_000), [700], on(), "i32"))],
      ["what goes on with it", () => add(add(whole(16_777_215), 2), -3)],
      ["what multiplies it", () => mul(add(whole(16_777_215), 2), whole(3))],
    ];
    test.each(beyond)("%s beyond is an error at the read, never another number", async (_, make) => {
      const made = make();
      await expect(made.read()).rejects.toThrow("a result is beyond ±16777215");
      made[Symbol.dispose]();
    });
    test("floats may be larger", async () => {
      using x = tensor([16_777_216, 4e9], [2], on());
      expect([...(await x.read())]).toEqual([16_777_216, 4e9]);
    });
    test("stays an error in a difference of two", async () => {
      const made = sub(add(whole(16_777_215), 2), add(whole(16_777_215), 1));
      await expect(made.read()).rejects.toThrow("a result is beyond ±16777215");
      made[Symbol.dispose]();
    });
    test("is NaN as a float", async () => {
      const made = cast(add(whole(16_777_215), 3), "f32");
      expect([...(await made.read())]).toEqual([NaN]);
      made[Symbol.dispose]();
    });
  });
}
