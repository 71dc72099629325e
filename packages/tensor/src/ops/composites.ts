// The ops that mean something in smaller ops, and that a backend may make faster with a kernel; the keys are the ops' names.
export { absOp as abs } from "./abs.ts";
export {
  geluGradientOp as geluGradient,
  geluOp as gelu,
  reluOp as relu,
  sigmoidOp as sigmoid,
  siluOp as silu,
  softplusOp as softplus,
  squaredReluOp as squaredRelu,
} from "./activation.ts";
export { adafactorOp as adafactor } from "./adafactor.ts";
export { adamwOp as adamw } from "./adamw.ts";
export { addLayerNormOp as addLayerNorm, addRmsNormOp as addRmsNorm } from "./add-norm.ts";
export { attentionOp as attention } from "./attention.ts";
export { attentionGradientOp as attentionGradient } from "./attention-gradient.ts";
export { conv2dOp as conv2d } from "./conv.ts";
export { crossEntropyGradientOp as crossEntropyGradient, crossEntropyOp as crossEntropy } from "./cross-entropy.ts";
export { dropoutOp as dropout } from "./dropout.ts";
export { linearActivationOp as linearActivation } from "./linear-activation.ts";
export { linearOp as linear } from "./linear.ts";
export { lionOp as lion } from "./lion.ts";
export { movingAverageOp as movingAverage } from "./moving-average.ts";
export { muonOp as muon } from "./muon.ts";
export { layerNormGradientOp as layerNormGradient, layerNormOp as layerNorm, rmsNormOp as rmsNorm } from "./norm.ts";
export { quantizedEmbeddingOp as quantizedEmbedding, quantizedLinearOp as quantizedLinear } from "./quantized.ts";
export { ropeOp as rope } from "./rope.ts";
export { sgdMomentumOp as sgdMomentum, sgdOp as sgd } from "./sgd.ts";
export { logSoftmaxOp as logSoftmax, maskedSoftmaxOp as maskedSoftmax, softmaxOp as softmax } from "./softmax.ts";
export { sortOp as sort } from "./sort.ts";
