import { sizeOf } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { after } from "../sequence.ts";
import { lowest } from "../storage.ts";
import { around, shapeAt, type Result, type Kernels } from "./call.ts";
import { fold, maxOf, sumOf, type Fold } from "./fold.ts";
import { whole } from "./functions.ts";

const wholeSum: Fold = { name: "wholeSum", start: 0, next: "whole(s + e)", functions: [whole] };

/** The kernels that fold an axis. */
export function reduceTable(engine: Engine): Kernels<"sum" | "max" | "cumulativeSum"> {
  const filled = (elements: number, value: number): Block => engine.upload(new Float32Array(elements).fill(value));
  return {
    sum: ([x], { axis }, call) => {
      const seen = around(shapeAt(call, 0), axis);
      if (seen.n === 0) return filled(sizeOf(call.output.shape), 0);
      return fold(engine, call.output.dtype === "i32" ? wholeSum : sumOf, x, seen);
    },
    max: ([x], { axis }, call) => {
      const seen = around(shapeAt(call, 0), axis);
      if (seen.n === 0) return filled(sizeOf(call.output.shape), call.output.dtype === "i32" ? lowest : -Infinity);
      return fold(engine, maxOf, x, seen);
    },
    cumulativeSum: ([x], { axis, reverse }, call) =>
      cumulate(engine, x, around(shapeAt(call, 0), axis), reverse, call.output.dtype === "i32"),
  };
}

/** One thread adds no more elements than that. */
const longest = 128;

/**
 * Running sums along the middle axis of x [outer, n, inner]. A long axis is cut into stretches: the sums of whole stretches are cumulated
 * first, and each element then adds the beginning of its own stretch to those before it.
 */
function cumulate(
  engine: Engine,
  x: Block,
  seen: { readonly outer: number; readonly n: number; readonly inner: number },
  reverse: boolean,
  wholes: boolean,
): Result {
  const { outer, n, inner } = seen;
  if (outer * n * inner === 0) return engine.upload(new Float32Array(0));
  const chunks = Math.ceil(n / longest);
  const size = Math.ceil(n / chunks);
  const next = wholes ? "whole(s + x[Z][k][X])" : "s + x[Z][k][X]";
  const functions = wholes ? [whole] : [];
  const at = (k: string): string => (reverse ? `${n - 1} - (${k})` : k);
  const within = (before: Block | undefined): Result =>
    engine.run({
      name: "cumulativeSum",
      out: [outer, n, inner],
      arrays: { x: [x, [outer, n, inner]], ...(before && { before: [before, [outer, chunks, inner]] }) },
      functions,
      body: `const i = ${at("Y")};
const chunk = Math.floor((i + 0.5) / ${size});
let s = 0;
for (let j = 0; j < ${size}; j++) {
  const p = chunk * ${size} + j;
  if (p <= i) { const k = ${at("p")}; s = ${next}; }
}
${before === undefined ? "" : `if (chunk > 0) { s = ${wholes ? "whole(s + before[Z][chunk - 1][X])" : "s + before[Z][chunk - 1][X]"}; }\n`}return s;`,
    });
  if (chunks === 1) return within(undefined);
  const totals = engine.run({
    name: "cumulativeSumTotals",
    out: [outer, chunks, inner],
    arrays: { x: [x, [outer, n, inner]] },
    functions,
    body: `let s = 0;
for (let j = 0; j < ${size}; j++) {
  const p = Y * ${size} + j;
  if (p < ${n}) { const k = ${at("p")}; s = ${next}; }
}
return s;`,
  });
  return after(totals, (part) =>
    after(cumulate(engine, part, { outer, n: chunks, inner }, false, wholes), (before) =>
      after(within(before), (result) => {
        engine.free(part);
        engine.free(before);
        return result;
      }),
    ),
  );
}
