import { CheckpointError, isTenonError } from "@tenon/tensor";

const reading: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file. Check the path",
  ENOTDIR: "part of the path is a file, not a folder. Check the path",
  EISDIR: "it is a folder. Name a file in it",
  EACCES: "permission is denied. Check who may read it",
  EPERM: "permission is denied. Check who may read it",
  EMFILE: "too many files are open. Close some",
  ENAMETOOLONG: "the path is too long. Use a shorter one",
  ELOOP: "its symbolic links go in a circle. Check the path",
};
const writing: Readonly<Record<string, string>> = {
  ...reading,
  ENOENT: "its folder does not exist. Create the folder first",
  EISDIR: "it is a folder. Name a file in it",
  EACCES: "permission is denied. Check who may write to it and to its folder",
  EPERM: "permission is denied. Check who may write to it and to its folder",
  EROFS: "its disk is read-only. Choose another place",
  ENOSPC: "the disk is full. Make room or choose another place",
  EDQUOT: "the disk quota is used up. Make room or choose another place",
};

/**
 * An error of the file system in words: a `CheckpointError` with its remedy. A `CheckpointError` and a bug stay what they are.
 *
 * @example
 * ```ts
 * const full = Object.assign(new Error("write failed"), { syscall: "write", code: "ENOSPC" });
 * console.log(String(fileProblem(full, "model.safetensors", "write")));
 * // CheckpointError: cannot write model.safetensors: the disk is full. Make room or choose another place.
 * ```
 */
export function fileProblem(error: unknown, path: string, task: "read" | "write"): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error) || isTenonError(error)) return error;
  const code = String(error.code);
  const known = (task === "read" ? reading : writing)[code];
  return new CheckpointError(
    `cannot ${task} ${path}: ${known ?? `${error.message}. Check the path and the disk`}.`,
    { file: path, code },
    { cause: error },
  );
}
