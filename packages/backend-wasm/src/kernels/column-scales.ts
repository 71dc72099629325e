import { i32, type Local } from "@tenon/wasm-assembler";

import type { KernelFunc } from "../kernel.ts";
import { packTransposed, panelSources } from "./panels.ts";

/**
 * The scales [n, groups] of the eight rows of a panel, as eight numbers for each group, in the order in which sums of a panel meet them.
 * Where a row has one scale they lie so already, and `at` is set to them; else they are written to `at`, and three groups more. Of rows
 * beyond the last, scales may be anything.
 */
export function findColumnScales(
  f: KernelFunc,
  scales: Local<"i32">,
  groups: Local<"i32">,
  panel: Local<"i32">,
  n: Local<"i32">,
  at: Local<"i32">,
): void {
  f.if(
    i32.eq(groups, 1),
    () => at.set(i32.add(scales, i32.shl(panel, 5))),
    () => {
      const source = f.locals("i32", 8);
      const rowBytes = f.let(i32.shl(groups, 2));
      panelSources(f, source, scales, rowBytes, panel, n);
      packTransposed(f, source, at, f.let(i32.add(at, i32.shl(groups, 5))));
    },
  );
}
