import { add, matmul, mul, scoped, sub, sum, tensor, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { numbers } from "./numbers.ts";
import { opened, pending, settle, take, type Place } from "./place.ts";

/** WebGPU gives promises, and so does WebAssembly with threads: ops give tensors at once all the same, in the order of the program. */
export function testOrder(place: Place): void {
  describe("the order of the program", () => {
    const on = opened(place);
    test("is kept where kernels take very different times", async () => {
      const n = 160;
      const data = numbers(n * n).map((x) => x / n);
      const right = (steps: number): number => {
        // Every row of a · a … holds numbers that follow from the column sums: kept small by working with one vector.
        let v = new Float64Array(n).fill(1);
        for (let s = 0; s < steps; s++)
          v = Float64Array.from({ length: n }, (_, i) => {
            let total = 0;
            for (let k = 0; k < n; k++) total += data[i * n + k]! * v[k]!;
            return total;
          });
        return v.reduce((a, b) => a + b, 0);
      };
      const seen: Promise<readonly [number, number]>[] = [];
      using a = tensor(data, [n, n], on());
      let power = add(a, 0);
      for (let step = 1; step <= 4; step++) {
        const small: Tensor = scoped(() => sub(add(mul(tensor([step], [1], on()), 3), 1), 1));
        const total = sum(power);
        seen.push(Promise.all([take(total), take(small)]).then(([[t], [s]]) => [t!, s!] as const));
        const next = matmul(power, a);
        power[Symbol.dispose]();
        power = next;
      }
      for (const [i, promise] of seen.entries()) {
        const [total, small] = await promise;
        expect(small).toBe(3 * (i + 1));
        expect(Math.abs(total / right(i + 1) - 1)).toBeLessThan(1e-4);
      }
      power[Symbol.dispose]();
    });
    test("ops give their results at once", async () => {
      using x = tensor(numbers(256 * 256), [256, 256], on());
      const made = Array.from({ length: 20 }, () => add(x, 1));
      expect(made.every(({ shape }) => shape.length === 2)).toBe(true);
      if (place.mode === "webgpu") expect(pending(on())).toBeInstanceOf(Promise);
      for (const y of made) y[Symbol.dispose]();
      await settle(on());
    });
    test("reads may be asked for in any order", async () => {
      using x = tensor([1], [1], on());
      const made = Array.from({ length: 30 }, (_, i) => mul(x, i));
      const values = await Promise.all(made.toReversed().map((y) => y.read()));
      expect(values.map(([value]) => value)).toEqual(made.map((_, i) => 29 - i));
      for (const y of made) y[Symbol.dispose]();
    });
  });
}
