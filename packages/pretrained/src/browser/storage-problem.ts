import { CheckpointError } from "@tenon/tensor";

/** Does the error of a browser's storage say that there is no such file, or that a part of its path is no folder? */
export function isMissing(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "NotFoundError" || error.name === "TypeMismatchError");
}

const known: Readonly<Record<string, string>> = {
  QuotaExceededError: "the browser's storage for this page is full. Delete models from it, or make room on the disk",
  NotAllowedError: "permission is denied. Ask the user for it again",
  NoModificationAllowedError: "another tab is writing it. Close that tab, or wait",
  NotReadableError: "it has changed or gone meanwhile. Open it again",
  NotFoundError: "there is no such file. Check the path",
  TypeMismatchError: "part of the path is a file where a folder is expected. Check the path",
};

/** An error of a browser's storage in words: a `CheckpointError` with its remedy. Anything else stays what it is. */
export function storageProblem(error: unknown, file: string, task: "read" | "write"): unknown {
  if (!(error instanceof DOMException) || error.name === "AbortError") return error;
  return new CheckpointError(
    `cannot ${task} ${file}: ${known[error.name] ?? `${error.message} Check the browser's settings`}.`,
    { file, code: error.name },
    { cause: error },
  );
}
