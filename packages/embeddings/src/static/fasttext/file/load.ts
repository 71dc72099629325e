import type { StoredFile } from "@tenon/checkpoint";

import { FastText } from "../fasttext.ts";
import { FileCursor } from "./file-cursor.ts";
import { readDictionary } from "./read-dictionary.ts";
import { readDense, readQuantized } from "./read-matrix.ts";
import { readSettings, readVersion } from "./read-settings.ts";

/**
 * Reads a model of fastText: a `.bin` file of version 11 or 12 or of the time before versions (2016), or a quantised `.ftz` file, whose
 * codes stay codes. The file is read in pieces and may be closed afterwards. In files from before versions `</s>` had n-grams like other
 * words; it has none here, as in fastText since.
 *
 * Throws CheckpointError naming the byte for what is no sound fastText file: a wrong magic number or version, settings that cannot be,
 * counts and sizes that contradict each other or the file's length (before anything is made to hold them), words that are not UTF-8 or
 * occur twice, bytes that are missing or left over.
 *
 * @example
 * ```ts
 * const text = "the sun and the moon and the stars\n".repeat(20);
 * const { model } = await trainFastText({ text, width: 8, subwords: { buckets: 100 } });
 * const bytes = new Blob([...serializeFastText(model)]);
 * const again = await loadFastText(fileInMemory("stars.bin", bytes));
 * console.log(again.dictionary.words.length); // 6
 * ```
 */
export async function loadFastText(file: StoredFile): Promise<FastText> {
  const cursor = new FileCursor(file);
  const version = await readVersion(cursor);
  const settings = await readSettings(cursor, version);
  const dictionary = await readDictionary(cursor, settings, version);

  const flag = async (what: string): Promise<boolean> => {
    if (version === 0) return false;
    await cursor.need(1, what);
    return cursor.flag(what);
  };
  const byte = cursor.position;
  const quantized = await flag("whether the input is quantised");
  if (!quantized && dictionary.kept !== undefined)
    cursor.refuse("buckets were left out, as only quantised models do, but the input is not quantised", byte);
  const { width } = settings;
  const input = { name: "input matrix", rows: dictionary.inputRows, columns: width };
  const inputMatrix = quantized ? await readQuantized(cursor, input) : await readDense(cursor, input);

  // The original reads a plain output whenever the input is plain, whatever the flag says.
  const quantizedOutput = (await flag("whether the output is quantised")) && quantized;
  const rows = settings.task === "supervised" ? dictionary.labels.length : dictionary.words.length;
  const output = { name: "output matrix", rows, columns: width };
  const outputMatrix = quantizedOutput ? await readQuantized(cursor, output) : await readDense(cursor, output);
  if (cursor.position !== file.size)
    cursor.refuse(`the model ends here, but ${file.size - cursor.position} bytes follow`);
  return new FastText({ settings, dictionary, input: inputMatrix, output: outputMatrix });
}
