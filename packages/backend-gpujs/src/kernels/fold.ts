import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import type { Result } from "./call.ts";

/** How elements become one. `next` makes of the value so far, `s`, and an element, `e`, the next value; `start` is the value of none. */
export interface Fold {
  readonly name: string;
  readonly start: number | "first";
  readonly next: string;
  readonly functions?: readonly string[];
}
export const sumOf: Fold = { name: "sum", start: 0, next: "s + e" };
/** A NaN, once there, stays. */
export const maxOf: Fold = { name: "max", start: "first", next: "e > s || NAN(e) ? e : s" };

/** One thread folds no more elements than that: a longer row is folded in stretches, which is faster, and keeps sums exact. */
const longest = 256;

/**
 * Folds the middle axis of x [outer, n, inner]. `element` may make something else of each element `e` first, with more arrays, each
 * [outer] or [outer, inner], read in the names that `element` has for them.
 */
export function fold(
  engine: Engine,
  { name, start, next, functions = [] }: Fold,
  x: Block,
  { outer, n, inner }: { readonly outer: number; readonly n: number; readonly inner: number },
  element?: {
    readonly name: string;
    readonly expression: string;
    readonly arrays: Readonly<Record<string, readonly [Block, readonly number[]]>>;
    readonly numbers?: Readonly<Record<string, number>>;
    readonly functions?: readonly string[];
  },
): Result {
  const chunks = Math.ceil(n / longest);
  const size = Math.ceil(n / chunks);
  const last = n - (chunks - 1) * size;
  // With nothing inside, stretches are X; the elements of a stretch then lie one after another.
  const flat = inner === 1;
  const [chunk, read] = flat ? ["X", "x[Y][k]"] : ["Y", "x[Z][k][X]"];
  const outerIndex = flat ? "Y" : "Z";
  const value = element === undefined ? "e" : `(${element.expression})`;
  const given = Object.entries(element?.arrays ?? {})
    .map(([key, [, shape]]) => `const ${key.slice(0, -1)} = ${key}[${outerIndex}]${shape.length === 2 ? "[X]" : ""};\n`)
    .join("");
  const step = (k: string): string => `{ const k = from + ${k}; let e = ${read}; e = ${value}; s = ${next}; }`;
  const begin =
    start === "first"
      ? `const k0 = from;\nlet s = ${read.replace("k", "k0")};\n{ const e = s; s = ${value}; }\n`
      : `let s = ${start};\n`;
  const body = `${given}const from = ${chunk} * ${size};
${begin}for (let j = 0; j < ${last}; j++) ${step("j")}
${last === size ? "" : `if (${chunk} < ${chunks - 1}) { for (let j = ${last}; j < ${size}; j++) ${step("j")} }\n`}return s;`;
  const folded = engine.run({
    name: element === undefined ? name : `${name}Of${element.name}`,
    out: flat ? [outer, chunks] : [outer, chunks, inner],
    arrays: { x: [x, flat ? [outer, n] : [outer, n, inner]], ...element?.arrays },
    numbers: element?.numbers ?? {},
    functions: [...functions, ...(element?.functions ?? [])],
    body,
    work: outer * n * inner,
  });
  if (chunks === 1) return folded;
  return after(folded, (part) =>
    after(fold(engine, { name, start, next, functions }, part, { outer, n: chunks, inner }), (result) => {
      engine.free(part);
      return result;
    }),
  );
}
