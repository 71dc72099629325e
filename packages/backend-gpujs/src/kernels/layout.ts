import type { Shape } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { mostArrays } from "../job.ts";
import { after } from "../sequence.ts";
import { around, shapeAt, type BlockCall, type Result, type Kernels } from "./call.ts";
import { broadcastPlaces, permutedPlaces, type Places } from "./places.ts";

/** All of these take 16-bit floats as they are. */
export const layoutHalves: readonly string[] = ["expand", "permute", "slice", "pad", "concat", "writeSlice"];

/** The kernels that only move elements. */
export function layoutTable(engine: Engine): Kernels<"expand" | "permute" | "slice" | "pad" | "concat" | "writeSlice"> {
  const copy = (name: string, x: Block, { out, before, operands: [operand] }: Places, shape: Shape): Result =>
    engine.run({
      name,
      out: shape.includes(0) ? [0] : out,
      arrays: { x: [x, operand!.shape] },
      body: `${before}return x${operand!.at};`,
    });
  return {
    expand: ([x], _, call) =>
      copy("expand", x, broadcastPlaces(call.output.shape, [shapeAt(call, 0)]), call.output.shape),
    permute: ([x], { order }, call) => copy("permute", x, permutedPlaces(shapeAt(call, 0), order), call.output.shape),
    slice: ([x], { axis, start, length }, call) => {
      const { outer, n, inner } = around(shapeAt(call, 0), axis);
      return engine.run({
        name: "slice",
        ...seen({ outer, n: length, inner }, { x: [x, n] }),
        numbers: { start },
        body: `return x${at("K + start", inner)};`.replace("K", axisName(inner)),
      });
    },
    pad: ([x], { axis, before }, call) => {
      const { outer, n, inner } = around(shapeAt(call, 0), axis);
      return engine.run({
        name: "pad",
        ...seen({ outer, n: call.output.shape[axis]!, inner }, { x: [x, n] }),
        body: `const k = ${axisName(inner)} - ${before};
if (k < 0 || k >= ${n}) { return 0; }
return x${at("k", inner)};`,
      });
    },
    concat: (xs, { axis }, call) => concat(engine, xs, axis, call),
    writeSlice: ([target, source], { axis, start }, call) => {
      const { outer, n, inner } = around(shapeAt(call, 0), axis);
      const length = shapeAt(call, 1)[axis]!;
      return engine.run({
        name: "writeSlice",
        ...seen({ outer, n, inner }, { target: [target, n], source: [source, length] }),
        numbers: { start },
        body: `const k = ${axisName(inner)} - start;
if (k < 0 || k >= ${length}) { return target${at(axisName(inner), inner)}; }
return source${at("k", inner)};`,
      });
    },
  };
}

// An array seen from one axis has three sizes, [outer, n, inner]; two where nothing lies inside, so that the axis itself is X.
const axisName = (inner: number): "X" | "Y" => (inner === 1 ? "X" : "Y");
const at = (index: string, inner: number): string => (inner === 1 ? `[Y][${index}]` : `[Z][${index}][X]`);

/** The result and the arrays of a job along an axis; each array has its own size there. */
function seen(
  { outer, n, inner }: { outer: number; n: number; inner: number },
  arrays: Readonly<Record<string, readonly [Block, number]>>,
): { out: readonly number[]; arrays: Record<string, readonly [Block, readonly number[]]> } {
  const shape = (size: number): readonly number[] => (inner === 1 ? [outer, size] : [outer, size, inner]);
  return {
    out: shape(n),
    arrays: Object.fromEntries(Object.entries(arrays).map(([name, [x, size]]) => [name, [x, shape(size)] as const])),
  };
}

/** Joins a few arrays at a time, since a kernel does not take any number of them. */
function concat(engine: Engine, xs: readonly Block[], axis: number, call: BlockCall): Result {
  const { outer, inner } = around(call.output.shape, axis);
  const sizes = xs.map((_, i) => shapeAt(call, i)[axis]!);
  /** Joins `first`, which is as long as the first `from` arrays, and those that follow. */
  const join = (first: Block | undefined, from: number): Result => {
    const to = Math.min(xs.length, from + mostArrays - (first === undefined ? 0 : 1));
    const parts = [
      ...(first === undefined ? [] : [{ x: first, n: sizeOfAll(sizes.slice(0, from)) }]),
      ...xs.slice(from, to).map((x, i) => ({ x, n: sizes[from + i]! })),
    ];
    let end = 0;
    let body = `const k = ${axisName(inner)};\n`;
    parts.forEach(({ n }, i) => {
      body += `if (k < ${end + n}) { return x${i}${at(`k - ${end}`, inner)}; }\n`;
      end += n;
    });
    const job = seen(
      { outer, n: end, inner },
      Object.fromEntries(parts.map(({ x, n }, i) => [`x${i}`, [x, n] as const])),
    );
    const joined = engine.run({ name: "concat", ...job, body: `${body}return 0;` });
    return after(joined, (block) => {
      if (first !== undefined) engine.free(first);
      return to === xs.length ? block : join(block, to);
    });
  };
  return join(undefined, 0);
}
const sizeOfAll = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);
