// The ops that every backend brings a kernel for; the keys are the ops' names. An op listed here and missing in a backend's
// table is a compile error there.
export { addOp as add, divOp as div, mulOp as mul, subOp as sub } from "./arithmetic.ts";
export { castOp as cast } from "./cast.ts";
export {
  bothOp as both,
  eitherOp as either,
  equalOp as equal,
  lessOp as less,
  lessOrEqualOp as lessOrEqual,
  notOp as not,
} from "./compare.ts";
export { concatOp as concat } from "./concat.ts";
export { cumulativeSumOp as cumulativeSum } from "./cumulative-sum.ts";
export { dequantizeOp as dequantize } from "./dequantize.ts";
export { gatherOp as gather, scatterAddOp as scatterAdd } from "./gather.ts";
export { matmulOp as matmul } from "./matmul.ts";
export { maxOp as max } from "./max.ts";
export { maximumOp as maximum } from "./maximum.ts";
export { permuteOp as permute } from "./permute.ts";
export {
  cosOp as cos,
  erfOp as erf,
  expOp as exp,
  floorOp as floor,
  log1pOp as log1p,
  logOp as log,
  sinOp as sin,
  sqrtOp as sqrt,
  tanhOp as tanh,
} from "./pointwise.ts";
export { expandOp as expand, sumOp as sum } from "./reduce.ts";
export { padOp as pad, sliceOp as slice, writeSliceOp as writeSlice } from "./slice.ts";
export { iotaOp as iota, uniformOp as uniform } from "./source.ts";
export { scatterAlongOp as scatterAlong, takeAlongOp as takeAlong } from "./take-along.ts";
export { topKOp as topK } from "./top-k.ts";
export { whereOp as where } from "./where.ts";
