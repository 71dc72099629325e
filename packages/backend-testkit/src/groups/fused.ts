import { describeCase } from "@tenon/tensor/testing";

import { compare, sizeOfLargest } from "../compare.ts";
import { testedOps } from "../ops.ts";
import { isKernel, readAll, runCall, runComposition, type OpCall } from "../run-op.ts";
import type { Group } from "./group.ts";

/** The same call with its f32 inputs multiplied. */
function scaled<C extends OpCall>(each: C, by: number): C {
  const inputs = each.inputs.map((input) =>
    typeof input === "object" && input.dtype === "f32" ? { ...input, data: input.data.map((x) => x * by) } : input,
  );
  return { ...each, inputs };
}

/** `fused/<op>`: a kernel for a composite gives what its composition gives, for small numbers, usual ones and large ones. */
export const fused: Group = () =>
  testedOps
    .filter(({ op }) => "compose" in op && op.compose !== undefined)
    .map(({ name, op, cases }) => [
      `fused/${name}`,
      async (on, tolerances) => {
        let kernel = false;
        for (const each of cases) {
          if (!isKernel(op, [each], on)) continue;
          kernel = true;
          for (const by of [1e-3, 1, 100]) {
            const those = scaled(each, by);
            const [ours, composed] = [
              await readAll(runCall(op, those, on)),
              await readAll(runComposition(op, those, on)),
            ];
            for (const [i, result] of ours.entries()) {
              const scale = Math.max(1e-30, sizeOfLargest(composed[i]!.data));
              compare(result, composed[i]!, tolerances.f32, `${describeCase(name, each)} times ${by}`, scale);
            }
          }
        }
        return { how: kernel ? "kernel" : "composed" };
      },
    ]);
