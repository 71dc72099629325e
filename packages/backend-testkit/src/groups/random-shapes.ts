import { cpu, random, type Backend, type Op } from "@tenon/tensor";
import { asyncProperty, boolean, check, gen as generator, integer as whole, type GeneratorValue } from "fast-check";

import { randomCalls } from "../calls/random-calls.ts";
import type { Draw } from "../calls/draw.ts";
import { compare, sizeOfLargest } from "../compare.ts";
import { testedOps } from "../ops.ts";
import { readAll, runCall, type OpCall } from "../run-op.ts";
import type { Group } from "./group.ts";

const calls = randomCalls as { readonly [name: string]: (draw: Draw) => OpCall };
const reference = cpu({ precision: "f64" });
const show = (name: string, { inputs, attrs }: OpCall): string => {
  const shown = inputs.map((x) => (typeof x === "object" ? `${x.dtype}[${x.shape.join(", ")}]` : String(x)));
  return `${name}(${shown.join(", ")}) ${JSON.stringify(attrs)}`;
};

/** Errors grow with the inputs and the length of sums, so they are measured against the largest result. */
async function agree(op: Op, each: OpCall, on: Backend, tolerance: number): Promise<void> {
  const expected = await readAll(runCall(op, each, reference));
  const actual = await readAll(runCall(op, each, on));
  for (const [i, result] of actual.entries()) {
    const wanted = expected[i]!;
    const scale = Math.max(1, sizeOfLargest(wanted.data));
    compare(result, wanted, isHalfResult(wanted.dtype) ?? tolerance, show(op.name, each), scale);
  }
}
const isHalfResult = (dtype: string): number | undefined =>
  dtype === "f16" ? 1e-3 : dtype === "bf16" ? 1e-2 : undefined; // a cast rounds at a tie of f32 as it may of f64

const small = (gen: GeneratorValue): Draw => {
  const integer = (low: number, high: number): number => gen(whole, { min: low, max: high });
  return {
    integer,
    axes: integer,
    size: (least = 0) => integer(least, 6),
    flag: () => gen(boolean),
    dice: random(integer(0, 2 ** 31 - 1)),
  };
};

/** `property/<op>`: random small shapes and attributes against double precision; a failure is shrunk. */
export const properties: Group = (runs) =>
  testedOps.map(({ name, op }) => [
    `property/${name}`,
    async (on, { f32 }) => {
      const property = asyncProperty(generator(), async (gen) => agree(op, calls[name]!(small(gen)), on, f32));
      const { failed, errorInstance, numRuns, numShrinks } = await check(property, { numRuns: runs, seed: 1 });
      if (!failed) return;
      const error = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
      throw new Error(`${error} (random call ${numRuns}, made simpler ${numShrinks} times)`, { cause: errorInstance });
    },
  ]);

/** Few long axes, some, many shorter ones: up to some hundred thousand elements. */
const profiles = [
  { most: 1, low: 61, high: 200 },
  { most: 2, low: 17, high: 40 },
  { most: 4, low: 9, high: 24 },
] as const;

/** `large/<op>`: larger arrays of odd sizes, which kernels with tiles and threads take another way. */
export const large: Group = () =>
  testedOps.map(({ name, op }) => [
    `large/${name}`,
    async (on, { f32 }) => {
      for (const { most, low, high } of profiles) {
        const dice = random(most).fork(name);
        const integer = (from: number, to: number): number => from + dice.integer(to - from + 1);
        let room = 1e6; // what all sizes together may still be multiplied by, which bounds the work
        const size = (): number => {
          const n = room < high ? integer(1, 3) : integer(low, high);
          room /= n;
          return n;
        };
        const axes = (least: number, greatest: number): number => Math.max(least, Math.min(greatest, most));
        const draw: Draw = { integer, axes, size, flag: () => dice.integer(2) === 1, dice };
        await agree(op, calls[name]!(draw), on, f32);
      }
    },
  ]);
