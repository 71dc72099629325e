import { ConfigError, isTenonError } from "@tenon/tensor";

const remedies: Readonly<Record<string, string>> = {
  ENOTDIR: "part of the path is a file, not a folder. Check the path",
  EISDIR: "it is a folder. Name a file in it",
  EACCES: "permission is denied. Check whose it is",
  EPERM: "permission is denied. Check whose it is",
  EROFS: "its disk is read-only. Choose another place",
  ENOSPC: "the disk is full. Make room or choose another place",
  EDQUOT: "the disk quota is used up. Make room or choose another place",
  EMFILE: "too many files are open. Close some",
  ENAMETOOLONG: "the path is too long. Use a shorter one",
};

/** An error of the file system in words, with its remedy; anything else stays what it is. */
export function fileProblem(error: unknown, path: string, task: "read" | "write"): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error) || isTenonError(error)) return error;
  const code = String(error.code);
  const missing = `there is no such ${task === "read" ? "file" : "folder"}. Check the path`;
  const known = code === "ENOENT" ? missing : remedies[code];
  return new ConfigError(
    `cannot ${task} ${path}: ${known ?? `${error.message}. Check the path and the disk`}.`,
    { file: path, code },
    { cause: error },
  );
}
