import type { SafetensorsMetadata } from "../header.ts";
import { serializeSafetensors, type StorageOptions, type TensorEntries } from "../serialize.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

/**
 * Writes tensors to a safetensors file on disk, whole or not at all: {@link serializeSafetensors}, then
 * {@link writeFileAtomically}. Throws what these throw; nothing is overwritten when they do.
 *
 * @example
 * ```ts
 * const scale = encodeTensor(new Float32Array([1, 2]), [2]);
 * await writeSafetensors("scale.safetensors", [["scale", scale]], { made: "by hand" });
 * ```
 */
export async function writeSafetensors(
  path: string,
  tensors: TensorEntries,
  metadata: SafetensorsMetadata = {},
  options: StorageOptions = {},
): Promise<void> {
  await writeFileAtomically(path, serializeSafetensors(tensors, metadata, options));
}
