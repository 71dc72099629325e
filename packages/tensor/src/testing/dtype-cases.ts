import { isHalf, type FloatDType } from "../dtype.ts";
import { isTenonError } from "../errors.ts";
import { fromHalf, toHalf } from "../half.ts";
import { listOf } from "../kernel-call.ts";
import type { Op } from "../op.ts";
import { sameShape, show, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCase } from "./op-case.ts";
import type { Plain } from "./plain.ts";

/**
 * A case of f32 as one of another float dtype: its f32 inputs, an attribute that names a dtype, and what it gives change; a result that
 * the op says is f32 all the same stays. Its values stay, and throw when the dtype does not hold them exactly: what is expected would not
 * be what is computed. Undefined for a case that has no f32 to change, and when the op refuses the dtype.
 */
export function asDType(op: Op, each: OpCase, dtype: FloatDType): OpCase | undefined {
  const swap = (x: Plain): Plain => (x.dtype === "f32" ? { ...x, dtype } : x);
  const names = each.attrs["dtype"] === "f32";
  const reals = each.inputs.filter((input) => typeof input === "object" && input.dtype === "f32") as Plain[];
  if (reals.length === 0 && !names) return undefined;
  for (const { data } of reals) for (const x of data) expectExact(x, dtype);
  const inputs = each.inputs.map((input) => (typeof input === "object" ? swap(input) : input));
  const attrs = names ? { ...each.attrs, dtype } : each.attrs;
  const types = inputs.map((input) => (typeof input === "object" ? { dtype: input.dtype, shape: input.shape } : input));
  try {
    const results = listOf(op.infer(types, attrs) as TensorType | readonly TensorType[]);
    return { inputs, attrs, expected: each.expected.map((x, i) => (results[i]?.dtype === "f32" ? x : swap(x))) };
  } catch (error) {
    if (isTenonError(error, "DTypeError")) return undefined;
    throw error;
  }
}

function expectExact(x: number, dtype: FloatDType): void {
  const kept = isHalf(dtype) ? fromHalf(toHalf(Float64Array.of(x), dtype), dtype)[0]! : Math.fround(x);
  if (!Object.is(kept, x)) throw new Error(`the case has the input ${x}, which ${dtype} does not hold exactly`);
}

/** The largest relative error of rounding once. */
const unit: { readonly [D in FloatDType]: number } = { f32: 2 ** -24, f16: 2 ** -11, bf16: 2 ** -8 };
/** Half the distance of the smallest floats of 16 bits. */
const least: { readonly [D in FloatDType]: number } = { f32: 2 ** -150, f16: 2 ** -25, bf16: 2 ** -134 };

/**
 * Throws unless each element is what was computed to within `error`, relative to its size beyond 1, and then rounded once to the dtype
 * of the tensor: to half a unit in its last place.
 */
export async function expectRounded(actual: Tensor, expected: Plain, error: number, what = ""): Promise<void> {
  if (actual.dtype !== expected.dtype || !sameShape(actual.shape, expected.shape))
    throw new Error(
      `${what}: got ${actual.dtype} ${show(actual.shape)}, expected ${expected.dtype} ${show(expected.shape)}`,
    );
  const dtype = actual.dtype as FloatDType;
  (await actual.read()).forEach((a, i) => {
    const e = expected.data[i]!;
    const slack = error * Math.max(1, Math.abs(e));
    const bound = dtype in unit ? slack + Math.max(unit[dtype] * (Math.abs(e) + slack), least[dtype]) : 0;
    if (Object.is(a, e) || Math.abs(a - e) <= bound) return;
    throw new Error(`${what}: element ${i} is ${a}, expected ${e} to within ${bound}`);
  });
}
