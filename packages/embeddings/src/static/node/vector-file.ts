import { openFile, writeFileAtomically } from "@tenon/checkpoint/node";
import { ConfigError } from "@tenon/tensor";

import { encodeVectors, type EncodeVectorsOptions } from "../files/encode-vectors.ts";
import type { VectorFormat } from "../files/formats.ts";
import { type ReadVectors, readVectors, type ReadVectorsOptions } from "../files/read-vectors.ts";
import type { WordVectors } from "../word-vectors.ts";

/**
 * Reads word vectors from a file of the disk, piece by piece: see `readVectors`, which it throws the errors of. Throws `CheckpointError` also for a path
 * that does not exist or may not be read.
 *
 * @example
 * ```ts
 * await writeVectorFile("sky.txt", new WordVectors({ words: ["sun", "moon"], data: Float32Array.of(1, 0, 0.8, 0.6) }));
 * const { vectors } = await readVectorFile("sky.txt", { first: 1 });
 * console.log(vectors.words); // [ 'sun' ]
 * ```
 */
export async function readVectorFile(path: string, options: ReadVectorsOptions = {}): Promise<ReadVectors> {
  const file = await openFile(path);
  try {
    return await readVectors(file, options);
  } finally {
    await file.close();
  }
}

const byExtension: Readonly<Record<string, VectorFormat>> = {
  vec: "word2vec",
  bin: "word2vec-binary",
  txt: "glove",
  safetensors: "safetensors",
};

/** The format that a file's name stands for: .vec word2vec's text, .bin its binary, .txt GloVe's, .safetensors; with .gz behind it, packed. */
export function formatOfName(path: string): { readonly format: VectorFormat | undefined; readonly gzip: boolean } {
  const [, extension = "", packed] = /\.([a-z]+)(\.gz)?$/i.exec(path) ?? [];
  return { format: byExtension[extension.toLowerCase()], gzip: packed !== undefined };
}

/**
 * Writes word vectors to a file of the disk, whole or not at all, piece by piece. Format and packing are by default what the name stands for: `.vec`
 * word2vec's text, `.bin` its binary, `.txt` GloVe's, `.safetensors`; with `.gz` behind it, packed.
 *
 * Throws `ConfigError` for a name that stands for no format where none is given, and what `encodeVectors` and `writeFileAtomically` throw.
 *
 * @example
 * ```ts
 * const vectors = new WordVectors({ words: ["sun", "moon"], data: Float32Array.of(1, 0, 0.8, 0.6) });
 * await writeVectorFile("sky.vec.gz", vectors);
 * console.log((await readVectorFile("sky.vec.gz")).format); // word2vec
 * ```
 */
export async function writeVectorFile(
  path: string,
  vectors: WordVectors,
  options: Partial<EncodeVectorsOptions> = {},
): Promise<void> {
  const named = formatOfName(path);
  const { format = named.format, gzip = named.gzip } = options;
  if (format === undefined)
    throw new ConfigError(
      `writeVectorFile: the name ${path} stands for no format; let it end with .vec, .bin, .txt or .safetensors, or give the format`,
      { file: path },
    );
  await writeFileAtomically(path, encodeVectors(vectors, { ...options, format, gzip }));
}
