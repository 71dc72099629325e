import { sizeOf } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import { around, rowsOf, shapeAt, type BlockCall, type Result, type Kernels } from "./call.ts";
import { exp, log } from "./functions.ts";
import { fold, maxOf, sumOf } from "./fold.ts";

type Shape3 = { readonly outer: number; readonly n: number; readonly inner: number };

/** Kernels that need something of a whole row before they can treat its elements: its largest, its sum, its mean. */
export function rowTable(engine: Engine): Kernels<"softmax" | "logSoftmax" | "layerNorm" | "rmsNorm" | "rope"> {
  /** Runs the last step of several, and frees what the others made. */
  const finish = (result: Result, ...rest: readonly Block[]): Result =>
    after(result, (block) => {
      for (const each of rest) engine.free(each);
      return block;
    });
  /** `last` of the largest element of each row and of the sum of exponentials of the differences to it. */
  const exponentials = (x: Block, seen: Shape3, last: (top: Block, total: Block) => Result): Result =>
    after(fold(engine, maxOf, x, seen), (top) =>
      after(
        fold(engine, sumOf, x, seen, {
          name: "Exponentials",
          expression: "expOf(e - top)",
          functions: [exp],
          arrays: { tops: [top, seen.inner === 1 ? [seen.outer] : [seen.outer, seen.inner]] },
        }),
        (total) => finish(last(top, total), top, total),
      ),
    );
  const softmax =
    (name: string, expression: string, functions: readonly string[]) =>
    ([x]: readonly [Block], { axis }: { axis: number }, call: BlockCall): Result => {
      const seen = around(shapeAt(call, 0), axis);
      const { outer, n, inner } = seen;
      if (outer * n * inner === 0) return engine.upload(new Float32Array(0));
      return exponentials(x, seen, (top, total) =>
        engine.run({
          name,
          functions,
          out: [outer, n, inner],
          arrays: { x: [x, [outer, n, inner]], tops: [top, [outer, inner]], totals: [total, [outer, inner]] },
          body: `const e = x[Z][Y][X];\nconst top = tops[Z][X];\nconst total = totals[Z][X];\nreturn ${expression};`,
        }),
      );
    };
  /** The mean of each row, and 1 / √(variance + ε). */
  const moments = (
    x: Block,
    rows: number,
    d: number,
    epsilon: number,
    last: (mean: Block, inverse: Block) => Result,
  ): Result => {
    const seen = { outer: rows, n: d, inner: 1 };
    const scaled = (total: Block, name: string, expression: string): Result =>
      finish(
        engine.run({
          name,
          out: [rows],
          arrays: { total: [total, [rows]] },
          numbers: { epsilon },
          body: `const t = total[X];\nreturn ${expression};`,
        }),
        total,
      );
    return after(fold(engine, sumOf, x, seen), (total) =>
      after(scaled(total, "meanOfRow", `t / ${d} + 0 * epsilon`), (mean) =>
        after(
          fold(engine, sumOf, x, seen, {
            name: "Squares",
            expression: "(e - mean) * (e - mean)",
            arrays: { means: [mean, [rows]] },
          }),
          (squares) =>
            after(scaled(squares, "inverseDeviation", `1 / Math.sqrt(t / ${d} + epsilon)`), (inverse) =>
              finish(last(mean, inverse), mean, inverse),
            ),
        ),
      ),
    );
  };
  return {
    softmax: softmax("softmax", "expOf(e - top) / total", [exp]),
    logSoftmax: softmax("logSoftmax", "e - top - logOf(total)", [log]),
    layerNorm: ([x, weight, bias], { epsilon }, call) => {
      const { rows, n: d } = rowsOf(call.output.shape);
      if (rows * d === 0) return engine.upload(new Float32Array(0));
      return moments(x, rows, d, epsilon, (mean, inverse) =>
        engine.run({
          name: "layerNorm",
          out: [rows, d],
          arrays: {
            x: [x, [rows, d]],
            mean: [mean, [rows]],
            inverse: [inverse, [rows]],
            weight: [weight, [d]],
            ...(bias && { bias: [bias, [d]] }),
          },
          body: `return (x[Y][X] - mean[Y]) * inverse[Y] * weight[X]${bias === undefined ? "" : " + bias[X]"};`,
        }),
      );
    },
    rmsNorm: ([x, weight], { epsilon }, call) => {
      const { rows, n: d } = rowsOf(call.output.shape);
      if (rows * d === 0) return engine.upload(new Float32Array(0));
      const squares = fold(
        engine,
        sumOf,
        x,
        { outer: rows, n: d, inner: 1 },
        {
          name: "OwnSquares",
          expression: "e * e",
          arrays: {},
        },
      );
      return after(squares, (squares) =>
        finish(
          engine.run({
            name: "rmsNorm",
            out: [rows, d],
            arrays: { x: [x, [rows, d]], squares: [squares, [rows]], weight: [weight, [d]] },
            numbers: { epsilon },
            body: `return x[Y][X] / Math.sqrt(squares[Y] / ${d} + epsilon) * weight[X];`,
          }),
          squares,
        ),
      );
    },
    rope: ([x, cos, sin], _, call) => {
      const { shape } = call.output;
      const [t, k] = shape.slice(-2) as [number, number];
      const half = shapeAt(call, 1)[1]!;
      const outer = sizeOf(shape.slice(0, -2));
      return engine.run({
        name: "rope",
        out: [outer, t, k],
        arrays: { x: [x, [outer, t, k]], cos: [cos, [t, half]], sin: [sin, [t, half]] },
        body: `if (X < ${half}) { return x[Z][Y][X] * cos[Y][X] - x[Z][Y][X + ${half}] * sin[Y][X]; }
if (X < ${2 * half}) { return x[Z][Y][X] * cos[Y][X - ${half}] + x[Z][Y][X - ${half}] * sin[Y][X - ${half}]; }
return x[Z][Y][X];`,
      });
    },
  };
}
