import {
  add,
  cumulativeSum,
  layerNorm,
  linear,
  matmul,
  max,
  ones,
  scatterAdd,
  softmax,
  sum,
  tensor,
  zeros,
} from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { expectNear, numbers } from "./numbers.ts";
import { opened, openEngine, take, type Place } from "./place.ts";

const total = (data: ArrayLike<number>): number => Array.from(data).reduce((a, b) => a + b, 0);

/** gpu.js ends a loop after 1000 rounds unless it knows better, and says nothing. */
export function testLongRows(place: Place): void {
  describe("rows longer than gpu.js lets a loop run", () => {
    const on = opened(place);
    describe.each([1, 999, 1000, 1001, 3072, 70_000])("%i elements", (n) => {
      const data = numbers(n);
      const other = numbers(n, 17);
      const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
        total(Float64Array.from({ length: n }, (_, i) => a[i]! * b[i]!));

      test("sum, along the last axis and along the first", async () => {
        using row = tensor(data, [n], on());
        expectNear(await take(sum(row)), [total(data)]);
        using column = tensor(
          Float32Array.from({ length: 3 * n }, (_, i) => data[Math.floor(i / 3)]! * (i % 3)),
          [n, 3],
          on(),
        );
        expectNear(await take(sum(column, 0)), [0, total(data), 2 * total(data)]);
      });
      test("max, wherever it is", async () => {
        for (const at of new Set([0, Math.floor(n / 2), n - 1])) {
          using row = tensor(data.with(at, 9), [1, n], on());
          expect([...(await take(max(row, -1)))]).toEqual([9]);
          using column = tensor(data.with(at, 9), [n, 1], on());
          expect([...(await take(max(column, 0)))]).toEqual([9]);
        }
      });
      test("softmax", async () => {
        using row = tensor(data, [1, n], on());
        const powers = Float64Array.from(data, (x) => Math.exp(x));
        const all = total(powers);
        expectNear(
          await take(softmax(row)),
          powers.map((x) => x / all),
          1e-5,
          0.5 / n,
        );
      });
      test("layerNorm", async () => {
        if (n === 1) return; // a row of one has no deviation
        using row = tensor(data, [1, n], on());
        using weight = ones([n], on());
        using bias = zeros([n], on());
        const mean = total(data) / n;
        const deviation = Math.sqrt(total(Float64Array.from(data, (x) => (x - mean) ** 2)) / n + 1e-5);
        expectNear(
          await take(layerNorm(row, weight, bias)),
          Float64Array.from(data, (x) => (x - mean) / deviation),
          1e-5,
          1,
        );
      });
      test("cumulativeSum, both ways", async () => {
        let sum = 0;
        const sums = Float64Array.from(data, (x) => (sum += x));
        using row = tensor(data, [n], on());
        expectNear(await take(cumulativeSum(row)), sums);
        using turned = tensor(data.toReversed(), [n], on());
        expectNear(await take(cumulativeSum(turned, 0, { reverse: true })), sums.toReversed());
      });
      test("matmul, with its operands in each order", async () => {
        const both = [data, other];
        using a = tensor([...data, ...other], [2, n], on());
        const right = both.flatMap((x) => both.map((y) => dot(x, y)));
        expectNear(await take(matmul(a, a, { transposeB: true })), right);
        using b = tensor(
          Float32Array.from({ length: 2 * n }, (_, i) => both[i % 2]![i >> 1]!),
          [n, 2],
          on(),
        );
        expectNear(await take(matmul(a, b)), right);
        expectNear(await take(matmul(b, b, { transposeA: true })), right);
      });
      test("linear", async () => {
        using x = tensor(data, [1, n], on());
        using weight = tensor([...other, ...data], [2, n], on());
        using bias = tensor([1, 2], [2], on());
        expectNear(await take(linear(x, weight, bias)), [dot(data, other) + 1, dot(data, data) + 2]);
      });
    });

    test("scatterAdd of 1500 rows to one place", async () => {
      const n = 1500;
      const data = numbers(2 * n);
      using ids = tensor(new Int32Array(n).fill(1), [n], on(), "i32");
      using updates = tensor(data, [n, 2], on());
      const [even, odd] = [0, 1].map((part) => total(data.filter((_, i) => i % 2 === part)));
      expectNear(await take(scatterAdd(ids, updates, 3)), [0, 0, even!, odd!, 0, 0]);
    });
    test("an addition of more elements than 2¹⁶ groups of threads", async () => {
      const n = 2 ** 22 + 5;
      const data = new Float32Array(n).fill(1).with(n - 1, 3);
      using x = tensor(data, [n], on());
      const y = await take(add(x, 1));
      expect([y[0], y[n - 2], y[n - 1]]).toEqual([2, 2, 4]);
    });
    test("a loop to a bound that is an argument", async () => {
      const { engine } = await openEngine(place);
      const n = 70_000;
      const x = engine.upload(numbers(n));
      const block = await engine.run({
        name: "sumOfSome",
        out: [2],
        arrays: { x: [x, [n]] },
        numbers: { n },
        body: "let s = 0;\nfor (let i = 0; i < n; i++) { s += x[i]; }\nreturn s;",
      });
      const right = total(numbers(n));
      expectNear(await engine.read(block, 2), [right, right], 1e-4);
      engine.close();
    });
  });
}
