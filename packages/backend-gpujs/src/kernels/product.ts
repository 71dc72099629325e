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
  /** Element `K` of a row of the left matrix, `row` being an expression; `Z` counts the batch. */
  readonly left: (row: string) => string;
  /** Element `K` of a column of the right matrix, `column` being an expression. */
  readonly right: (column: string) => string;
  /** The right matrix, if all of it is one tensor: what is made of a variable's is kept with it. */
  readonly weight?: Block;
  readonly arrays: NonNullable<Job["arrays"]>;
  /** Numbers for `left` and `right`. */
  readonly numbers?: NonNullable<Job["numbers"]>;
  /** Statements that return the result for a sum `s` at `Z`, `Y` and `X`. Default: the sum itself. */
  readonly finish?: Omit<Job, "name" | "out" | "work">;
}

/** So many steps are added before their sum is added to the others, which keeps a long sum exact. */
const stretch = 512;
/** With more loops than that in a row, their code would be longer than it is worth. */
const mostLoops = 32;

/** How a kernel steps through the products: what it reads first, and what it adds to each of its sums. */
interface Steps {
  readonly count: number;
  readonly read: string;
  readonly terms: readonly string[];
}

/** The sums s0, s1 … over all steps, in one loop after another: gpu.js's WebAssembly is slow at loops inside loops. */
function sums({ count, read, terms }: Steps): string {
  const length = Math.max(stretch, Math.ceil(count / mostLoops));
  let code = "";
  for (let from = 0; from === 0 || from < count; from += length) {
    const sum = (i: number): string => (from === 0 ? `s${i}` : `part${from}s${i}`);
    terms.forEach((_, i) => (code += `let ${sum(i)} = 0;\n`));
    const steps = terms.map((term, i) => `${sum(i)} += ${term};`).join(" ");
    code += `for (let k = ${from}; k < ${Math.min(count, from + length)}; k++) { ${read}${steps} }\n`;
    if (from > 0) terms.forEach((_, i) => (code += `s${i} += ${sum(i)};\n`));
  }
  return code;
}

const at = (access: string, place: string): string => access.replaceAll(/\bK\b/g, place);

/** Four neighbours along k as one element, where a device reads four as fast as one. */
interface Packed {
  readonly left: Block;
  readonly right: Block;
  readonly free: () => void;
}

/** From so many elements along k on, packing four of them pays … */
const leastPacked = 16;
/** … for a right matrix that is used for as many rows. One that stays is packed once. */
const leastRows = 8;

function pack(engine: Engine, product: Product, side: "left" | "right"): Result {
  const { name, batch, k, arrays, numbers = {} } = product;
  const access = product[side]("Y");
  const element = (i: number): string => {
    const read = at(access, i === 0 ? "X * 4" : `X * 4 + ${i}`);
    return k % 4 === 0 ? read : `X * 4 + ${i} < ${k} ? ${read} : 0`;
  };
  const of = side === "left" ? product.m : product.n;
  return engine.run({
    name: `${name}_${side}`,
    out: [batch, of, Math.ceil(k / 4)],
    four: true,
    arrays,
    numbers,
    body: `${[0, 1, 2, 3].map((i) => `const e${i} = ${element(i)};\n`).join("")}return [e0, e1, e2, e3];`,
  });
}

function packBoth(engine: Engine, product: Product): Packed | Promise<Packed> | undefined {
  const { m, n, k, weight, right } = product;
  const stays = weight?.lasting === true;
  if (engine.device.fours !== "vectors" || k < leastPacked || (m < leastRows && !stays)) return undefined;
  const key = `${right("Y")} ${n} ${k}`;
  const kept = weight?.packed?.get(key);
  return after(kept ?? pack(engine, product, "right"), (right) => {
    if (stays && kept === undefined) {
      (weight.packed ??= new Map()).set(key, right);
      engine.keep(right);
    }
    return after(pack(engine, product, "left"), (left) => ({
      left,
      right,
      free: () => {
        engine.free(left);
        if (!stays) engine.free(right);
      },
    }));
  });
}

/**
 * Multiplies matrices, four results in a thread, so that what is read serves two or four products; a second kernel puts them in order, and
 * finishes them. In WebGL, where a texel of four numbers is read as fast as one number, both sides are packed first.
 */
export function multiply(engine: Engine, product: Product): Result {
  if (product.batch * product.m * product.n === 0) return engine.upload(new Float32Array(0));
  const packed = packBoth(engine, product);
  if (packed === undefined) return multiplied(engine, product, undefined);
  return after(packed, (packed) =>
    after(multiplied(engine, product, packed), (result) => {
      packed.free();
      return result;
    }),
  );
}

/** The sums of one vector of results. */
const fourSums = (vector: number): string => [0, 1, 2, 3].map((i) => `s${4 * vector + i}`).join(", ");

/** `of` expressions for neighbours, none beyond `size` unless that does no harm. */
const neighbours = (axis: string, of: number, size: number, unchecked: boolean): string[] =>
  Array.from({ length: of }, (_, i) => {
    if (of === 1) return axis;
    const place = `${axis} * ${of} + ${i}`;
    return unchecked || size % of === 0 ? place : `(${place} < ${size} ? ${place} : ${size - 1})`;
  });

