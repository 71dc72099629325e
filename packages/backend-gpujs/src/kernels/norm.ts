import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import { rowsOf, type Kernels, type Result } from "./call.ts";
import { fold, sumOf } from "./fold.ts";

/** Norms of rows: passes for their moments first, and one for the result. */
export function normTable(engine: Engine): Kernels<"layerNorm" | "rmsNorm"> {
  /** Runs the last step of several, and frees what the others made. */
  const finish = (result: Result, ...rest: readonly Block[]): Result =>
    after(result, (block) => {
      for (const each of rest) engine.free(each);
      return block;
    });
  /** The mean of each row, and 1 / √(variance + ε). */
  const moments = (
    x: Block,
    rows: number,
    d: number,
    epsilon: number,
    last: (mean: Block, inverse: Block) => Result,
  ): Result => {
    const seen = { outer: rows, n: d, inner: 1 };
    const scaled = (total: Block, name: string, expression: string, numbers: Record<string, number>): Result =>
      finish(
        engine.run({
          name,
          out: [rows],
          arrays: { total: [total, [rows]] },
          numbers,
          body: `const t = total[X];\nreturn ${expression};`,
        }),
        total,
      );
    return after(fold(engine, sumOf, x, seen), (total) =>
      after(scaled(total, "meanOfRow", `t / ${d}`, {}), (mean) =>
        after(
          fold(engine, sumOf, x, seen, {
            name: "Squares",
            expression: "(e - mean) * (e - mean)",
            arrays: { means: [mean, [rows]] },
          }),
          (squares) =>
            after(scaled(squares, "inverseDeviation", `1 / Math.sqrt(t / ${d} + epsilon)`, { epsilon }), (inverse) =>
              finish(last(mean, inverse), mean, inverse),
            ),
        ),
      ),
    );
  };
  return {
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
  };
}
