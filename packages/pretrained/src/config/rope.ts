import type { PartSpec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { Config } from "./config.ts";

/**
 * The rotary positions of a config, in both of its notations: `rope_parameters` (transformers 5), and `rope_theta` beside `rope_scaling` (before). Linear, dynamic
 * NTK, YaRN, LongRoPE and Llama 3's scalings are known by their names; another is refused, and so are two notations that contradict each other.
 */
export function rotaryOf(
  config: Config,
  options: { readonly base?: number; readonly fraction?: number } = {},
): PartSpec {
  const rope = ropeOf(config);
  const base = (rope?.has("rope_theta") ? rope : config).number("rope_theta", options.base ?? 10000);
  const fraction = (rope?.has("partial_rotary_factor") ? rope : config).number(
    "partial_rotary_factor",
    options.fraction ?? 1,
  );
  const scaling = rope && scalingOf(rope, config);
  return { kind: "rotary", base, fraction, ...(scaling && { scaling }) };
}

/** How long a text may be: `max_position_embeddings`, and with dynamic NTK, which only ever changes what is beyond, that many times its factor. */
export function contextOf(config: Config, otherwise: number): number {
  const context = config.size("max_position_embeddings", otherwise);
  const rope = ropeOf(config);
  return rope !== undefined && typeOf(rope) === "dynamic" ? Math.floor(context * rope.number("factor")) : context;
}

function ropeOf(config: Config): Config | undefined {
  const told = config.has("rope_parameters") ? config.within("rope_parameters") : undefined;
  const scaling = config.has("rope_scaling") ? config.within("rope_scaling") : undefined;
  if (told === undefined || scaling === undefined) return told ?? scaling;
  const differs = Object.entries(scaling.values).some(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(told.values[key]),
  );
  if (differs) throw config.problem("rope_scaling", 'nothing, or what "rope_parameters" says');
  return told;
}

// Before transformers 4.43 the key was "type".
const typeOf = (rope: Config): string => rope.text(rope.has("rope_type") ? "rope_type" : "type", "default");

type Scaling = Readonly<Record<string, Json>>;

function scalingOf(rope: Config, config: Config): Scaling | undefined {
  // Phi-3 has it beside rope_scaling, and transformers goes by that one then.
  const trained = "original_max_position_embeddings";
  const context = (): number =>
    (config.has(trained) ? config : rope).size(trained, config.size("max_position_embeddings"));
  const optional = (name: string, key: string): Scaling => (rope.has(key) ? { [name]: rope.number(key) } : {});
  const longRope = (): Scaling => ({
    kind: "long-rope",
    context: context(),
    shortFactors: rope.list("short_factor", "numbers", isNumber),
    longFactors: rope.list("long_factor", "numbers", isNumber),
    factor: rope.number("factor", config.size("max_position_embeddings") / context()),
    ...optional("attentionFactor", "attention_factor"),
  });
  return rope.choice<() => Scaling | undefined>(
    rope.has("rope_type") ? "rope_type" : "type",
    {
      default: () => {
        if (!rope.has("factor")) return undefined;
        throw rope.problem("rope_type", 'the name of a scaling, since there is a "factor"');
      },
      linear: () => ({ kind: "linear", factor: rope.number("factor") }),
      dynamic: () => ({
        kind: "dynamic-ntk",
        factor: rope.number("factor"),
        context: config.size("max_position_embeddings"),
      }),
      yarn: () => ({
        kind: "yarn",
        factor: rope.number("factor"),
        context: context(),
        ...optional("betaFast", "beta_fast"),
        ...optional("betaSlow", "beta_slow"),
        ...yarnAttention(rope),
        ...(rope.has("truncate") && { truncate: rope.flag("truncate") }),
      }),
      longrope: longRope,
      // What Phi-3 called it first.
      su: longRope,
      llama3: () => ({
        kind: "llama-3",
        factor: rope.number("factor"),
        context: context(),
        lowFrequencyFactor: rope.number("low_freq_factor"),
        highFrequencyFactor: rope.number("high_freq_factor"),
      }),
    },
    "default",
  )();
}

/** The attention factor of YaRN, where it is not YaRN's own: told, or as DeepSeek tells it, by the weights of the logarithm above and below a fraction. */
function yarnAttention(rope: Config): Scaling {
  if (rope.has("attention_factor")) return { attentionFactor: rope.number("attention_factor") };
  const [above, below] = [rope.number("mscale", 0), rope.number("mscale_all_dim", 0)];
  if (above === 0 || below === 0) return {};
  const grown = (weight: number): number => 0.1 * weight * Math.log(Math.max(1, rope.number("factor"))) + 1;
  return { attentionFactor: grown(above) / grown(below) };
}

const isNumber = (value: unknown): value is number => typeof value === "number";
