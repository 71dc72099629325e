import { mkdir, readFile, rename, stat, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { fileProblem, writeFileAtomically } from "@tenon/checkpoint/node";

import { parseListing, printListing, type RemoteFile, sumOf } from "../hub/listing.ts";
import { isCommit } from "../hub/repository.ts";
import type { HubStore, PartialFile } from "../hub/store.ts";
import { withLock } from "./file-lock.ts";
import { openIfThere } from "./folder.ts";
import { openPartial } from "./partial-file.ts";

/**
 * The cache of the Python library `huggingface_hub`, shared with it:
 *
 * ```text
 * models--owner--name/refs/main                     the commit that it was when it was last asked for
 *                     trees/<commit>.json           which files the commit has
 *                     blobs/<sum>                   a file's content, whole
 *                     blobs/<sum>.tenon.incomplete  what has come of it so far
 *                     snapshots/<commit>/<path>     a link to ../../blobs/<sum>
 * .locks/models--owner--name/<sum>.tenon.lock       who is downloading
 * ```
 *
 * The Python library locks with `flock`, which Node does not have, so the two may download the same file at once. Each does so under a name of its own, and the
 * whole file takes its place at once: work is lost then, and nothing else.
 */
export function hubCache(cache: string, repository: string): HubStore {
  const folder = `models--${repository.replace("/", "--")}`;
  const root = join(cache, folder);
  const refOf = (revision: string): string => join(root, "refs", revision);
  const treeOf = (commit: string): string => join(root, "trees", `${commit}.json`);
  const pathOf = (commit: string, path: string): string => join(root, "snapshots", commit, path);

  return {
    name: cache,
    async commitOf(revision) {
      const commit = isCommit(revision) ? revision : (await readIfThere(refOf(revision)))?.trim();
      if (commit === undefined || !isCommit(commit)) return undefined;
      return (await isThere(join(root, "snapshots", commit))) ? commit : undefined;
    },
    async rememberCommit(revision, commit) {
      if ((await readIfThere(refOf(revision))) !== commit) await remember(refOf(revision), commit);
    },
    async listingOf(commit) {
      const text = await readIfThere(treeOf(commit));
      return text === undefined ? undefined : parseListing(text);
    },
    rememberListing: (commit, listing) => remember(treeOf(commit), printListing(listing)),
    open: (commit, path) => openIfThere(pathOf(commit, path)),
    async add(commit, file, fill, signal) {
      const blob = join(root, "blobs", sumOf(file));
      const link = pathOf(commit, file.path);
      const lock = join(cache, ".locks", folder, `${sumOf(file)}.tenon.lock`);
      await makeFolders([blob, link, lock].map((path) => dirname(path)));
      try {
        await withLock(
          lock,
          async () => {
            if (!(await isWhole(blob, file)) && !(await isWhole(link, file))) await complete(blob, fill);
            await putLink(blob, link);
          },
          signal,
        );
      } catch (error) {
        throw fileProblem(error, link, "write");
      }
    },
  };
}

async function complete(blob: string, fill: (partial: PartialFile) => Promise<void>): Promise<void> {
  const path = `${blob}.tenon.incomplete`;
  const partial = await openPartial(path);
  try {
    await fill(partial);
  } finally {
    await partial.close();
  }
  await rename(path, blob).catch(async (error: unknown) => {
    // Another process that went on with it, since this one seemed dead, was first.
    if (!(await isThere(blob))) throw error;
  });
}

async function putLink(blob: string, link: string): Promise<void> {
  try {
    await symlink(relative(dirname(link), blob), link);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    // Where the system has no links (Windows, unless one may make them), the file itself goes there, as with the Python library.
    await rename(blob, link);
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const isWhole = (path: string, { size }: RemoteFile): Promise<boolean> =>
  stat(path).then(
    (status) => status.size === size,
    () => false,
  );

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw fileProblem(error, path, "read");
  }
}

/** Keeps what a later run without a network needs. A cache that may only be read still serves what is in it. */
async function remember(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomically(path, new TextEncoder().encode(text));
  } catch (error) {
    const { code, fields } = error as { code?: unknown; fields?: { code?: unknown } };
    if (!["EACCES", "EPERM", "EROFS"].includes(String(code ?? fields?.code))) throw fileProblem(error, path, "write");
  }
}

async function makeFolders(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      throw fileProblem(error, path, "write");
    });
  }
}
