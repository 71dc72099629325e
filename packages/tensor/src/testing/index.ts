export { centralDifferences, gradientOf, isReal, ruleGradients, weighted, type Weighted } from "./gradient-check.ts";
export { compositeCases } from "./composite-cases.ts";
export { call, describeCase, expectClose, expectNumbers, place, runCase, type OpCase } from "./op-case.ts";
export { plainAttention, plainSoftmax, type PlainAttention } from "./plain-attention.ts";
export { plainThreefry, plainUniform } from "./plain-threefry.ts";
export { at, bools, floats, indices, integers, moved, plain, positive, total, upTo, type Plain } from "./plain.ts";
export { primitiveCases } from "./primitive-cases.ts";
export { promiseBackend } from "./promise-backend.ts";
