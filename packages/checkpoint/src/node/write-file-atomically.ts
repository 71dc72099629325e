import { access, constants, type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { CheckpointError } from "@tenon/tensor";

import { fileProblem } from "./file-problem.ts";

let written = 0;

/**
 * Writes a file whole or not at all. The bytes go to a new file in the same folder, are forced to disk, and only then take
 * the path's place; a crash, a full disk or Ctrl-C leaves what was there before (a process that is killed may leave the new file behind
 * too, hidden and ending in `.tmp`). A symbolic link stays one, and its target is replaced; one that leads
 * nowhere gives way to the file. An existing file keeps its permissions. A large file may come in pieces, so that it is never in memory whole.
 *
 * Throws `CheckpointError` naming the path and the remedy, with the old content untouched and no temporary file left.
 *
 * @example
 * ```ts
 * await writeFileAtomically("notes.txt", new TextEncoder().encode("all of it, or none"));
 * ```
 */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  let temporary: string | undefined;
  try {
    const target = await realpath(path).catch(() => path);
    const old = await stat(target).catch(() => undefined);
    if (old !== undefined && !old.isFile()) {
      throw new CheckpointError(
        `cannot write ${path}: it is ${old.isDirectory() ? "a folder" : "a device or a pipe"}. Name a file.`,
        { file: path },
      );
    }
    // A rename asks only the folder; a file that was made read-only is meant to stay.
    if (old !== undefined) await access(target, constants.W_OK);
    const file = await create(target);
    temporary = file.path;
    try {
      if (old !== undefined) await file.handle.chmod(old.mode & 0o7777);
      await file.handle.writeFile(bytes);
      await file.handle.sync();
    } finally {
      await file.handle.close();
    }
    await rename(temporary, target);
    temporary = undefined;
    await syncFolder(dirname(target));
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    throw fileProblem(error, path, "write");
  }
}

/** A new file beside `target`, under a name that no file has. */
async function create(target: string): Promise<{ path: string; handle: FileHandle }> {
  for (;;) {
    const path = join(dirname(target), `.${basename(target)}.${process.pid}-${written++}.tmp`);
    try {
      return { path, handle: await open(path, "wx") };
    } catch (error) {
      // Left behind by a process that was killed and had this one's number.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** The rename itself reaches the disk with its folder. Not every system can sync one, and by now the file is in its place. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
