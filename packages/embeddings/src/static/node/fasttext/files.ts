import { openFile, writeFileAtomically } from "@tenon/checkpoint/node";

import type { FastText } from "../../fasttext/fasttext.ts";
import { loadFastText } from "../../fasttext/file/load.ts";
import { serializeFastText } from "../../fasttext/file/serialize.ts";

/**
 * Reads a model of fastText from a `.bin` or `.ftz` file, in pieces: {@link loadFastText} says what is read and refused.
 *
 * Throws CheckpointError, also where the file cannot be opened.
 */
export async function readFastText(path: string): Promise<FastText> {
  const file = await openFile(path);
  try {
    return await loadFastText(file);
  } finally {
    await file.close();
  }
}

/**
 * Writes a model to a `.bin` file, or `.ftz` where it is quantised, whole or not at all: {@link serializeFastText} says how.
 *
 * Throws CheckpointError where it cannot be written.
 */
export async function writeFastText(path: string, model: FastText): Promise<void> {
  await writeFileAtomically(path, serializeFastText(model));
}