function multiplied(engine: Engine, product: Product, packed: Packed | undefined): Result {
  const { name, batch, m, n, k, finish = { body: "return s;" } } = product;
  const vectors = engine.device.fours === "vectors";
  const [down, across] = m >= engine.device.tile[0] ? engine.device.tile : m > 1 ? [2, 2] : vectors ? [1, 4] : [1, 1];
  // Beyond the last row or column anything may be read, since it is left out afterwards; but outside WebGL, whose textures give what lies at
  // their edge, there may be nothing to read.
  const rows = neighbours("Y", down, m, vectors);
  const columns = neighbours("X", across, n, vectors);
  const quarter = Math.ceil(k / 4);
  // An index less is arithmetic less for every element that is read.
  const z = batch === 1 ? "" : "[Z]";
  const shape = (...of: readonly number[]): readonly number[] => (batch === 1 ? of : [batch, ...of]);
  const cells = rows.flatMap((_, r) => columns.map((_, c) => [r, c] as const));
  const steps: Steps =
    packed === undefined
      ? {
          count: k,
          read:
            rows.map((row, r) => `const x${r} = ${at(product.left(row), "k")}; `).join("") +
            columns.map((column, c) => `const w${c} = ${at(product.right(column), "k")}; `).join(""),
          terms: cells.map(([r, c]) => `x${r} * w${c}`),
        }
      : {
          count: quarter,
          read:
            rows.map((row, r) => `const x${r} = left${z}[${row}][k]; `).join("") +
            columns.map((column, c) => `const w${c} = right${z}[${column}][k]; `).join(""),
          terms: cells.map(([r, c]) => [0, 1, 2, 3].map((i) => `x${r}[${i}] * w${c}[${i}]`).join(" + ")),
        };
  const given: Pick<Job, "arrays" | "numbers"> =
    packed === undefined
      ? { arrays: product.arrays, numbers: product.numbers ?? {} }
      : { arrays: { left: [packed.left, shape(m, quarter)], right: [packed.right, shape(n, quarter)] } };
  const work = batch * m * n * k;
  const out = [batch, m, n];
  if (cells.length === 1)
    return engine.run({
      ...finish,
      name,
      out,
      arrays: { ...given.arrays, ...finish.arrays },
      numbers: { ...given.numbers, ...finish.numbers },
      body: `${sums(steps)}const s = s0;\n${finish.body}`,
      work,
    });
  const [high, wide] = [Math.ceil(m / down), Math.ceil(n / across)];
  const more = cells.length / 4 - 1;
  const tiled = engine.run({
    name: `${name}_tiles`,
    out: [batch, high, wide],
    four: true,
    ...given,
    more,
    body: `${sums(steps)}${Array.from({ length: more }, (_, i) => `more${i + 1}(${fourSums(i + 1)});\n`).join("")}return [${fourSums(0)}];`,
    work,
  });
  const tiles = (made: Block): NonNullable<Job["arrays"]> =>
    Object.fromEntries(
      [made, ...(made.more ?? [])].map((each, i) => [
        `tile${i}`,
        [each, vectors ? [batch * high, wide] : [batch * high, wide, 4]] as const,
      ]),
    );
  /** Which tile an element is in, and where there. */
  const within = (axis: string, of: number, tile: string, rest: string): string =>
    of === 1
      ? ""
      : `const ${tile} = Math.floor((${axis} + 0.5) / ${of});\nconst ${rest} = ${axis} - ${tile} * ${of};\n`;
  const [row, column] = [down === 1 ? "Y" : "qy", across === 1 ? "X" : "qx"];
  const inTile = `${down === 1 ? "0" : `ry * ${across}`} + ${across === 1 ? "0" : "rx"}`;
  const place = `[Z * ${high} + ${row}][${column}]`;
  /** The lane of a vector that the element is in, and of more than one vector that of its row. */
  const lane = (c: string): string => `i < 0.5 ? ${c}[0] : i < 1.5 ? ${c}[1] : i < 2.5 ? ${c}[2] : ${c}[3]`;
  const found = !vectors
    ? `const s = tile0${place}[${inTile}];`
    : more === 0
      ? `const c = tile0${place};\nconst i = ${inTile};\nconst s = ${lane("c")};`
      : `const i = rx;\nlet s = 0;\n${rows
          .map(
            (_, r) =>
              `if (ry > ${r - 0.5} && ry < ${r + 0.5}) { const c${r} = tile${r}${place}; s = ${lane(`c${r}`)}; }`,
          )
          .join("\n")}`;
  return after(tiled, (made) =>
    after(
      engine.run({
        ...finish,
        name,
        out,
        arrays: { ...tiles(made), ...finish.arrays },
        body: `${within("Y", down, "qy", "ry")}${within("X", across, "qx", "rx")}${found}
${finish.body}`,
      }),
      (result) => {
        engine.free(made);
        return result;
      },
    ),
  );
}
