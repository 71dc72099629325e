import { fileInMemory, openGguf, openSafetensors } from "@tenon/checkpoint";
import { CheckpointError, type FloatDType } from "@tenon/tensor";

import { bytes, roughly } from "../interface/numbers.ts";

/** What the weights of a model may take: of the 4 GiB that a page's WebAssembly and its arrays have, the rest is for what is computed. */
export const mostBytes: number = 3 * 2 ** 30;

/** How large the model in somebody's files is, seen before its weights are read. */
export interface FileSize {
  readonly parameters: number;
  /** What the weights take, in bytes: as f32, and as 16-bit numbers. Of a GGUF file both are what its levels take. */
  readonly asF32: number;
  readonly asHalves: number;
  /** What there is room for. */
  readonly most: number;
}

/** Reads the sizes of all tensors, and nothing else of the files. Throws `CheckpointError` for a damaged file. */
export async function sizeOfFiles(files: readonly File[]): Promise<FileSize> {
  let parameters = 0;
  let gguf = 0;
  for (const file of files) {
    const name = file.name.toLowerCase();
    if (name.endsWith(".safetensors")) {
      const { tensors } = await openSafetensors(fileInMemory(file.name, file));
      for (const { shape } of tensors.values()) parameters += elements(shape);
    } else if (name.endsWith(".gguf")) {
      const { tensors } = await openGguf(fileInMemory(file.name, file));
      for (const { shape } of tensors.values()) parameters += elements(shape);
      // Scales are kept in wider numbers than the file has them in.
      gguf += 1.15 * file.size;
    }
  }
  return gguf > 0 ? { parameters, asF32: gguf, asHalves: gguf, most: mostBytes } : sizeOf(parameters);
}

/** What so many parameters take. */
export const sizeOf = (parameters: number): FileSize => ({
  parameters,
  asF32: 4 * parameters,
  asHalves: 2 * parameters,
  most: mostBytes,
});

/** How many bytes the weights of a model take. Throws `CheckpointError` with numbers for one that is too large for a page. */
export function expectRoom(
  name: string,
  { parameters, asF32, asHalves, most }: FileSize,
  weights: FloatDType = "f32",
): number {
  const needed = weights === "f32" ? asF32 : asHalves;
  if (needed <= most) return needed;
  const has = `${name} has ${roughly(parameters)} parameters, which take ${bytes(needed)} as ${weights}; a page has room for ${bytes(most)}.`;
  throw new CheckpointError(
    asHalves <= most
      ? `${has} Open it with 16-bit weights: then they take ${bytes(asHalves)}.`
      : `${has} Open a model of at most ${roughly(most / 4)} parameters, ${roughly(most / 2)} with 16-bit weights, or a GGUF file of at most ${bytes(most / 1.15)}; or use it with the command line.`,
    { parameters, needed, most },
  );
}

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
