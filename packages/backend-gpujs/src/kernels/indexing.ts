import { sizeOf } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import { elementsAt, rowsOf, shapeAt, type Result, type Kernels } from "./call.ts";

/** The ops whose kernels take 16-bit floats as they are. */
export const indexingHalves: readonly string[] = ["gather", "takeAlong"];

/** Kernels that find elements by index, and those that make elements from one. */
export function indexingTable(
  engine: Engine,
): Kernels<"gather" | "scatterAdd" | "takeAlong" | "scatterAlong" | "iota"> {
  return {
    gather: ([table, ids], _, call) => {
      const [rows, d] = shapeAt(call, 0) as [number, number];
      const n = elementsAt(call, 1);
      return engine.run({
        name: "gather",
        out: [n, d],
        arrays: { table: [table, [rows, d]], ids: [ids, [n]] },
        body: "const row = ids[Y];\nreturn table[row][X];",
      });
    },
    scatterAdd: ([ids, updates], { rows }, call) =>
      scatterAdd(engine, ids, updates, elementsAt(call, 0), rows, call.output.shape[1]!),
    takeAlong: ([x, index], _, call) => {
      const { rows, n } = rowsOf(shapeAt(call, 0));
      const m = call.output.shape.at(-1)!;
      return engine.run({
        name: "takeAlong",
        out: [rows, m],
        arrays: { x: [x, [rows, n]], index: [index, [rows, m]] },
        body: "const i = index[Y][X];\nreturn x[Y][i];",
      });
    },
    scatterAlong: ([index, updates], { size }, call) => {
      const { rows, n } = rowsOf(shapeAt(call, 0));
      return engine.run({
        name: "scatterAlong",
        out: [rows, size],
        arrays: { index: [index, [rows, n]], updates: [updates, [rows, n]] },
        body: `let s = 0;
for (let i = 0; i < ${n}; i++) {
  if (index[Y][i] === X) { s += updates[Y][i]; }
}
return s;`,
      });
    },
    iota: (_, { start }, call) =>
      engine.run({ name: "iota", out: [sizeOf(call.output.shape)], numbers: { start }, body: "return X + start;" }),
  };
}

/**
 * Adds rows [n, d] at the rows that the ids name. A kernel writes one place alone, so each result looks for what belongs to it: for
 * each id where it comes next, for each row where it comes first, and then the sum along that chain.
 */
function scatterAdd(engine: Engine, ids: Block, updates: Block, n: number, rows: number, d: number): Result {
  if (rows * d === 0 || n === 0) return engine.upload(new Float32Array(rows * d));
  const idsOf = { ids: [ids, [n]] } as const;
  const next = engine.run({
    name: "nextWithId",
    out: [n],
    arrays: idsOf,
    body: `let found = ${n};
for (let i = 0; i < ${n}; i++) {
  if (found === ${n} && i > X && ids[i] === ids[X]) { found = i; }
}
return found;`,
  });
  return after(next, (next) =>
    after(
      engine.run({
        name: "firstWithId",
        out: [rows],
        arrays: idsOf,
        body: `let found = ${n};
for (let i = 0; i < ${n}; i++) {
  if (found === ${n} && ids[i] === X) { found = i; }
}
return found;`,
      }),
      (first) =>
        after(
          engine.run({
            name: "scatterAdd",
            out: [rows, d],
            arrays: { first: [first, [rows]], next: [next, [n]], updates: [updates, [n, d]] },
            body: `let i = first[Y];
let s = 0;
for (let j = 0; j < ${n}; j++) {
  if (i < ${n}) { s += updates[i][X]; i = next[i]; }
}
return s;`,
          }),
          (result) => {
            engine.free(next);
            engine.free(first);
            return result;
          },
        ),
    ),
  );
}
