export type { Activation } from "./activation.ts";
export { activationOf, activations, type ActivationName } from "./activations.ts";
export { expectPositive, expectSize } from "./check-options.ts";
export { attachAdapters, attachLora, type LoraOptions } from "./adapters/attach-lora.ts";
export { Lora, type AdaptedWeight } from "./adapters/lora.ts";
export { LowRankAdapter, type LowRankAdapterOptions } from "./adapters/low-rank-adapter.ts";
export type { LoraTargets } from "./adapters/targets.ts";
export type { WeightAdapter } from "./adapters/weight-adapter.ts";
export { checkGradients, type CheckGradientsOptions } from "./check-gradients.ts";
export { Conv2d, type Conv2dOptions } from "./conv2d.ts";
export { Dropout, withDropout, type DropoutOptions } from "./dropout.ts";
export { Embedding, type EmbeddingOptions } from "./embedding.ts";
export { freeze, unfreeze } from "./freeze.ts";
export { GroupNorm, type GroupNormOptions } from "./group-norm.ts";
export { fansOf, type Fans } from "./initial/fans.ts";
export { eachOf } from "./initial/each-of.ts";
export { gainOf, type GainName } from "./initial/gain.ts";
export { normal, ones, uniformWithin, zeros, type Initial, type Initialiser } from "./initial/initial.ts";
export { kaimingNormal, kaimingUniform, type KaimingOptions } from "./initial/kaiming.ts";
export { initialise, type InitialRule, type InitialRuleOptions, type InitialScheme } from "./initial/initialise.ts";
export {
  initialScheme,
  initialSchemeNames,
  type InitialSchemeName,
  type InitialSchemeSizes,
} from "./initial/schemes.ts";
export { truncatedNormal, type TruncatedNormalOptions } from "./initial/truncated-normal.ts";
export { xavier, xavierNormal, type XavierOptions } from "./initial/xavier.ts";
export { LayerNorm, type LayerNormOptions } from "./layer-norm.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export { Maxout, type MaxoutOptions } from "./maxout.ts";
export { Module } from "./module.ts";
export type { Norm } from "./norm.ts";
export { observeModules, type ModuleObserver } from "./observe-modules.ts";
export { Parameter } from "./parameter.ts";
export { Part } from "./part.ts";
export { dequantizeWeights } from "./quantized/dequantize-weights.ts";
export { assignQuantized, type QuantizedWeight } from "./quantized/group-scaled.ts";
export { matricesIn, type QuantizablePart, quantizableIn } from "./quantized/quantizable-part.ts";
export { quantizeWeights, type QuantizeWeightsOptions } from "./quantized/quantize-weights.ts";
export type { QuantizedForm } from "./quantized/quantized-form.ts";
export { rowsOf, timesWeight, wholeWeight } from "./quantized/use-weight.ts";
export { recompute } from "./recompute.ts";
export { RMSNorm, type RMSNormOptions } from "./rms-norm.ts";
export { ScaleNorm, type ScaleNormOptions } from "./scale-norm.ts";
export { collectSideOutputs, handOut, type Collected, type SideOutput } from "./side-outputs.ts";
export { storeWeights } from "./store-weights.ts";
export { isSumNorm, type SumNorm } from "./sum-norm.ts";
export { patch, type Tap } from "./patch.ts";
export { ablate, type AblateOptions } from "./patches/ablate.ts";
export { addDirection } from "./patches/add-direction.ts";
export { replace } from "./patches/replace.ts";
export { trace, type Traced } from "./trace.ts";
export { valueAndGrad, type ValueAndGrad } from "./value-and-grad.ts";
