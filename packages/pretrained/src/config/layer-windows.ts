import type { Json } from "@tenon/tensor";

import type { Config } from "./config.ts";

type Windows = readonly (number | null)[];

/**
 * How far the layers look back, from `layer_types` or, before there were any, by `otherwise`: the shortest list that repeats itself; undefined where all see
 * everything. Hugging Face's `sliding_window` counts the token itself, as ours do.
 */
export function windowsOf(config: Config, otherwise: (layer: number) => boolean): Windows | undefined {
  const layers = config.layers("num_hidden_layers");
  const sliding = config.has("layer_types")
    ? slidingLayers(config, layers)
    : Array.from({ length: layers }, (_, layer) => otherwise(layer));
  if (!sliding.includes(true)) return undefined;
  const window = config.size("sliding_window");
  return shortest(sliding.map((slides) => (slides ? window : null)));
}

function slidingLayers(config: Config, layers: number): boolean[] {
  const types = config.list("layer_types", `${layers} names, "full_attention" or "sliding_attention"`, isType);
  if (types.length !== layers) throw config.problem("layer_types", `${layers} names, one for each layer`);
  return types.map((type) => type === "sliding_attention");
}

const isType = (value: unknown): value is string => value === "full_attention" || value === "sliding_attention";

function shortest(windows: Windows): Windows {
  for (let period = 1; period < windows.length; period++)
    if (windows.every((window, layer) => window === windows[layer % period])) return windows.slice(0, period);
  return windows;
}

/** `layer_types` and `sliding_window` of a spec's windows. Config.json has one width alone: undefined when a spec has several. */
export function windowsConfig(
  windows: Json | undefined,
  layers: number,
): { readonly sliding_window: number | null; readonly layer_types: string[] } | undefined {
  const list = (windows as Windows | undefined) ?? [null];
  const widths = new Set(list.filter((window) => window !== null));
  if (widths.size > 1) return undefined;
  const layer_types = Array.from({ length: layers }, (_, layer) =>
    list[layer % list.length] === null ? "full_attention" : "sliding_attention",
  );
  return { sliding_window: [...widths][0] ?? null, layer_types };
}
