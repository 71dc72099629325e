import { type FileHandle, open } from "node:fs/promises";

import { ConfigError } from "@tenon/tensor";

const problems: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file. Check the path",
  ENOTDIR: "part of the path is a file, not a folder. Check the path",
  EACCES: "permission is denied. Check who may read it",
  EPERM: "permission is denied. Check who may read it",
  ENAMETOOLONG: "the path is too long. Use a shorter one",
  ELOOP: "its symbolic links go in a circle. Check the path",
};

/** The ids of a text stand in one array before they are packed, and V8 lets none grow beyond 2^27 elements. */
export const largestFile = 100e6;

/**
 * The bytes of a file that is a text, if all is well. Throws `ConfigError` naming the path and the remedy for a path that does
 * not exist, is a folder, a device or a pipe, cannot be read, or is larger than 100 MB.
 *
 * @param what what is expected there, with its article: "a text file"
 */
export async function readFileBytes(path: string, what: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const status = await handle.stat();
    if (status.isDirectory()) throw new ConfigError(`${path} is a folder; expected ${what}. Name a file in it.`);
    // Their end may never come, and a run that is resumed could not read them again.
    if (!status.isFile())
      throw new ConfigError(`${path} is a device or a pipe; expected ${what}. Save it in a file first.`);
    if (status.size > largestFile)
      throw new ConfigError(
        `${path} has ${Math.round(status.size / 1e6)} MB; at most 100 MB can be read. Use a part of it.`,
      );
    return await handle.readFile();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    const problem = problems[String(error.code)] ?? `${error.message}. Check the path and the disk`;
    throw new ConfigError(`cannot read ${path}: ${problem}.`, { file: path, code: error.code }, { cause: error });
  } finally {
    await handle?.close();
  }
}
