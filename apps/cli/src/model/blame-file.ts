import { CheckpointError, isTenonError } from "@tenon/tensor";

/** What to do about a file that cannot be what it says it is. */
export const replaceFile =
  "The file is damaged, or was written by another version of Tenon: use another copy, or train it again.";

/** Runs `body`; what is wrong with a spec, a tokenizer or a state that came from a file is wrong with the file, and the error says so. */
export function blameFile<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!isTenonError(error)) throw error;
    throw new CheckpointError(`${file} cannot be used: ${error.message}\n${replaceFile}`, { file }, { cause: error });
  }
}
