import { encodeTensor, serializeSafetensors, type Storage, type TensorData } from "@tenon/checkpoint";
import type { Encoder, Spec } from "@tenon/models";
import type { Parameter } from "@tenon/nn";
import { ConfigError, isTenonError, sizeOf, type Json } from "@tenon/tensor";

import { configText } from "./config/config-text.ts";
import { savedConfig } from "./config/saved-config.ts";
import { families as ours } from "./families/families.ts";
import type { Family } from "./families/family.ts";
import { namingOf } from "./families/naming-of.ts";
import type { ModelFiles } from "./files/model-files.ts";
import type { WritableFiles } from "./files/writable-files.ts";
import { same, type HostTensor } from "./names/layout.ts";
import { namesOf, type Named, type Naming } from "./names/naming.ts";
import type { Pretrained } from "./pretrained.ts";
import { layerPath, writeModules } from "./sentence/write-modules.ts";

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
 * Saves a model as a folder that Hugging Face's transformers load: config.json, model.safetensors (or shards with their index), generation_config.json where there is
 * one. Tied weights are written once. Keys of the config that it was loaded with stay, unless the spec says otherwise.
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
  refuseLevels(model);
  const storage = options.storage ?? "F32";
  const naming = namingOf(family, spec, architecture);
  const dtype = { F32: "float32", F16: "float16", BF16: "bfloat16" }[storage];
  const own = { ...told, model_type: family.type, architectures: [architecture], dtype };
  // Before anything is written.
  const config = savedConfig(loaded?.config, options.config, own);
  const sentences = spec.kind === "encoder" && spec.head?.kind === "sentence";
  const parameters = new Map([...model.parameters()].filter(([path]) => !(sentences && layerPath.test(path))));
  await writeWeights(parameters, naming, to, storage, options.shardSize ?? 5e9);
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

function refuseLevels(model: Pretrained["model"]): void {
  const inLevels = [...model.parameters()].filter(([, { quantized }]) => quantized !== undefined).map(([path]) => path);
  if (inLevels.length === 0) return;
  throw new ConfigError(
    `the model holds ${inLevels.length} weights in levels, ${inLevels[0]} the first, which such a folder does not have; await dequantizeWeights() of the model first, or keep the levels with saveParameters()`,
    { inLevels },
  );
}

function expressed(
  spec: Spec,
  type: string | undefined,
  families: readonly Family[],
  architecture: string | undefined,
): { family: Family; architecture: string; told: Readonly<Record<string, Json>> } {
  const candidates = families.filter((one) =>
    type === undefined ? architecture === undefined || one.architectures.includes(architecture) : one.type === type,
  );
  const refusals: string[] = [];
  for (const family of candidates) {
    if (architecture !== undefined && !family.architectures.includes(architecture))
      throw new ConfigError(
        `the family "${family.type}" has no architecture "${architecture}"; it has ${family.architectures.join(", ")}`,
        { family: family.type, architecture },
      );
    let first: Error | undefined;
    for (const named of architecture === undefined ? family.architectures : [architecture]) {
      try {
        return { family, architecture: named, told: family.config(spec, named) };
      } catch (error) {
        if (!isTenonError(error, "ConfigError")) throw error;
        first ??= error;
      }
    }
    if (type !== undefined) throw first!;
    refusals.push(`  ${first!.message}`);
  }
  if (refusals.length === 0)
    throw new ConfigError(
      `there is no family "${type ?? architecture}"; there are ${families.map((one) => one.type).join(", ")}`,
      { family: type, architecture },
    );
  throw new ConfigError(`No family of Hugging Face can express this model:\n${refusals.join("\n")}`, { refusals });
}

/** What one tensor of a checkpoint is made of. */
interface Saved {
  readonly name: string;
  readonly bytes: number;
  /** Which of the tensors that the rule makes it is. */
  readonly named: Named;
  readonly place: number;
}

const widths: Readonly<Record<Storage, number>> = { F32: 4, F16: 2, BF16: 2 };

