import { isFloat, Scope, type Backend, type DType, type Op } from "@tenon/tensor";
import { asDType, describeCase, expectClose, runCase, type OpCase } from "@tenon/tensor/testing";

import { testedOps } from "../ops.ts";
import { disposeAll, isKernel } from "../run-op.ts";
import type { Group } from "./group.ts";

/** Runs calls whose results are settled by the op's definition, in plain loops. */
async function checkValues(op: Op, cases: readonly OpCase[], on: Backend, tolerance: number): Promise<void> {
  for (const each of cases) {
    using scope = new Scope();
    const outputs = scope.run(() => runCase(op, each, on));
    try {
      if (outputs.length !== each.expected.length)
        throw new Error(`${op.name}: gave ${outputs.length} results, expected ${each.expected.length}`);
      for (const [i, output] of outputs.entries())
        await expectClose(output, each.expected[i]!, tolerance, describeCase(op.name, each));
    } finally {
      disposeAll(outputs);
    }
  }
}

/** The dtype that a case is about: that of its floats, if there are any. */
function dtypeOf({ inputs, expected }: OpCase): DType {
  const arrays = [...inputs.filter((input) => typeof input === "object"), ...expected];
  return (arrays.find(({ dtype }) => isFloat(dtype)) ?? arrays[0]!).dtype;
}

/** Cases by the dtype that they are about; those of f32 once more in each 16-bit float that the op takes. */
function byDType(op: Op, cases: readonly OpCase[]): ReadonlyMap<DType, readonly OpCase[]> {
  const halves = (["f16", "bf16"] as const).flatMap((dtype) =>
    cases.filter((each) => dtypeOf(each) === "f32").map((each) => asDType(op, each, dtype)),
  );
  const groups = new Map<DType, OpCase[]>();
  for (const each of [...cases, ...halves]) {
    if (each === undefined) continue;
    const dtype = dtypeOf(each);
    groups.set(dtype, [...(groups.get(dtype) ?? []), each]);
  }
  return groups;
}

/** `ops/<op>/<dtype>`: what each op gives for empty, scalar, odd and broadcast shapes. */
export const values: Group = () =>
  testedOps.flatMap(({ name, op, cases }) =>
    [...byDType(op, cases)].map(
      ([dtype, those]) =>
        [
          `ops/${name}/${dtype}`,
          async (on, tolerances) => {
            await checkValues(op, those, on, dtype === "f16" || dtype === "bf16" ? tolerances[dtype] : tolerances.f32);
            return { how: isKernel(op, those, on) ? "kernel" : "composed" };
          },
        ] as const,
    ),
  );
