import type { Part } from "@tenon/nn";

import { encodeTensor } from "./encode.ts";
import type { SafetensorsMetadata } from "./header.ts";
import { serializeSafetensors, type StorageOptions } from "./serialize.ts";
import { storedAs } from "./stored-as.ts";
import type { TensorData } from "./stored-tensor.ts";

/** How {@link saveParameters} writes a model. */
export interface SaveOptions extends StorageOptions {
  /** Strings to keep beside the parameters, for instance the spec that assembles the model. */
  readonly metadata?: SafetensorsMetadata;
}

/**
 * All parameters of a model as a safetensors file in memory, under the names that `model.parameters()` gives them. A
 * parameter that several parts share is stored once. Parameters on a double-precision backend are rounded to F32.
 *
 * A weight that is held in levels is stored as it is: q8 [out, in] as I8, q4 as U8 [out, in / 2] with two levels to a byte, its scales beside it. Such a
 * file loads into a model that is held in the same levels; `dequantizeWeights` of `@tenon/nn` before saving gives one of plain numbers.
 *
 * Throws `CheckpointError` when `storage` or rounding to F32 overflows and `overflow` is `"refuse"`.
 *
 * @example
 * ```ts
 * const model = new Linear({ input: 3, output: 2, random: random(1) });
 * const bytes = await saveParameters(model, { storage: "F16" });
 * loadParameters(model, parseSafetensors(bytes));
 * ```
 */
export async function saveParameters(model: Part, options: SaveOptions = {}): Promise<Uint8Array> {
  const { metadata, ...storage } = options;
  const { overflow = "refuse" } = storage;
  const entries: [string, TensorData][] = [];
  for (const [name, parameter] of model.parameters()) {
    const { dtype, shape } = storedAs(parameter.type);
    entries.push([name, encodeTensor(await parameter.host(), shape, { dtype, overflow, name })]);
  }
  return serializeSafetensors(entries, metadata, storage);
}
