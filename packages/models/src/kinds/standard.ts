import { multiHeadAttention } from "./attentions.ts";
import { gatedMLP, mlp } from "./feed-forwards.ts";
import { layerNorm, rmsNorm } from "./norms.ts";
import { learnedPosition, noPosition, rotaryPosition, sinusoidalPosition } from "./positions.ts";
import { Kinds } from "./registry.ts";
import { postNorm, preNorm } from "./residuals.ts";

/** The kinds that Tenon brings, by group: what a spec can name unless a registry of your own knows more. */
export const standardKinds: Kinds = new Kinds()
  .with("position", "none", noPosition)
  .with("position", "learned", learnedPosition)
  .with("position", "sinusoidal", sinusoidalPosition)
  .with("position", "rotary", rotaryPosition)
  .with("attention", "multi-head", multiHeadAttention)
  .with("feedForward", "mlp", mlp)
  .with("feedForward", "gated-mlp", gatedMLP)
  .with("norm", "layer-norm", layerNorm)
  .with("norm", "rms-norm", rmsNorm)
  .with("residual", "pre-norm", preNorm)
  .with("residual", "post-norm", postNorm);
