import { open, rename, rm } from "node:fs/promises";
import { threadId } from "node:worker_threads";

import { fileProblem } from "./file-problem.ts";

/** What the names of files end in that are not whole; those that a killed process has left are nobody's. */
export const unfinished = ".tmp";
let written = 0;

/**
 * Writes a file whole or not at all: under another name, to the disk, and then to its place. Two processes that write the same file do not disturb each other;
 * the later one's stays. Throws `ConfigError` with path and remedy.
 */
export async function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}-${threadId}-${written++}${unfinished}`;
  try {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileProblem(error, path, "write");
  }
}
