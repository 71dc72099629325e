import { dynamicNtkScaling, type DynamicNtkScalingOptions } from "../src/rotary-scaling/dynamic-ntk-scaling.ts";
import { linearScaling } from "../src/rotary-scaling/linear-scaling.ts";
import { llama3Scaling, type Llama3ScalingOptions } from "../src/rotary-scaling/llama3-scaling.ts";
import { longRopeScaling, type LongRopeScalingOptions } from "../src/rotary-scaling/long-rope-scaling.ts";
import type { RotaryScaling } from "../src/rotary-scaling/rotary-scaling.ts";
import { yarnAttentionFactor, yarnScaling, type YarnScalingOptions } from "../src/rotary-scaling/yarn-scaling.ts";

/** A scaling as the golden files name it. */
export type NamedScaling =
  | { readonly kind: "linear"; readonly factor: number }
  | ({ readonly kind: "dynamicNtk" } & DynamicNtkScalingOptions)
  | ({ readonly kind: "yarn"; readonly scales?: readonly [number, number] } & YarnScalingOptions)
  | ({ readonly kind: "llama3" } & Llama3ScalingOptions)
  | ({ readonly kind: "longRope" } & LongRopeScalingOptions);

export function scalingOf(named: NamedScaling): RotaryScaling {
  switch (named.kind) {
    case "linear":
      return linearScaling(named.factor);
    case "dynamicNtk":
      return dynamicNtkScaling(named);
    case "llama3":
      return llama3Scaling(named);
    case "longRope":
      return longRopeScaling(named);
    case "yarn": {
      const [mscale, mscaleAllDim] = named.scales ?? [1, 1];
      const attentionFactor =
        yarnAttentionFactor(named.factor, mscale) / yarnAttentionFactor(named.factor, mscaleAllDim);
      return yarnScaling(named.scales === undefined ? named : { ...named, attentionFactor });
    }
  }
}
