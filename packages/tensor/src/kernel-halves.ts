import type { Backend } from "./backend.ts";
import { isHalf } from "./dtype.ts";
import { listOf } from "./kernel-call.ts";
import type { Attrs, Inputs, Op } from "./op.ts";
import { cast } from "./ops/cast.ts";
import { owned, track } from "./scope.ts";
import type { TensorType } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** The type with f32 for a 16-bit float. */
export const widened = (type: TensorType): TensorType =>
  isHalf(type.dtype) ? { dtype: "f32", shape: type.shape } : type;

/** Is one of an op's results a 16-bit float? */
export const makesHalf = (types: TensorType | readonly TensorType[]): boolean =>
  Array.isArray(types) ? types.some(({ dtype }) => isHalf(dtype)) : isHalf((types as TensorType).dtype);

/** Runs the op on f32 copies of what is f16 or bf16, and rounds the results. They are the caller's. */
export function inFloat32(
  on: Backend,
  op: Op,
  inputs: Inputs,
  attrs: Attrs,
  types: TensorType | readonly TensorType[],
): Tensor | readonly Tensor[] {
  return owned(() => {
    const wide = inputs.map((x) => (typeof x === "object" && isHalf(x.dtype) ? cast(x, "f32") : x));
    const results = listOf(
      on.execute(op, wide, attrs, Array.isArray(types) ? types.map(widened) : widened(types as TensorType)),
    );
    for (const tensor of results) track(tensor);
    const rounded = listOf(types).map((type, i) => cast(results[i]!, type.dtype));
    return Array.isArray(types) ? rounded : rounded[0]!;
  });
}
