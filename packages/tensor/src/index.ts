export { autodiff, type Autodiff } from "./decorators/autodiff.ts";
export type { Backend, HostData } from "./backend.ts";
export { cpu, type CpuOptions } from "./cpu/cpu.ts";
export { cpuKernels } from "./cpu/kernels.ts";
export { full, ids, ones, tensor, zeros, type IdOptions } from "./create.ts";
export { Decorator, type Decorated } from "./decorators/decorator.ts";
export { differentiate, type Differentiated } from "./decorators/differentiate.ts";
export { recomputed } from "./decorators/recomputed.ts";
export { dryRun, type DryRun, type DryRunOptions, type DryRunReport, type DryRunRow } from "./decorators/dry-run.ts";
export { fallback, type Fallback, type MovedRow } from "./decorators/fallback.ts";
export {
  printGraph,
  type Graph,
  type GraphInput,
  type GraphNode,
  type GraphNumber,
  type GraphValue,
} from "./decorators/graph.ts";
export { profile, type Profile, type ProfileRow } from "./decorators/profile.ts";
export { record, type Recorder, type RecordOptions } from "./decorators/record.ts";
export { replay, type ReplayOptions } from "./decorators/replay.ts";
export { bfloat16ToFloat32, float32ToBfloat16 } from "./bfloat16.ts";
export {
  bytesPerElement,
  isFloat,
  isHalf,
  isQuantized,
  type DType,
  type FloatDType,
  type TypedArray,
} from "./dtype.ts";
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
export { fromHalf, toHalf } from "./half.ts";
export { kernelBackend } from "./kernel-backend.ts";
export { kernelFor, type Call, type ExtraKernel, type KernelFor, type KernelTable, type Storage } from "./kernel.ts";
export { findLeaks, formatLeaks, type FindLeaksOptions, type FoundLeaks, type Leak } from "./leaks.ts";
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
export { abs } from "./ops/abs.ts";
export { gelu, relu, sigmoid, silu, softplus, squaredRelu, type GeluForm } from "./ops/activation.ts";
export { adafactorOp, type AdafactorAttrs } from "./ops/adafactor.ts";
export { adamwOp, type AdamWAttrs } from "./ops/adamw.ts";
export { addLayerNorm, addRmsNorm } from "./ops/add-norm.ts";
export { add, div, mul, neg, sub } from "./ops/arithmetic.ts";
export { attention, attentionOp, attentionWithWeights } from "./ops/attention.ts";
export { attentionGradientOp, type AttentionGradientInputs } from "./ops/attention-gradient.ts";
export { denseMask, type MaskTerm } from "./ops/attention-mask.ts";
export type { AttentionAttrs, AttentionInputs } from "./ops/attention-type.ts";
export { cast } from "./ops/cast.ts";
export { clamp } from "./ops/clamp.ts";
export { both, either, equal, greater, greaterOrEqual, less, lessOrEqual, not, notEqual } from "./ops/compare.ts";
export { concat, stack } from "./ops/concat.ts";
export { conv1d, conv2d, conv2dOp, type Conv2dAttrs, type ConvOptions } from "./ops/conv.ts";
export { crossEntropy, type CrossEntropyOptions } from "./ops/cross-entropy.ts";
export { cumulativeSum } from "./ops/cumulative-sum.ts";
export { dequantize } from "./ops/dequantize.ts";
export { dropout } from "./ops/dropout.ts";
export { einsum } from "./ops/einsum.ts";
export { explicitAttention, type AttentionTap } from "./ops/explicit-attention.ts";
export { flip } from "./ops/flip.ts";
export { gather, scatterAdd } from "./ops/gather.ts";
export { linearActivation } from "./ops/linear-activation.ts";
export { linear } from "./ops/linear.ts";
export { lionOp, type LionAttrs } from "./ops/lion.ts";
export { logSumExp } from "./ops/log-sum-exp.ts";
export { matmul, type MatmulAttrs } from "./ops/matmul.ts";
export { max, min } from "./ops/max.ts";
export { maximum, minimum } from "./ops/maximum.ts";
export { mean, variance, type VarianceOptions } from "./ops/mean.ts";
export { movingAverageOp, type MovingAverageAttrs } from "./ops/moving-average.ts";
export { muonOp, type MuonAttrs } from "./ops/muon.ts";
export { layerNorm, rmsNorm } from "./ops/norm.ts";
export type { NamedActivation } from "./ops/named-activation.ts";
export { oneHot } from "./ops/one-hot.ts";
export type { Operand } from "./ops/operand.ts";
export { permute, transpose } from "./ops/permute.ts";
export { cos, erf, exp, floor, log, log1p, sin, sqrt, square, tanh } from "./ops/pointwise.ts";
export { averagePool1d, averagePool2d, maxPool1d, maxPool2d, type PoolOptions } from "./ops/pool.ts";
export { quantizedEmbedding, quantizedLinear } from "./ops/quantized.ts";
export { expand, sum, type Axes, type ReduceOptions } from "./ops/reduce.ts";
export { repeat } from "./ops/repeat.ts";
export { reshape } from "./ops/reshape.ts";
export { rope } from "./ops/rope.ts";
export { sgdMomentumOp, sgdOp, type SgdMomentumAttrs, type SgdAttrs } from "./ops/sgd.ts";
export { pad, slice, writeSliceOp } from "./ops/slice.ts";
export { logSoftmax, maskedSoftmax, softmax } from "./ops/softmax.ts";
export { sort, type SortOptions } from "./ops/sort.ts";
export { iota, uniform } from "./ops/source.ts";
export { split } from "./ops/split.ts";
export { stopGradient } from "./ops/stop-gradient.ts";
export { tiledAttention, tiledAttentionGradientOp, tiledAttentionOp } from "./ops/tiled-attention.ts";
export { scatterAlong, takeAlong } from "./ops/take-along.ts";
export { argMax, argMin, topK } from "./ops/top-k.ts";
export { where } from "./ops/where.ts";
export type { HeightWidth } from "./ops/windows.ts";
export { quantize, type Quantized, type QuantizeOptions } from "./quantize.ts";
export { random, Random, type RandomKey } from "./random.ts";
export { currentScope, keep, Scope, scoped } from "./scope.ts";
export { segmentScope } from "./segment.ts";
export { sizeOf, type Shape, type TensorType } from "./shape.ts";
export { Tensor } from "./tensor.ts";
export { Variable } from "./variable.ts";
