import { cast, isHalf, scoped, type Tensor } from "@tenon/tensor";

/** The values of a tensor as single-precision numbers, whatever its floats are. */
export async function floatsOf(x: Tensor): Promise<Float32Array> {
  if (!isHalf(x.dtype)) return Float32Array.from(await x.read());
  using wide = scoped(() => cast(x, "f32"));
  return Float32Array.from(await wide.read());
}
