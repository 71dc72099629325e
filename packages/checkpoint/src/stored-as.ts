import type { Shape, TensorType } from "@tenon/tensor";

import type { SafetensorsDType } from "./dtypes.ts";

/** How a parameter lies in a file: levels as they lie in memory, all else in F32. */
export function storedAs({ dtype, shape }: TensorType): { readonly dtype: SafetensorsDType; readonly shape: Shape } {
  if (dtype === "q8") return { dtype: "I8", shape };
  if (dtype === "q4") return { dtype: "U8", shape: [...shape.slice(0, -1), shape.at(-1)! / 2] };
  return { dtype: "F32", shape };
}
