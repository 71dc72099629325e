import { cpu, type Backend, type Op } from "@tenon/tensor";
import { describeCase, type OpCase } from "@tenon/tensor/testing";

import { compare, sizeOfLargest } from "../compare.ts";
import { testedOps } from "../ops.ts";
import { readAll, runCall } from "../run-op.ts";
import type { Group } from "./group.ts";

/** The case with a number planted in the middle of its first input of floats; undefined where there is none. */
function planted(each: OpCase, value: number): OpCase | undefined {
  const place = each.inputs.findIndex((input) => typeof input === "object" && input.dtype === "f32");
  const input = each.inputs[place];
  if (typeof input !== "object" || input.data.length === 0) return undefined;
  const data = input.data.with(Math.floor(input.data.length / 2), value);
  return { ...each, inputs: each.inputs.with(place, { ...input, data }) };
}

/**
 * Ops whose kernels may leave out what is masked, where the composition multiplies it by 0: 0 · NaN is NaN. Where the composition has NaN,
 * they may have a number.
 */
const mayLeaveOut: ReadonlySet<string> = new Set(["attentionGradient"]);

/** The last two overflow an exponential that is not shifted. */
const values = [NaN, Infinity, -Infinity, -0, 1e4, -1e4];

async function check(op: Op, cases: readonly OpCase[], on: Backend, tolerance: number): Promise<void> {
  const reference = cpu({ precision: "f64", fused: false });
  for (const each of cases) {
    for (const value of values) {
      const special = planted(each, value);
      if (special === undefined) continue;
      const [actual, expected] = [
        await readAll(runCall(op, special, on)),
        await readAll(runCall(op, special, reference)),
      ];
      for (const [i, result] of actual.entries()) {
        const wanted = expected[i]!;
        const data = result.data.map((x, n) => (mayLeaveOut.has(op.name) && Number.isNaN(wanted.data[n]) ? NaN : x));
        const what = `${describeCase(op.name, each)} with ${Object.is(value, -0) ? "-0" : value} in the middle`;
        compare(
          { ...result, data },
          wanted,
          tolerance,
          what,
          Number.isFinite(value) ? Math.max(1, sizeOfLargest(wanted.data)) : 1,
        );
      }
    }
  }
}

/** `special/<op>`: among usual numbers a NaN, an infinity, −0 or a very large one gives what the composition in double precision gives. */
export const special: Group = () =>
  testedOps
    .filter(({ cases }) => cases.some((each) => planted(each, NaN) !== undefined))
    .map(({ name, op, cases }) => [`special/${name}`, (on, { f32 }) => check(op, cases, on, f32)]);
