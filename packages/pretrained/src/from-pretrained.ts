import { assemble, type EncoderSpec, type PartSpec, type Spec } from "@tenon/models";
import { CheckpointError, ConfigError, cpu, isTenonError, type Backend, type FloatDType } from "@tenon/tensor";

import { Config } from "./config/config.ts";
import { refuseQuantised } from "./config/quantised.ts";
import { families as ours } from "./families/families.ts";
import { expectPlausible } from "./families/expect-plausible.ts";
import type { Family } from "./families/family.ts";
import { namingOf } from "./families/naming-of.ts";
import type { ModelFiles } from "./files/model-files.ts";
import { filesOf } from "./files/files-of.ts";
import { readJson } from "./files/read-json.ts";
import { within } from "./files/within.ts";
import type { Pretrained } from "./pretrained.ts";
import { readModules } from "./sentence/read-modules.ts";
import { layerNames, openSentenceWeights } from "./sentence/sentence-weights.ts";
import { readTokenizer } from "./tokenizer/read-tokenizer.ts";
import { loadWeights, type LoadProgress } from "./weights/load-weights.ts";
import { openWeights, type Weights } from "./weights/open-weights.ts";

/** How a model is loaded. */
export interface FromPretrainedOptions {
  /** Where it is placed. Default: `cpu()`. */
  readonly backend?: Backend | undefined;
  /**
   * How its matrices are stored from the beginning, see `storeWeights` of `@tenon/nn`: "bf16" and "f16" take half the memory, and compute in f32 all the same. What a file has in bf16
   * loses nothing so. Default "f32".
   */
  readonly weights?: FloatDType | undefined;
  /** The families that may be read. Default: those that Tenon brings. */
  readonly families?: readonly Family[] | undefined;
  /** Is told of each parameter that is in its place. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads a model from files in the layout of Hugging Face: config.json, and model.safetensors or its shards; with its tokenizer, where there is a tokenizer.json. The
 * source is files, or a text that names some as {@link filesOf} understands it: a folder, or `owner/name` on the Hub. Everything is strict: a key of the config that Tenon does
 * not do, a tensor that is missing, left over or of another shape is an error, and nothing is loaded then. Weights are read one tensor at a time, so that memory
 * peaks little above what they take.
 *
 * A folder of sentence-transformers, one with a modules.json, gives an encoder with a "sentence" head: a vector for each text.
 *
 * Throws `CheckpointError` that names the file, the key or the tensor.
 *
 * @example
 * ```ts
 * const spec = llama({ vocabulary: 65, context: 64, width: 16, layers: 2, heads: 4, hidden: 24 });
 * const files = filesInMemory();
 * await savePretrained(await assemble(spec).to(cpu()), files);
 * const { model, family } = await fromPretrained(files);
 * console.log(family, model.vocabulary); // llama 65
 * ```
 */
export async function fromPretrained(
  source: ModelFiles | string,
  { backend = cpu(), weights: dtype = "f32", families = ours, onProgress, signal }: FromPretrainedOptions = {},
): Promise<Pretrained> {
  if (!["f32", "f16", "bf16"].includes(dtype))
    throw new ConfigError(`fromPretrained: weights are "f32", "f16" or "bf16", got ${JSON.stringify(dtype)}`, {
      weights: dtype,
    });
  const files = typeof source === "string" ? await filesOf(source, { signal }) : source;
  const modules = await readModules(files);
  const inner = within(files, modules?.transformer ?? "");
  const json = await readJson(inner, "config.json");
  const file = `${inner.name}/config.json`;
  if (json === undefined) {
    throw new CheckpointError(
      `${inner.name} has no config.json. Name a folder that save_pretrained() of Hugging Face or savePretrained() of Tenon wrote.`,
      { folder: inner.name },
    );
  }
  const config = new Config(file, json);
  const { family, architecture } = familyOf(config, families, modules !== undefined);
  const weights = await openSentenceWeights(await openWeights(inner), files, modules?.layers ?? []);
  const beside = async (path: string): Promise<Config["values"] | undefined> => {
    const json = await readJson(inner, path);
    return json === undefined ? undefined : new Config(`${inner.name}/${path}`, json).values;
  };
  try {
    const model = modelOf(config, family, architecture, weights, modules?.head);
    const cut = modules && Math.min(modules.settings.maxTokens ?? Infinity, contextOf(model));
    // All that may be refused comes before the weights, which take the time and the memory.
    const loaded: Pretrained = {
      model,
      family: family.type,
      architecture,
      config: config.values,
      generation: await beside("generation_config.json"),
      preprocessor: await beside("preprocessor_config.json"),
      sentences: modules?.settings,
      ...(await readTokenizer(inner, cut)),
    };
    const naming = namingOf(family, model.spec, architecture);
    const rules = [...naming.rules, ...layerNames(modules?.layers ?? [])];
    await loadWeights(model, weights, { ...naming, rules }, { backend, dtype, onProgress, signal });
    return loaded;
  } finally {
    await weights.close();
  }
}

const contextOf = (model: Pretrained["model"]): number => ("context" in model ? model.context : Infinity);

function familyOf(
  config: Config,
  families: readonly Family[],
  bare: boolean,
): { family: Family; architecture: string } {
  refuseQuantised(config);
  const type = config.text("model_type");
  const family = families.find((one) => one.type === type);
  if (family === undefined) throw config.problem("model_type", `one of ${families.map((one) => one.type).join(", ")}`);
  const { architectures } = family;
  const named = config.has("architectures")
    ? config.list("architectures", "strings", (value) => typeof value === "string")
    : [];
  // Below a head for sentences there is the bare model, whichever class it was taken from.
  const without = bare ? architectures.find((name) => name.endsWith("Model")) : undefined;
  const architecture = without ?? named.find((name) => architectures.includes(name)) ?? named[0] ?? architectures[0]!;
  if (!architectures.includes(architecture))
    throw config.problem("architectures", `one of ${architectures.join(", ")}`);
  return { family, architecture };
}

/** The model that a config describes, its weights still to come, with another head if one is given. Throws `CheckpointError` for one that cannot be assembled. */
export function modelOf(
  config: Config,
  family: Family,
  architecture: string,
  weights: Weights,
  head?: PartSpec,
): Pretrained["model"] {
  const bare = family.spec(config, architecture, (tensor) => weights.tensors.has(tensor));
  const spec = head === undefined ? bare : withHead(bare, head, config);
  expectPlausible(spec, weights, config);
  try {
    return assemble(spec);
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    throw new CheckpointError(
      `${config.file} describes a model that cannot be assembled: ${error.message}`,
      { ...error.fields, file: config.file },
      { cause: error },
    );
  }
}

function withHead(spec: Spec, head: PartSpec, config: Config): EncoderSpec {
  if (spec.kind === "encoder") return { ...spec, head };
  throw config.problem("model_type", "an encoder below a modules.json, such as bert");
}
