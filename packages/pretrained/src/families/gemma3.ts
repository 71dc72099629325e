import type { DecoderSpec, PartSpec } from "@tenon/models";

import type { Config } from "../config/config.ts";
import { windowsOf } from "../config/layer-windows.ts";
import { cannot, decoderOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { sandwichConfig, sandwichNames, sandwichSpec } from "./gemma-spec.ts";
import { rotaryTables, tiedLlama } from "./llama.ts";

/**
 * Gemma 3, the text model: queries and keys normalised head by head, five layers that look back only so far to one that sees everything, with a rotary base
 * of its own.
 *
 * Gemma team 2025, "Gemma 3 technical report".
 */
export const gemma3: Family = {
  type: "gemma3_text",
  architectures: ["Gemma3ForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config) {
    const told = config.defaults({ num_key_value_heads: 4, sliding_window: 4096, max_position_embeddings: 131072 });
    const every = told.size("sliding_window_pattern", told.size("_sliding_window_pattern", 6));
    const windows = windowsOf(told, (layer) => (layer + 1) % every !== 0);
    const { rope, base } = ropesOf(told);
    const spec = sandwichSpec(rope, windows);
    return {
      ...spec,
      attention: { ...spec.attention, headNorm: true },
      position: windows === undefined ? spec.position : localGlobal(told, spec, windows, base),
    };
  },
  config(spec) {
    const decoder = decoderOf("gemma3_text", spec);
    const { local, ...position } = decoder.position as PartSpec & { local?: Local };
    const windows = (decoder.attention["windows"] as Windows | undefined) ?? [null];
    if (!agree(windows, local?.every ?? 1, decoder.layers))
      throw cannot(
        "gemma3_text",
        "attention.windows",
        windows,
        "windows for all layers but every so many, which position.local tells",
      );
    const { rope_parameters, ...config } = sandwichConfig("gemma3_text", { ...decoder, position }, [true]);
    const base = local?.base ?? 10000;
    return {
      ...config,
      rope_local_base_freq: base,
      rope_parameters: {
        full_attention: rope_parameters!,
        sliding_attention: { rope_type: "default", rope_theta: base },
      },
    };
  },
  names: () => sandwichNames,
  repeated: tiedLlama,
};

type Windows = readonly (number | null)[];
type Local = { readonly base: number; readonly every: number };

/** The config with the rotary positions of the layers that see everything, as the others have them; and the base of those that slide. */
function ropesOf(config: Config): { readonly rope: Config; readonly base: number } {
  const old = config.defaults({ rope_theta: 1e6, rope_local_base_freq: 10000 });
  if (!config.has("rope_parameters")) return { rope: old, base: old.number("rope_local_base_freq") };
  const told = config.within("rope_parameters");
  const full = told.has("full_attention") ? told.within("full_attention").values : { rope_type: "default" };
  const sliding = told.has("sliding_attention") ? told.within("sliding_attention") : told.with({ rope_theta: null });
  sliding.only("rope_type", "default");
  return {
    rope: old.with({ rope_parameters: full }),
    base: sliding.number("rope_theta", old.number("rope_local_base_freq")),
  };
}

function localGlobal(config: Config, spec: DecoderSpec, windows: Windows, base: number): PartSpec {
  // Where all layers slide, the first that would not comes after the last.
  const first = windows.indexOf(null);
  const every = first < 0 ? spec.layers + 1 : first + 1;
  if (agree(windows, every, spec.layers)) return { ...spec.position, local: { base, every } };
  throw config.problem(
    "layer_types",
    "sliding layers and one full one in turn, the order in which Tenon gives them bases of their own",
  );
}

/** Do exactly those layers slide that are not the last of `every`? */
function agree(windows: Windows, every: number, layers: number): boolean {
  return Array.from({ length: layers }, (_, layer) => layer).every(
    (layer) => (windows[layer % windows.length] === null) === ((layer + 1) % every === 0),
  );
}
