import { DTypeError, ShapeError, type Tensor } from "@tenon/tensor";

import type { Mask } from "./mask.ts";

/**
 * Sequences of different lengths in one batch, padded at the end: in sequence i only the first lengths[i] keys are seen. What the
 * padding contains then changes nothing. lengths: i32 [b]. Throws `DTypeError` or `ShapeError` for anything else.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const lengths = tensor([5, 3], [2], on, "i32");
 * const y = attention.forward(zeros([2, 5, 8], on), { mask: padding(lengths) });
 * ```
 */
export function padding(lengths: Tensor): Mask {
  if (lengths.dtype !== "i32") {
    throw new DTypeError(
      `padding: lengths must be i32, got ${lengths.dtype}; make them with tensor(data, [b], on, "i32")`,
      {
        expected: "i32",
        actual: lengths.dtype,
      },
    );
  }
  if (lengths.rank !== 1) {
    throw new ShapeError(`padding: lengths must be [b], one for each sequence, got [${lengths.shape.join(", ")}]`, {
      shape: lengths.shape,
    });
  }
  return { lower: (tensors) => [{ kind: "lengths", input: tensors.push(lengths) - 1 }] };
}