async function writeWeights(
  parameters: ReadonlyMap<string, Parameter>,
  naming: Naming,
  to: WritableFiles,
  storage: Storage,
  shardSize: number,
): Promise<void> {
  const named = namesOf(naming, parameters);
  const covered = new Set(named.flatMap(({ ours }) => ours));
  const nameless = [...parameters.keys()].filter((path) => !covered.has(path));
  if (nameless.length > 0)
    throw new ConfigError(
      `this family has no name for the ${nameless.length === 1 ? "parameter" : "parameters"} ${nameless.join(", ")}`,
      { nameless },
    );
  const all = named.flatMap((one): Saved[] => {
    const shapes = (one.layout ?? same).shapes(one.ours.map((path) => parameters.get(path)!.type.shape));
    return one.theirs.map((name, place) => ({
      name,
      place,
      named: one,
      bytes: sizeOf(shapes[place]!) * widths[storage],
    }));
  });
  const shards = inShards(all, shardSize);
  if (shards.length > 1) await expectNoSingle(to);
  let last: { readonly named: Named; readonly tensors: readonly HostTensor[] } | undefined;
  const encode = async ({ name, place, named }: Saved): Promise<readonly [string, TensorData]> => {
    if (last?.named !== named) last = { named, tensors: await theirsOf(named, parameters) };
    const { shape, values } = last.tensors[place]!;
    return [name, encodeTensor(values, shape, { dtype: storage, name })];
  };
  const map: Record<string, string> = {};
  for (const [i, shard] of shards.entries()) {
    const file =
      shards.length === 1 ? "model.safetensors" : `model-${counted(i + 1)}-of-${counted(shards.length)}.safetensors`;
    const entries: (readonly [string, TensorData])[] = [];
    for (const one of shard) {
      entries.push(await encode(one));
      map[one.name] = file;
    }
    await to.write(file, [serializeSafetensors(entries, { format: "pt" })]);
  }
  if (shards.length > 1) {
    const total_size = all.reduce((sum, { bytes }) => sum + bytes, 0);
    await to.write("model.safetensors.index.json", [text(configText({ metadata: { total_size }, weight_map: map }))]);
  }
}

/** The tensors of a checkpoint that a rule makes of the parameters. */
async function theirsOf(
  { ours, layout }: Named,
  parameters: ReadonlyMap<string, Parameter>,
): Promise<readonly HostTensor[]> {
  const host = await Promise.all(
    ours.map(async (path) => {
      const parameter = parameters.get(path)!;
      const values = await parameter.host();
      return {
        shape: parameter.type.shape,
        values: values instanceof Float32Array ? values : Float32Array.from(values),
      };
    }),
  );
  return (layout ?? same).save(host);
}

/** A single file comes before shards, whoever loads: an older one beside them would be taken for the model. */
async function expectNoSingle(to: WritableFiles | ModelFiles): Promise<void> {
  if (!("open" in to)) return;
  // Where the folder is not there yet, nothing can be opened.
  const file = await to.open("model.safetensors").catch((error: unknown) => {
    if (!isTenonError(error, "CheckpointError")) throw error;
  });
  if (file === undefined) return;
  await file.close();
  throw new ConfigError(
    `${to.name} holds a model.safetensors already, which would be loaded instead of the shards that are to be written. Delete it, or save to another place.`,
    { folder: to.name },
  );
}

function inShards(all: readonly Saved[], shardSize: number): Saved[][] {
  if (!(shardSize > 0))
    throw new ConfigError(`savePretrained: shardSize must be a number of bytes above 0, got ${shardSize}`, {
      shardSize,
    });
  const shards: Saved[][] = [[]];
  let size = 0;
  for (const one of all) {
    if (size > 0 && size + one.bytes > shardSize) {
      shards.push([]);
      size = 0;
    }
    shards.at(-1)!.push(one);
    size += one.bytes;
  }
  return shards;
}

const counted = (number: number): string => String(number).padStart(5, "0");
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
