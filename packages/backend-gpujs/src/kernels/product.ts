import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Job } from "../job.ts";
import { after } from "../sequence.ts";
import type { Result } from "./call.ts";

/** A product of matrices, as many as `batch` says, and what becomes of each sum. */
export interface Product {
  readonly name: string;
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Element k of a row of the left matrix: `row` is an expression, `K` the place of k, and `Z` counts the batch. */
  readonly left: (row: string) => string;
  /** Element k of column `X` of the right matrix. */
  readonly right: string;
  readonly arrays: NonNullable<Job["arrays"]>;
  /** Numbers for `left` and `right`. */
  readonly numbers?: NonNullable<Job["numbers"]>;
  /** Statements that return the result for a sum `s` at `Z`, `Y` and `X`. Default: the sum itself. */
  readonly finish?: Omit<Job, "name" | "out" | "work">;
}

/** So many products are added before their sum is added to the others, which keeps a long sum exact. */
const stretch = 512;
/** With more loops than that in a row, their code would be longer than it is worth. */
const mostLoops = 32;

/** Sums of products over k, each named, in one loop after another: gpu.js's WebAssembly is slow at loops inside loops. */
function sums(k: number, terms: readonly (readonly [name: string, left: string])[], right: string): string {
  const length = Math.max(stretch, Math.ceil(k / mostLoops));
  let code = "";
  for (let from = 0; from === 0 || from < k; from += length) {
    const to = Math.min(k, from + length);
    const several = k > length;
    const sum = (name: string): string => (several ? `part${from}${name}` : name);
    for (const [name] of terms) code += `let ${sum(name)} = 0;\n`;
    const steps = terms.map(([name, left]) => `${sum(name)} += ${left} * w;`).join(" ");
    code += `for (let k = ${from}; k < ${to}; k++) { const w = ${right}; ${steps} }\n`.replaceAll(/\bK\b/g, "k");
    if (several)
      for (const [name] of terms) code += from === 0 ? `let ${name} = ${sum(name)};\n` : `${name} += ${sum(name)};\n`;
  }
  return code;
}

/**
 * Multiplies matrices. On the host, four rows at a time: each element of the right matrix is then read once for four products, and what comes out
 * is put in order, and finished, by a second kernel.
 */
export function multiply(engine: Engine, product: Product): Result {
  const { name, batch, m, n, k, left, right, arrays, numbers = {}, finish = { body: "return s;" } } = product;
  if (batch * m * n === 0) return engine.upload(new Float32Array(0));
  const work = batch * m * n * k;
  const out = [batch, m, n];
  if (!engine.device.tiles || m < 2)
    return engine.run({
      ...finish,
      name,
      out,
      arrays: { ...arrays, ...finish.arrays },
      numbers: { ...numbers, ...finish.numbers },
      body: `${sums(k, [["s", left("Y")]], right)}${finish.body}`,
      work,
    });
  const tiles = Math.ceil(m / 4);
  const rows = [0, 1, 2, 3].map((r) => (m % 4 === 0 ? `Y * 4 + ${r}` : `Math.min(Y * 4 + ${r}, ${m - 1})`));
  const tiled = engine.run({
    name: `${name}Rows`,
    out: [batch, tiles, n],
    four: true,
    arrays,
    numbers,
    body: `${sums(
      k,
      rows.map((row, r) => [`s${r}`, left(row)]),
      right,
    )}return [s0, s1, s2, s3];`,
    work,
  });
  return after(tiled, (tile: Block) =>
    after(
      engine.run({
        ...finish,
        name,
        out,
        arrays: { tile: [tile, [batch * tiles, n, 4]], ...finish.arrays },
        body: `const q = Math.floor((Y + 0.5) / 4);
const s = tile[Z * ${tiles} + q][X][Y - q * 4];
${finish.body}`,
      }),
      (result) => {
        engine.free(tile);
        return result;
      },
    ),
  );
}
