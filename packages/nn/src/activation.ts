import type { Tensor } from "@tenon/tensor";

/** An element-wise non-linearity: x […] → […]. `relu`, `gelu`, `silu` and `tanh` of `@tenon/tensor` are some. */
export type Activation = (x: Tensor) => Tensor;
