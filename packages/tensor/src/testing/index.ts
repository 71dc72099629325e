export { alteredCpu, type Alterations } from "./altered-cpu.ts";
export { attentionAttrs, drawAttention, placeAttention, type AttentionSizes } from "./attention-cases.ts";
export { centralDifferences, gradientOf, isReal, ruleGradients, weighted, type Weighted } from "./gradient-check.ts";
export { compositeCases } from "./composite-cases.ts";
export { plainCrossEntropy } from "./cross-entropy-cases.ts";
export { plainConvolution, type PlainConvolution } from "./conv-cases.ts";
export { asDType, expectRounded } from "./dtype-cases.ts";
export { call, describeCase, expectClose, expectNumbers, place, runCase, type OpCase } from "./op-case.ts";
export {
  plainAttention,
  plainAttentionGradient,
  plainSoftmax,
  plainWeights,
  type PlainAttention,
} from "./plain-attention.ts";
export { plainHalfBits, plainHalfValue } from "./plain-half.ts";
export { plainThreefry, plainUniform } from "./plain-threefry.ts";
export { at, bools, floats, indices, integers, moved, plain, positive, total, upTo, type Plain } from "./plain.ts";
export { primitiveCases } from "./primitive-cases.ts";
export { promiseBackend } from "./promise-backend.ts";
export { withoutKernels } from "./without-kernels.ts";
export { refusal } from "./types-only.ts";
