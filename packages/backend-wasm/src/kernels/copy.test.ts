import { expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { copyKernels, runClear, runCopy } from "./copy.ts";

const lengths = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 63, 64, 65, 100, 1000, 8191, 8192, 8193];
const differs = (a: Uint8Array, b: Uint8Array): number =>
  a.length === b.length ? a.findIndex((x, i) => x !== b[i]) : -2;
const stepped = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => 1 + (i % 251));

eachEngine(
  copyKernels,
  () => ({}),
  [],
  (tested) => {
    /** Bytes after a run of the engine on them, which are all 255 before. */
    function written(bytes: number, run: (y: number, x: number) => void): Uint8Array {
      const { memory } = tested.engine;
      const [y, x] = [memory.allocate(bytes), memory.allocate(2 * bytes)];
      memory.u8.fill(255, y.at, y.at + bytes);
      memory.u8.set(stepped(2 * bytes), x.at);
      run(y.at, x.at);
      const result = Uint8Array.from(memory.u8.subarray(y.at, y.at + bytes));
      memory.release(y);
      memory.release(x);
      return result;
    }

    test.each(lengths)("runs of %i bytes are copied, and nothing beside them", (bytes) => {
      const [yStep, xStep, runs] = [bytes + 3, bytes + 1, 4];
      const result = written(runs * yStep + 5, (y, x) =>
        runCopy(tested.engine, { y: y + 1, x: x + 2, runs, bytes, yStep, xStep }),
      );
      const source = stepped(runs * xStep + 2);
      const expected = new Uint8Array(result.length).fill(255);
      for (let r = 0; r < runs; r++) expected.set(source.subarray(2 + r * xStep, 2 + r * xStep + bytes), 1 + r * yStep);
      expect(differs(result, expected)).toBe(-1);
    });

    test.each(lengths)("runs of %i bytes are cleared, and nothing beside them", (bytes) => {
      const [yStep, runs] = [bytes + 3, 4];
      const result = written(runs * yStep + 5, (y) => runClear(tested.engine, { y: y + 1, runs, bytes, yStep }));
      const expected = new Uint8Array(result.length).fill(255);
      for (let r = 0; r < runs; r++) expected.fill(0, 1 + r * yStep, 1 + r * yStep + bytes);
      expect(differs(result, expected)).toBe(-1);
    });

    test("no runs, and runs of no bytes, change nothing", () => {
      const untouched = new Uint8Array(16).fill(255);
      for (const [runs, bytes] of [
        [0, 4],
        [3, 0],
      ] as const) {
        expect(written(16, (y, x) => runCopy(tested.engine, { y, x, runs, bytes, yStep: 4, xStep: 4 }))).toEqual(
          untouched,
        );
        expect(written(16, (y) => runClear(tested.engine, { y, runs, bytes, yStep: 4 }))).toEqual(untouched);
      }
    });

    test("long runs, each divided into pieces", () => {
      const bytes = (1 << 19) + 777;
      const [yStep, xStep] = [bytes + 9, bytes];
      const result = written(2 * yStep, (y, x) => {
        runClear(tested.engine, { y, runs: 1, bytes: 2 * yStep, yStep: 2 * yStep });
        runCopy(tested.engine, { y, x, runs: 2, bytes, yStep, xStep });
      });
      const source = stepped(2 * bytes);
      const expected = new Uint8Array(2 * yStep);
      expected.set(source.subarray(0, bytes));
      expected.set(source.subarray(bytes), yStep);
      expect(differs(result, expected)).toBe(-1);
    });

    test("many short runs", () => {
      const [runs, bytes] = [50_000, 12];
      const result = written(runs * 13, (y, x) => runCopy(tested.engine, { y, x, runs, bytes, yStep: 13, xStep: 14 }));
      const source = stepped(2 * runs * 13);
      const wrong = result.findIndex((value, i) => {
        const [run, at] = [Math.floor(i / 13), i % 13];
        return value !== (at < 12 ? source[14 * run + at] : 255);
      });
      expect(wrong).toBe(-1);
    });
  },
);
