import { CheckpointError, isTenonError } from "@tenon/tensor";

const remedy = "The file is damaged, or was written by another version of Tenon: use another copy, or train it again.";

/** The error of a file that cannot be what it says it is. */
export const damaged = (problem: string, fields: { readonly file: string; readonly key?: string }): CheckpointError =>
  new CheckpointError(`${problem} ${remedy}`, fields);

/** Runs `body`; what is wrong with a spec or a tokenizer that came from a file is wrong with the file, and the error says so. */
export function blameFile<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!isTenonError(error)) throw error;
    throw new CheckpointError(`${file} cannot be used: ${error.message}\n${remedy}`, { file }, { cause: error });
  }
}
