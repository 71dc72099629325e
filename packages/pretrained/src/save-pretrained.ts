import type { Storage } from "@tenon/checkpoint";
import type { Encoder } from "@tenon/models";
import { ConfigError, type Json } from "@tenon/tensor";

import { configText } from "./config/config-text.ts";
import { savedConfig } from "./config/saved-config.ts";
import { expressed } from "./families/expressed.ts";
import { families as ours } from "./families/families.ts";
import type { Family } from "./families/family.ts";
import { namingOf } from "./families/naming-of.ts";
import type { WritableFiles } from "./files/writable-files.ts";
import type { Pretrained } from "./pretrained.ts";
import { layerPath, writeModules } from "./sentence/write-modules.ts";
import { saveWeights } from "./weights/save-weights.ts";
import { adaptedWeights, weightsInLevels } from "./weights/unsavable.ts";

/** How a model is saved. */
export interface SavePretrainedOptions {
  /** The family that it is saved as, by its `type`. Default: the one that it was loaded as, else the first that can express it. */
  readonly family?: string | undefined;
  /** The class of Hugging Face that is to load it. Default: that which it was loaded as, else the family's first. */
  readonly architecture?: string | undefined;
  /** How numbers are stored. Default F32, which loses nothing. */
  readonly storage?: Storage | undefined;
  /** The most bytes of one file of weights; more become shards. Default 5 · 10⁹, as Hugging Face writes them. */
  readonly shardSize?: number | undefined;
  /** Keys that config.json holds besides those that say the architecture, such as `eos_token_id`. */
  readonly config?: Readonly<Record<string, Json>> | undefined;
  /** generation_config.json. Default: the one that it was loaded with. */
  readonly generation?: Readonly<Record<string, Json>> | undefined;
  /** The families that it may be saved as. Default: those that Tenon brings. */
  readonly families?: readonly Family[] | undefined;
}

/**
 * Saves a model as a folder that Hugging Face's transformers load: config.json, model.safetensors (or shards with their index), and, of a model that was loaded,
 * generation_config.json, its tokenizer and its preprocessor_config.json. Tied weights are written once. Keys of the config that it was loaded with stay, unless the spec says otherwise.
 * An encoder with a "sentence" head becomes a folder of sentence-transformers.
 *
 * Throws `ConfigError` when no family can express the model, naming what stands in the way.
 *
 * @example
 * ```ts
 * const model = await assemble(llama({ vocabulary: 65, context: 64, width: 16, layers: 2, heads: 4, hidden: 24 })).to(cpu());
 * const content = new Map<string, Uint8Array>();
 * await savePretrained(model, filesInMemory(content));
 * console.log([...content.keys()]); // [ 'model.safetensors', 'config.json' ]
 * ```
 */
export async function savePretrained(
  saved: Pretrained["model"] | Pretrained,
  to: WritableFiles,
  options: SavePretrainedOptions = {},
): Promise<void> {
  const loaded = "model" in saved ? saved : undefined;
  const model = "model" in saved ? saved.model : saved;
  const { spec } = model;
  const { family, architecture, told } = expressed(
    spec,
    options.family ?? loaded?.family,
    options.families ?? ours,
    options.architecture ?? loaded?.architecture,
  );
  refuseAdapters(model);
  refuseLevels(model);
  const storage = options.storage ?? "F32";
  const naming = namingOf(family, spec, architecture);
  const dtype = { F32: "float32", F16: "float16", BF16: "bfloat16" }[storage];
  const own = { ...told, model_type: family.type, architectures: [architecture], dtype };
  // Before anything is written.
  const config = savedConfig(loaded?.config, options.config, own);
  const sentences = spec.kind === "encoder" && spec.head?.kind === "sentence";
  const parameters = new Map([...model.parameters()].filter(([path]) => !(sentences && layerPath.test(path))));
  await saveWeights(parameters, naming, to, storage, options.shardSize ?? 5e9);
  if (sentences) await writeModules(model as Encoder, loaded?.sentences, to, storage);
  await to.write("config.json", [text(configText(config))]);
  const generation = options.generation ?? loaded?.generation;
  if (generation !== undefined) await to.write("generation_config.json", [text(configText(generation))]);
  if (loaded?.tokenizer !== undefined)
    await to.write("tokenizer.json", [text(`${JSON.stringify(loaded.tokenizer.toJSON(), undefined, 2)}\n`)]);
  if (loaded?.tokenizerConfig !== undefined)
    await to.write("tokenizer_config.json", [text(`${JSON.stringify(loaded.tokenizerConfig, undefined, 2)}\n`)]);
  if (loaded?.preprocessor !== undefined)
    await to.write("preprocessor_config.json", [text(configText(loaded.preprocessor))]);
}

function refuseAdapters(model: Pretrained["model"]): void {
  const adapted = adaptedWeights(model);
  if (adapted.length === 0) return;
  throw new ConfigError(
    `the model has adapters on ${adapted.length} weights, ${adapted[0]} the first, which such a folder does not hold; saveLora() writes them, merge() makes them part of the weights and detach() takes them off`,
    { adapted },
  );
}

function refuseLevels(model: Pretrained["model"]): void {
  const inLevels = weightsInLevels(model);
  if (inLevels.length === 0) return;
  throw new ConfigError(
    `the model holds ${inLevels.length} weights in levels, ${inLevels[0]} the first, which such a folder does not have; await dequantizeWeights() of the model first, or keep the levels with saveParameters()`,
    { inLevels },
  );
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
