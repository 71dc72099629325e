import type { StoredFile } from "@tenon/checkpoint";

import type { Listing, RemoteFile } from "./listing.ts";

/** Where the files of one model from the Hub are kept: a folder on the disk, or a browser's storage. Several processes, or tabs, may use it at once. */
export interface HubStore {
  /** What it is called in messages. */
  readonly name: string;
  /** The commit that a branch or tag was when it was last asked for. */
  commitOf(revision: string): Promise<string | undefined>;
  rememberCommit(revision: string, commit: string): Promise<void>;
  listingOf(commit: string): Promise<Listing | undefined>;
  rememberListing(commit: string, listing: Listing): Promise<void>;
  /** A file that is here whole; undefined when it is not. */
  open(commit: string, path: string): Promise<StoredFile | undefined>;
  /**
   * Adds a file. `fill` gets what is here of it already, and the file counts as whole when `fill` has returned. One at a time adds the same content: the
   * others wait, and find it there.
   */
  add(
    commit: string,
    file: RemoteFile,
    fill: (partial: PartialFile) => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void>;
}

/** A file of which the beginning is there. It outlives the process, so that a download goes on where it was cut. */
export interface PartialFile {
  /** How many bytes are there. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** The sum of the bytes that are there, as it is stored: of all files the `sha256`, of the small ones that which `git` gives them. */
  sum(kind: "sha256" | "git"): Promise<string>;
  /** Removes it, because its content is wrong. */
  discard(): Promise<void>;
}
