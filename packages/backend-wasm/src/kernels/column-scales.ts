import type { Local } from "../assembler/func.ts";
import { i32 } from "../assembler/instructions.ts";
import type { KernelFunc } from "../kernel.ts";
import { packTransposed, panelSources } from "./panels.ts";

/**
 * The scales [n, groups] of the eight rows of a panel, as eight numbers for each group, to `to`: in the order in which sums of a panel
 * meet them. Writes three groups more.
 */
export function writeColumnScales(
  f: KernelFunc,
  scales: Local<"i32">,
  groups: Local<"i32">,
  panel: Local<"i32">,
  n: Local<"i32">,
  to: Local<"i32">,
): void {
  const source = f.locals("i32", 8);
  const rowBytes = f.let(i32.shl(groups, 2));
  panelSources(f, source, scales, rowBytes, panel, n);
  packTransposed(f, source, to, f.let(i32.add(to, i32.shl(groups, 5))));
}
