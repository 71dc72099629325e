import { latentAttention, linearAttention, multiHeadAttention } from "./attentions.ts";
import { additiveCrossAttention, multiHeadCrossAttention, multiplicativeCrossAttention } from "./cross-attentions.ts";
import {
  classification,
  maskedLanguage,
  noHead,
  pooler,
  preTraining,
  sentence,
  tokenClassification,
} from "./encoder-heads.ts";
import { gatedMLP, mixture, mlp } from "./feed-forwards.ts";
import { layerNorm, rmsNorm, scaleNorm } from "./norms.ts";
import {
  alibiPosition,
  learnedPosition,
  noPosition,
  relativePosition,
  sinusoidalPosition,
  t5Position,
} from "./positions.ts";
import { Kinds } from "./registry.ts";
import { deepNorm, layerScale, parallel, postNorm, preNorm, reZero, sandwichNorm } from "./residuals.ts";
import { rotaryPosition } from "./rotary.ts";

/** The kinds that Tenon brings, by group: what a spec can name unless a registry of your own knows more. */
export const standardKinds: Kinds = new Kinds()
  .with("position", "none", noPosition)
  .with("position", "learned", learnedPosition)
  .with("position", "sinusoidal", sinusoidalPosition)
  .with("position", "relative", relativePosition)
  .with("position", "t5", t5Position)
  .with("position", "alibi", alibiPosition)
  .with("position", "rotary", rotaryPosition)
  .with("attention", "multi-head", multiHeadAttention)
  .with("attention", "latent", latentAttention)
  .with("attention", "linear", linearAttention)
  .with("crossAttention", "multi-head", multiHeadCrossAttention)
  .with("crossAttention", "additive", additiveCrossAttention)
  .with("crossAttention", "multiplicative", multiplicativeCrossAttention)
  .with("feedForward", "mlp", mlp)
  .with("feedForward", "gated-mlp", gatedMLP)
  .with("feedForward", "mixture", mixture)
  .with("norm", "layer-norm", layerNorm)
  .with("norm", "rms-norm", rmsNorm)
  .with("norm", "scale-norm", scaleNorm)
  .with("residual", "pre-norm", preNorm)
  .with("residual", "post-norm", postNorm)
  .with("residual", "sandwich-norm", sandwichNorm)
  .with("residual", "parallel", parallel)
  .with("residual", "deep-norm", deepNorm)
  .with("residual", "re-zero", reZero)
  .with("residual", "layer-scale", layerScale)
  .with("head", "none", noHead)
  .with("head", "masked-language", maskedLanguage)
  .with("head", "pooler", pooler)
  .with("head", "classification", classification)
  .with("head", "token-classification", tokenClassification)
  .with("head", "pre-training", preTraining)
  .with("head", "sentence", sentence);
