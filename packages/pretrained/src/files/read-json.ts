import { CheckpointError } from "@tenon/tensor";

import type { ModelFiles } from "./model-files.ts";

/** A config of 64 MiB is an attack; the largest tokenizer.json have some 20. */
const largest = 64 * 2 ** 20;

/** The JSON of a file, parsed; undefined when there is no such file. Throws `CheckpointError` for what is no JSON and for what is too large to be one. */
export async function readJson(files: ModelFiles, path: string): Promise<unknown> {
  const text = await readText(files, path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const file = `${files.name}/${path}`;
    throw new CheckpointError(`${file} is not valid JSON. Download it again.`, { file }, { cause });
  }
}

/** The text of a file; undefined when there is no such file. Throws `CheckpointError` for what is no UTF-8 and for more than 64 MiB. */
export async function readText(files: ModelFiles, path: string): Promise<string | undefined> {
  const file = await files.open(path);
  if (file === undefined) return undefined;
  try {
    if (file.size > largest) {
      throw new CheckpointError(
        `${file.name} has ${file.size} bytes; expected at most ${largest}. It cannot be what its name says.`,
        {
          file: file.name,
          expected: `at most ${largest} bytes`,
          got: file.size,
        },
      );
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.read(0, file.size));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new CheckpointError(`${file.name} is not valid UTF-8. Download it again.`, { file: file.name }, { cause });
  } finally {
    await file.close();
  }
}
