import { DTypeError, ShapeError, type Tensor } from "@tenon/tensor";

/** Throws unless x is i32 [b]: one whole number for each sequence. `what` is what the mask calls them. */
export function expectCounts(mask: string, what: string, x: Tensor): void {
  if (x.dtype !== "i32") {
    throw new DTypeError(`${mask}: ${what} must be i32, got ${x.dtype}; make them with tensor(data, [b], on, "i32")`, {
      expected: "i32",
      actual: x.dtype,
    });
  }
  if (x.rank !== 1) {
    throw new ShapeError(`${mask}: ${what} must be [b], one for each sequence, got [${x.shape.join(", ")}]`, {
      shape: x.shape,
    });
  }
}
