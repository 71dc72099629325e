import { openGguf, type GgufMetadata, type StoredFile } from "@tenon/checkpoint";
import { cpu, type Backend, type Json } from "@tenon/tensor";

import { decoderOf } from "../families/expressible.ts";
import { families } from "../families/families.ts";
import { modelOf } from "../from-pretrained.ts";
import type { Pretrained } from "../pretrained.ts";
import { loadWeights, type LoadProgress } from "../weights/load-weights.ts";
import { frequencyFactors, ggufNames } from "./architectures.ts";
import { configOfGguf } from "./config-of-gguf.ts";
import { ggufWeights } from "./gguf-weights.ts";

/** How a model is loaded from a GGUF file. */
export interface FromGgufOptions {
  /** Where it is placed. Default: `cpu()`. */
  readonly backend?: Backend | undefined;
  /** Does what the file has in levels stay in levels? Default true; false writes it out in f32, to be trained or saved for Hugging Face. */
  readonly levels?: boolean | undefined;
  /** Is told of each parameter that is in its place. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A model that {@link fromGguf} made, and what came with it. */
export interface GgufModel extends Pretrained {
  /** All that the file says besides its weights. */
  readonly metadata: GgufMetadata;
}

/**
 * Loads a model from a GGUF file, the format of llama.cpp: Llama and Mistral (`general.architecture` "llama"), Qwen 2 and Qwen 3. A quantised matrix stays as the
 * file has it, levels and scales, exactly for Q8_0, Q4_0 and Q6_K, and with one rounding of an offset in f32 for Q4_K; its memory is, in bits for each weight,
 * 9 (of the file's 8.5), 5 (4.5), 10 (6.6) and 6 (4.5). As strict as `fromPretrained`: a tensor that is missing or left over, a key that may change the result, is an
 * error, and nothing is loaded then. The file is not closed.
 *
 * `config` is what config.json would say, and `generation` the tokens of beginning and end, so `savePretrained` takes it, once `dequantizeWeights` made numbers of the levels.
 *
 * Throws `CheckpointError` that names the file, the key or the tensor.
 *
 * @example
 * ```ts
 * const bytes = Uint8Array.of(0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, ...new Uint8Array(16));
 * const file = fileInMemory("empty.gguf", bytes);
 * const problem = await fromGguf(file).catch((error: Error) => error.message);
 * console.log(problem); // empty.gguf: "general.architecture": expected one of llama, qwen2, qwen3; got nothing
 * ```
 */
export async function fromGguf(
  file: StoredFile,
  { backend = cpu(), levels = true, onProgress, signal }: FromGgufOptions = {},
): Promise<GgufModel> {
  const gguf = await openGguf(file);
  const described = await configOfGguf(gguf);
  const { config, architecture } = described;
  const family = families.find(({ type }) => type === described.family)!;
  const weights = ggufWeights(gguf, described, levels);
  const model = modelOf(config, family, architecture, weights);
  const { layers } = decoderOf(family.type, model.spec);
  const naming = { rules: ggufNames, layers, computed: [new RegExp(`^${frequencyFactors}$`)] };
  await loadWeights(model, weights, naming, { backend, onProgress, signal });
  return {
    model,
    family: family.type,
    architecture,
    config: config.values,
    generation: generationOf(gguf.metadata),
    preprocessor: undefined,
    metadata: gguf.metadata,
  };
}

/** The tokens that begin, end and pad a text, as generation_config.json says them. */
function generationOf(metadata: GgufMetadata): Readonly<Record<string, Json>> | undefined {
  const keys = { bos_token_id: "bos_token_id", eos_token_id: "eos_token_id", pad_token_id: "padding_token_id" };
  const told = Object.entries(keys).flatMap(([theirs, key]): [string, Json][] => {
    const id = metadata.get(`tokenizer.ggml.${key}`);
    return typeof id === "number" ? [[theirs, id]] : [];
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}
