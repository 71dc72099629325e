import { writeFile } from "node:fs/promises";

import { type SafetensorsFile, serializeSafetensors } from "@tenon/checkpoint";
import { readSafetensors } from "@tenon/checkpoint/node";

/** A copy of a file with other metadata, or other tensors. */
export async function copyWith(
  from: string,
  to: string,
  change: (file: SafetensorsFile) => Partial<Pick<SafetensorsFile, "metadata" | "tensors">>,
): Promise<void> {
  const file = await readSafetensors(from);
  const { metadata, tensors } = { ...file, ...change(file) };
  await writeFile(to, serializeSafetensors(tensors, metadata));
}

/** Metadata in which the record under `key` is other than it was. */
export function changeRecord(
  { metadata }: SafetensorsFile,
  key: string,
  change: (record: Record<string, unknown>) => object,
): Record<string, string> {
  return { ...metadata, [key]: JSON.stringify(change(JSON.parse(metadata[key]!) as Record<string, unknown>)) };
}
