import { sizeOf } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import { rowsOf, shapeAt, type Result, type Kernels } from "./call.ts";

/** Does element `a` at place i come before `b` at place j? Descending, NaN first, of equals the earlier. */
const precedes = `function precedes(a, i, b, j) {
  if (NAN(a)) {
    if (NAN(b)) { return i < j ? 1 : 0; }
    return 1;
  }
  if (NAN(b)) { return 0; }
  if (a === b) { return i < j ? 1 : 0; }
  return a > b ? 1 : 0;
}`;

/** Rows are searched in stretches of about so many elements. */
const longest = 256;

/** Rows of candidates: their values [rows, n], and where in the original row each stands; undefined as long as that is its own place. */
interface Candidates {
  readonly values: Block;
  readonly places: Block | undefined;
  readonly n: number;
}

export function topKTable(engine: Engine): Kernels<"topK"> {
  return {
    topK: ([x], { k }, call) => {
      const { rows, n } = rowsOf(shapeAt(call, 0));
      if (sizeOf(call.output.shape) === 0)
        return [engine.upload(new Float32Array(0)), engine.upload(new Float32Array(0))];
      return after(search(engine, { values: x, places: undefined, n }, rows, k), ({ values, places }) => [
        values,
        places!,
      ]) as [Block, Block]; // or a promise of both
    },
  };
}

/** The k first of each row: those of each stretch are found first, and then those among them, until a stretch is the row. */
function search(engine: Engine, candidates: Candidates, rows: number, k: number): Candidates | Promise<Candidates> {
  const { n } = candidates;
  // Stretches of which most is kept would not make the row any shorter. Each has k elements or more.
  const chunks = k > longest / 2 ? 1 : Math.ceil(n / longest);
  return after(pick(engine, candidates, rows, chunks, k), (picked) => {
    if (chunks === 1) return picked;
    return after(search(engine, picked, rows, k), (found) => {
      engine.free(picked.values);
      engine.free(picked.places!);
      return found;
    });
  });
}

/** The k first of each stretch of each row. The first stretches may be longer by one than the others. */
function pick(
  engine: Engine,
  { values, places, n }: Candidates,
  rows: number,
  chunks: number,
  k: number,
): Candidates | Promise<Candidates> {
  const least = Math.floor(n / chunks);
  const longer = n % chunks;
  const most = longer === 0 ? least : least + 1;
  const from = `const from = Y * ${least} + Math.min(Y, ${longer});\n`;
  const rank = engine.run({
    name: "rank",
    out: [rows, chunks, most],
    arrays: { values: [values, [rows, n]] },
    functions: [precedes],
    body: `${from}const length = Y < ${longer} ? ${most} : ${least};
if (X >= length) { return -1; }
const at = from + X;
const a = values[Z][at];
let before = 0;
for (let j = 0; j < ${most}; j++) {
  if (j < length) { const i = from + j; const b = values[Z][i]; before += precedes(b, i, a, at); }
}
return before;`,
    work: rows * n * most,
  });
  const standing = (rank: Block): Result =>
    engine.run({
      name: "standing",
      out: [rows, chunks, k],
      arrays: { rank: [rank, [rows, chunks, most]] },
      body: `${from}let found = 0;
for (let j = 0; j < ${most}; j++) {
  if (rank[Z][Y][j] === X) { found = from + j; }
}
return found;`,
      work: rows * n * k,
    });
  const taken = (row: Block, at: Block): Result =>
    engine.run({
      name: "taken",
      out: [rows, chunks * k],
      arrays: { row: [row, [rows, n]], at: [at, [rows, chunks * k]] },
      body: "const i = at[Y][X];\nreturn row[Y][i];",
    });
  return after(rank, (rank) =>
    after(standing(rank), (at) => {
      engine.free(rank);
      return after(taken(values, at), (found) => {
        if (places === undefined) return { values: found, places: at, n: chunks * k };
        return after(taken(places, at), (where) => {
          engine.free(at);
          return { values: found, places: where, n: chunks * k };
        });
      });
    }),
  );
}
