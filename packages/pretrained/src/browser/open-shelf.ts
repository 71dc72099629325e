import { ConfigError } from "@tenon/tensor";

import { checkPath } from "../files/check-path.ts";
import { cacheShelf } from "./cache-shelf.ts";
import { privateShelf } from "./private-shelf.ts";
import type { Shelf } from "./shelf.ts";

/** The best storage that this browser has. Throws `ConfigError` where it has none. */
export async function openShelf(folder: string): Promise<Shelf> {
  checkPath("the browser's storage", folder);
  // Safari before 26 has the private file system, but lets only workers write to it.
  const isWritable =
    typeof FileSystemFileHandle === "function" && typeof FileSystemFileHandle.prototype.createWritable === "function";
  if (isWritable && typeof navigator.storage.getDirectory === "function") return privateShelf(folder);
  if (typeof caches === "object") return cacheShelf(folder);
  throw new ConfigError(
    "there is no storage for a model here: browsers have one on pages that come over https or from localhost. Download the files yourself, and pass droppedFiles or filesInMemory.",
  );
}
