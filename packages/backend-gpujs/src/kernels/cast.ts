import { isFloat, sizeOf, type DType } from "@tenon/tensor";

import type { Engine } from "../engine.ts";
import { rounded, roundedTo, whole } from "./functions.ts";
import { typeAt, type Kernels } from "./call.ts";

const truncated = "const w = a < 0 ? Math.ceil(a) : Math.floor(a);\n";

/** What an element `a` becomes. Between floats of 32 bits, and from narrow whole numbers to floats, nothing changes. */
const conversions: { readonly [D in DType]?: { readonly body: string; readonly functions?: readonly string[] } } = {
  f16: { body: `return ${roundedTo.f16("a")};`, functions: [rounded] },
  bf16: { body: `return ${roundedTo.bf16("a")};`, functions: [rounded] },
  bool: { body: "return a === 0 ? 0 : 1;" },
  u8: { body: `if (NAN(a)) { return 0; }\n${truncated}return w < 0 ? 0 : w > 255 ? 255 : w;` },
  i32: { body: `if (NAN(a)) { return 0; }\n${truncated}return whole(w);`, functions: [whole] },
};

/** The kernel that changes what elements are. */
export function castTable(engine: Engine): Kernels<"cast"> {
  return {
    cast: ([x], { dtype }, call) => {
      const n = sizeOf(call.output.shape);
      const from = typeAt(call, 0).dtype;
      const same = dtype === "f32" || (from === "bool" && dtype !== "bool");
      // A whole number that was too large is no number at all.
      const check =
        from === "i32" && isFloat(dtype) ? "if (Math.abs(a) > 4294967296) { return Math.sqrt(-Math.abs(a)); }\n" : "";
      const { body, functions = [] } = (same ? undefined : conversions[dtype]) ?? { body: "return a;" };
      return engine.run({
        name: `cast_${check === "" ? "" : "whole_"}${same ? "f32" : dtype}`,
        out: [n],
        arrays: { x: [x, [n]] },
        functions,
        body: `const a = x[X];\n${check}${body}`,
      });
    },
  };
}
