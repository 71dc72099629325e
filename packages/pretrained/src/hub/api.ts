import { CheckpointError } from "@tenon/tensor";

import { type Connection, Interrupted, unreachable } from "./connection.ts";
import { type Listing, type RemoteFile, remoteFile } from "./listing.ts";
import { type Patience, wait } from "./patience.ts";
import { isCommit } from "./repository.ts";

/** The two questions of the Hub's API that a download needs. Their answers are not checked yet. Throws what `ask` throws, and `SyntaxError` for no JSON. */
export interface HubApi {
  /** The commit that a branch or a tag is now. */
  commit(connection: Connection, revision: string): Promise<unknown>;
  /** What a commit holds. */
  entries(connection: Connection, commit: string): AsyncIterable<HubEntry>;
}

/** A file or folder as the Hub lists it. */
export interface HubEntry {
  readonly type: string;
  readonly path: string;
  readonly size: number;
  readonly oid?: string;
  readonly lfs?: { readonly oid: string; readonly size: number };
  readonly xetHash?: string;
}

/** The commit that a branch or a tag is now. Throws `CheckpointError` when the Hub refuses, or cannot be reached. */
export function askCommit(api: HubApi, connection: Connection, revision: string, patience: Patience): Promise<string> {
  return patiently(connection, patience, async () => {
    const commit = await api.commit(connection, revision);
    if (typeof commit === "string" && isCommit(commit)) return commit;
    throw strange(connection, `its commit is ${JSON.stringify(commit)}`);
  });
}

/** The files of a commit. Throws `CheckpointError` when the Hub refuses, or cannot be reached. */
export function askListing(api: HubApi, connection: Connection, commit: string, patience: Patience): Promise<Listing> {
  return patiently(connection, patience, async () => {
    const listing = new Map<string, RemoteFile>();
    for await (const { type, path, size, oid, lfs, xetHash } of api.entries(connection, commit)) {
      if (type !== "file") continue;
      const file = remoteFile(path, lfs?.size ?? size, oid, lfs?.oid, xetHash);
      if (file === undefined) throw strange(connection, `the size or the sum of ${JSON.stringify(path)} is none`);
      listing.set(path, file);
    }
    return listing;
  });
}

/** Asks again where the Hub is busy. Where nobody answers, it is said at once. */
async function patiently<T>(connection: Connection, patience: Patience, question: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await question();
    } catch (error) {
      if (error instanceof SyntaxError) throw strange(connection, "it is no JSON", error);
      if (!(error instanceof Interrupted)) throw error;
      if (error.wait === undefined || failures >= patience.tries) throw unreachable(connection, error);
      await wait(Math.max(error.wait, patience.pause * 2 ** failures), connection.signal);
    }
  }
}

function strange({ repository, endpoint }: Connection, what: string, cause?: unknown): CheckpointError {
  return new CheckpointError(
    `${endpoint} answered something strange of ${repository}: ${what}. Check that the address is a Hub's (HF_ENDPOINT).`,
    { repository, endpoint },
    { cause },
  );
}
