export { autodiff, type Autodiff } from "./decorators/autodiff.ts";
export type { Backend, HostData } from "./backend.ts";
export { cpu, type CpuOptions } from "./cpu/cpu.ts";
export { ids, tensor, zeros, type IdOptions } from "./create.ts";
export { differentiate, type Differentiated } from "./decorators/differentiate.ts";
export { bfloat16ToFloat32, float32ToBfloat16 } from "./bfloat16.ts";
export { isFloat, isHalf, isQuantized, type DType, type FloatDType, type TypedArray } from "./dtype.ts";
export {
  BackendError,
  CheckpointError,
  ConfigError,
  DTypeError,
  GradientError,
  isTenonError,
  ShapeError,
  TenonError,
} from "./errors.ts";
export { float16ToFloat32, float32ToFloat16 } from "./float16.ts";
export { kernelBackend } from "./kernel-backend.ts";
export { kernelFor, type Call, type ExtraKernel, type KernelFor, type KernelTable, type Storage } from "./kernel.ts";
export {
  apply,
  none,
  type Attrs,
  type Composite,
  type GradientCall,
  type Gradients,
  type Input,
  type Inputs,
  type Json,
  type None,
  type Op,
  type Outputs,
  type Primitive,
  type Update,
  type View,
} from "./op.ts";
export * as composites from "./ops/composites.ts";
export * as primitives from "./ops/primitives.ts";
export { gelu, relu, sigmoid, silu, type GeluForm } from "./ops/activation.ts";
export { adamwOp, type AdamWAttrs } from "./ops/adamw.ts";
export { add, div, mul, neg, sub } from "./ops/arithmetic.ts";
export {
  attention,
  attentionOp,
  denseMask,
  explicitAttention,
  type AttentionAttrs,
  type AttentionInputs,
  type AttentionTap,
  type MaskTerm,
} from "./ops/attention.ts";
export { cast } from "./ops/cast.ts";
export { both, either, equal, less, lessOrEqual, not } from "./ops/compare.ts";
export { concat } from "./ops/concat.ts";
export { crossEntropy } from "./ops/cross-entropy.ts";
export { dropout } from "./ops/dropout.ts";
export { gather, scatterAdd } from "./ops/gather.ts";
export { linear } from "./ops/linear.ts";
export { matmul, type MatmulAttrs } from "./ops/matmul.ts";
export { max, mean } from "./ops/max.ts";
export { maximum, minimum } from "./ops/maximum.ts";
export { layerNorm, rmsNorm } from "./ops/norm.ts";
export type { Operand } from "./ops/operand.ts";
export { permute, transpose } from "./ops/permute.ts";
export { cos, erf, exp, log, sin, sqrt, tanh } from "./ops/pointwise.ts";
export { expand, sum, type Axes, type ReduceOptions } from "./ops/reduce.ts";
export { reshape } from "./ops/reshape.ts";
export { rope } from "./ops/rope.ts";
export { pad, slice, writeSliceOp } from "./ops/slice.ts";
export { logSoftmax, maskedSoftmax, softmax } from "./ops/softmax.ts";
export { iota, uniform } from "./ops/source.ts";
export { stopGradient } from "./ops/stop-gradient.ts";
export { scatterAlong, takeAlong } from "./ops/take-along.ts";
export { argMax, topK } from "./ops/top-k.ts";
export { where } from "./ops/where.ts";
export { random, Random, type RandomKey } from "./random.ts";
export { currentScope, keep, Scope, scoped } from "./scope.ts";
export { sizeOf, type Shape, type TensorType } from "./shape.ts";
export { Tensor } from "./tensor.ts";
export { Variable } from "./variable.ts";
