import { openFile, writeFileAtomically } from "@tenon/checkpoint/node";

import type { FastText } from "../../fasttext/fasttext.ts";
import { loadFastText } from "../../fasttext/file/load.ts";
import { serializeFastText } from "../../fasttext/file/serialize.ts";

/**
 * Reads a model of fastText from a `.bin` or `.ftz` file, in pieces: {@link loadFastText} says what is read and refused.
 *
 * Throws CheckpointError, also where the file cannot be opened.
 *
 * @example
 * ```ts
 * const text = "__label__day the sun is warm\n__label__night the moon is cold\n".repeat(20);
 * const { model } = await trainFastTextClassifier({ text, width: 8, training: { epochs: 20 } });
 * await writeFastText("sky.bin", model);
 * const again = await readFastText("sky.bin");
 * console.log(again.predict("a cold moon")[0]?.label); // __label__night
 * ```
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
 *
 * @example
 * ```ts
 * const text = "the sun and the moon and the stars\n".repeat(20);
 * const { model } = await trainFastText({ text, width: 8, subwords: { buckets: 100 } });
 * await writeFastText("stars.bin", model);
 * console.log((await readFastText("stars.bin")).vector("moons")?.length); // 8
 * ```
 */
export async function writeFastText(path: string, model: FastText): Promise<void> {
  await writeFileAtomically(path, serializeFastText(model));
}
