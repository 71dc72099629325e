import type { PartSpec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { Config } from "./config.ts";

/**
 * The rotary positions of a config, in both of its notations: `rope_parameters` (transformers 5), and `rope_theta` beside `rope_scaling` (before). Linear, dynamic
 * NTK, YaRN, LongRoPE and Llama 3's scalings are known by their names; another is refused.
 */
export function rotaryOf(
  config: Config,
  options: { readonly base?: number; readonly fraction?: number } = {},
): PartSpec {
  const told = config.has("rope_parameters") ? config.within("rope_parameters") : undefined;
  const scaling = told ?? (config.has("rope_scaling") ? config.within("rope_scaling") : undefined);
  const base = (told?.has("rope_theta") ? told : config).number("rope_theta", options.base ?? 10000);
  const fraction = (told?.has("partial_rotary_factor") ? told : config).number(
    "partial_rotary_factor",
    options.fraction ?? 1,
  );
  const scaled = scaling && scalingOf(scaling, config);
  return { kind: "rotary", base, fraction, ...(scaled && { scaling: scaled }) };
}

type Scaling = Readonly<Record<string, Json>>;

function scalingOf(rope: Config, config: Config): Scaling | undefined {
  // Before transformers 4.43 the key was "type".
  const key = rope.has("rope_type") ? "rope_type" : "type";
  const context = (): number => rope.size("original_max_position_embeddings", config.size("max_position_embeddings"));
  const optional = (name: string, key: string): Scaling => (rope.has(key) ? { [name]: rope.number(key) } : {});
  return rope.choice<() => Scaling | undefined>(
    key,
    {
      default: () => undefined,
      linear: () => ({ kind: "linear", factor: rope.number("factor") }),
      dynamic: () => ({
        kind: "dynamic-ntk",
        factor: rope.number("factor"),
        context: config.size("max_position_embeddings"),
      }),
      yarn: () => {
        rope.only("mscale");
        rope.only("mscale_all_dim");
        return {
          kind: "yarn",
          factor: rope.number("factor"),
          context: context(),
          ...optional("betaFast", "beta_fast"),
          ...optional("betaSlow", "beta_slow"),
          ...optional("attentionFactor", "attention_factor"),
          ...(rope.has("truncate") && { truncate: rope.flag("truncate") }),
        };
      },
      longrope: () => {
        const trained = (rope.has("original_max_position_embeddings") ? rope : config).size(
          "original_max_position_embeddings",
        );
        return {
          kind: "long-rope",
          context: trained,
          shortFactors: rope.list("short_factor", "numbers", isNumber),
          longFactors: rope.list("long_factor", "numbers", isNumber),
          factor: rope.number("factor", config.size("max_position_embeddings") / trained),
          ...optional("attentionFactor", "attention_factor"),
        };
      },
      llama3: () => ({
        kind: "llama-3",
        factor: rope.number("factor"),
        context: rope.size("original_max_position_embeddings"),
        lowFrequencyFactor: rope.number("low_freq_factor"),
        highFrequencyFactor: rope.number("high_freq_factor"),
      }),
    },
    "default",
  )();
}

const isNumber = (value: unknown): value is number => typeof value === "number";

/** `rope_parameters` of a spec's rotary position; with the keys of older versions beside it, so that these read it, too. */
export function ropeConfig(position: PartSpec): Readonly<Record<string, Json>> {
  const { base, fraction, scaling } = position as unknown as {
    base: number;
    fraction?: number;
    scaling?: Record<string, Json>;
  };
  const theta = base ?? 10000;
  const share = fraction ?? 1;
  const rope = scaling === undefined ? { rope_type: "default" } : scalingConfig(scaling);
  return {
    rope_theta: theta,
    ...(share !== 1 && { partial_rotary_factor: share }),
    ...(scaling !== undefined && { rope_scaling: rope }),
    rope_parameters: { ...rope, rope_theta: theta, partial_rotary_factor: share },
  };
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

function scalingConfig({ kind, ...options }: Readonly<Record<string, Json>>): { readonly [key: string]: Json } {
  return {
    rope_type: types[kind as string]!,
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [keys[name]!, value])),
  };
}
