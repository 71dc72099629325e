import { CheckpointError, ConfigError, float32ToBfloat16, float32ToFloat16 } from "@tenon/tensor";

import { quote } from "./show.ts";

/** What to do with a finite number that is too large for a smaller float: throw (the default), store the largest number that fits, or store infinity. */
export type Overflow = "refuse" | "saturate" | "infinity";

const overflows: readonly Overflow[] = ["refuse", "saturate", "infinity"];

interface Format {
  readonly largest: number;
  /** The first single that rounds to infinity. */
  readonly first: number;
  readonly round: (singles: Float32Array) => Float32Array | Uint16Array;
}

type NarrowDType = "F32" | "F16" | "BF16";

const formats: Readonly<Record<NarrowDType, Format>> = {
  F32: { largest: 2 ** 127 * (2 - 2 ** -23), first: Infinity, round: (singles) => singles },
  F16: { largest: 65504, first: 65520, round: float32ToFloat16 },
  BF16: { largest: 2 ** 127 * (2 - 2 ** -7), first: 2 ** 127 * (2 - 2 ** -8), round: float32ToBfloat16 },
};

export const isNarrow = (dtype: string): dtype is NarrowDType => Object.hasOwn(formats, dtype);

/** Floats in 32 or 16 bits, rounded to nearest, ties to even. Never changes `values`; may return them. */
export function narrow(
  values: Float32Array | Float64Array,
  dtype: NarrowDType,
  overflow: Overflow,
  title: string,
): Float32Array | Uint16Array {
  if (!overflows.includes(overflow)) {
    throw new ConfigError(
      `overflow is ${quote(String(overflow))}; expected one of ${overflows.map(quote).join(", ")}.`,
      { expected: overflows, got: overflow },
    );
  }
  const { largest, first, round } = formats[dtype];
  const exact = values instanceof Float32Array;
  let singles = exact ? values : new Float32Array(values);
  if (overflow === "infinity" || (exact && dtype === "F32")) return round(singles);
  let copied = !exact;
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(singles[i]!) < first || !Number.isFinite(values[i])) continue;
    if (overflow === "refuse") {
      const remedy =
        dtype === "F16" ? 'Store it as BF16 or F32, or choose overflow: "saturate"' : 'Choose overflow: "saturate"';
      throw new CheckpointError(
        `${title}: element ${i} is ${values[i]}, beyond ±${largest}, the largest ${dtype}. ${remedy}.`,
        {
          expected: `at most ${largest}`,
          got: values[i],
        },
      );
    }
    if (!copied) singles = singles.slice();
    copied = true;
    singles[i] = Math.sign(values[i]!) * largest;
  }
  return round(singles);
}
