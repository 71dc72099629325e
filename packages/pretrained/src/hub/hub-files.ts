import type { StoredFile } from "@tenon/checkpoint";
import { CheckpointError } from "@tenon/tensor";

import { checkPath } from "../files/check-path.ts";
import type { ModelFiles } from "../files/model-files.ts";
import { askCommit, askListing, type HubApi } from "./api.ts";
import type { Connection } from "./connection.ts";
import { download, type DownloadProgress } from "./download.ts";
import type { Listing } from "./listing.ts";
import type { Patience } from "./patience.ts";
import { isPickle, onlyPickle, pickleRefused } from "./pickles.ts";
import { isCommit } from "./repository.ts";
import type { HubStore } from "./store.ts";

/** A model of the Hub, ready to be asked for. */
export interface HubSource {
  readonly api: HubApi;
  readonly connection: Connection;
  readonly store: HubStore;
  readonly revision: string;
  readonly offline: boolean;
  readonly patience: Patience;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/** The files of a model of the Hub: each is downloaded when it is first opened. `source` is asked for once, by the first `open`. */
export function hubFiles(repository: string, source: () => Promise<HubSource>): ModelFiles {
  const state = once(async () => {
    const ready = await source();
    const commit = await commitFor(ready);
    return { ...ready, commit, listing: once(() => listingFor(ready, commit)) };
  });

  return {
    name: repository,
    async open(path) {
      checkPath(repository, path);
      const { store, commit, listing, ...rest } = await state();
      const here = await store.open(commit, path);
      if (here !== undefined && !isPickle(path)) return here;
      await here?.close();
      const listed = await listing();
      const pickle = isPickle(path) ? path : onlyPickle(path, listed?.keys() ?? []);
      if (pickle !== undefined && (here !== undefined || listed?.has(pickle) === true))
        throw pickleRefused(pickle, repository);
      const file = listed?.get(path);
      if (file === undefined) return undefined;
      if (rest.offline) throw notHere(`${path} of ${repository}`, store);
      const { connection, patience, onProgress } = rest;
      await store.add(
        commit,
        file,
        (partial) => download(file, partial, { connection, commit, patience, onProgress }),
        connection.signal,
      );
      return opened(await store.open(commit, path), path, store);
    },
  };
}

async function commitFor({ api, connection, store, revision, offline, patience }: HubSource): Promise<string> {
  if (offline) {
    const commit = await store.commitOf(revision);
    if (commit === undefined) throw notHere(`${connection.repository} (${revision})`, store);
    return commit;
  }
  if (isCommit(revision)) return revision;
  const commit = await askCommit(api, connection, revision, patience);
  await store.rememberCommit(revision, commit);
  return commit;
}

/** Undefined where nothing can be asked, and the Python library kept the files without their listing: then what is not there counts as absent. */
async function listingFor(
  { api, connection, store, offline, patience }: HubSource,
  commit: string,
): Promise<Listing | undefined> {
  const kept = await store.listingOf(commit);
  if (kept !== undefined || offline) return kept;
  const listing = await askListing(api, connection, commit, patience);
  await store.rememberListing(commit, listing);
  return listing;
}

function notHere(what: string, { name }: HubStore): CheckpointError {
  return new CheckpointError(
    `${what} is not in the cache ${name}, and the Hub is not asked (offline: true, or HF_HUB_OFFLINE). Load it once with a network, or name another cache.`,
    { file: what, cache: name },
  );
}

function opened(file: StoredFile | undefined, path: string, { name }: HubStore): StoredFile {
  if (file !== undefined) return file;
  throw new CheckpointError(
    `${path} was downloaded to ${name}, and is gone: something else deleted it. Load it again.`,
    {
      file: path,
      cache: name,
    },
  );
}

/** Does something once, unless it fails: then the next call tries again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
