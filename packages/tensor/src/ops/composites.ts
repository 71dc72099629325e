// The ops that mean something in smaller ops, and that a backend may make faster with a kernel; the keys are the ops' names.
export {
  geluGradientOp as geluGradient,
  geluOp as gelu,
  reluOp as relu,
  sigmoidOp as sigmoid,
  siluOp as silu,
} from "./activation.ts";
export { adamwOp as adamw } from "./adamw.ts";
export { attentionOp as attention } from "./attention.ts";
export { crossEntropyOp as crossEntropy } from "./cross-entropy.ts";
export { dropoutOp as dropout } from "./dropout.ts";
export { linearOp as linear } from "./linear.ts";
export { layerNormGradientOp as layerNormGradient, layerNormOp as layerNorm, rmsNormOp as rmsNorm } from "./norm.ts";
export { ropeOp as rope } from "./rope.ts";
export { logSoftmaxOp as logSoftmax, maskedSoftmaxOp as maskedSoftmax, softmaxOp as softmax } from "./softmax.ts";
