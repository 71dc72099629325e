import type { PartSpec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { cannot } from "../families/expressible.ts";

/**
 * A spec's rotary position, and how long texts may be, as keys of config.json: `rope_parameters`, with the keys of older versions beside it, so that these read it,
 * too. Throws `ConfigError` for dynamic NTK with another context than its factor makes of that of the training, which is the one that config.json has.
 */
export function ropeConfig(family: string, position: PartSpec, context: number): Readonly<Record<string, Json>> {
  const { base, fraction, scaling } = position as unknown as {
    base?: number;
    fraction?: number;
    scaling?: Scaling;
  };
  const theta = base ?? 10000;
  const share = fraction ?? 1;
  const rope = scaling === undefined ? { rope_type: "default" } : scalingConfig(scaling);
  return {
    max_position_embeddings: scaling?.kind === "dynamic-ntk" ? trainedContext(family, scaling, context) : context,
    rope_theta: theta,
    ...(share !== 1 && { partial_rotary_factor: share }),
    rope_scaling: scaling === undefined ? null : rope,
    rope_parameters: { ...rope, rope_theta: theta, partial_rotary_factor: share },
  };
}

type Scaling = { readonly kind: string } & Readonly<Record<string, Json>>;

function trainedContext(family: string, scaling: Scaling, context: number): number {
  const [trained, factor] = [scaling["context"] as number, scaling["factor"] as number];
  const reached = Math.floor(trained * factor);
  if (context === reached) return trained;
  throw cannot(family, "context", context, `${reached}, its factor times its position.scaling.context`);
}

const types: Readonly<Record<string, string>> = {
  linear: "linear",
  "dynamic-ntk": "dynamic",
  yarn: "yarn",
  "long-rope": "longrope",
  "llama-3": "llama3",
};
const keys: Readonly<Record<string, string>> = {
  factor: "factor",
  context: "original_max_position_embeddings",
  betaFast: "beta_fast",
  betaSlow: "beta_slow",
  attentionFactor: "attention_factor",
  truncate: "truncate",
  shortFactors: "short_factor",
  longFactors: "long_factor",
  lowFrequencyFactor: "low_freq_factor",
  highFrequencyFactor: "high_freq_factor",
};

function scalingConfig({ kind, ...options }: Scaling): { readonly [key: string]: Json } {
  const told = Object.entries(options).filter(([name]) => kind !== "dynamic-ntk" || name !== "context");
  return {
    rope_type: types[kind]!,
    ...Object.fromEntries(told.map(([name, value]) => [keys[name]!, value])),
  };
}
