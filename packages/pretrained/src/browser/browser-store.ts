import { fileInMemory } from "@tenon/checkpoint";

import { type Listing, parseListing, printListing, sumOf } from "../hub/listing.ts";
import { isCommit } from "../hub/repository.ts";
import type { HubStore } from "../hub/store.ts";
import { openParts, partsOf } from "./parts.ts";
import type { Shelf } from "./shelf.ts";

/**
 * The files of one repository in a browser's storage, named as in the cache of Node: `refs/main`, `trees/<commit>.json`, and for each content
 * `blobs/<sum>/0`, `1`, … with `blobs/<sum>/whole`, which is written last. There are no links: the listing leads from a path to its content.
 */
export function browserStore(shelf: Shelf, repository: string): HubStore {
  const root = `models--${repository.replace("/", "--")}`;
  const textOf = async (key: string): Promise<string | undefined> => (await shelf.get(key))?.text();
  const listings = new Map<string, Listing>();
  const listingOf = async (commit: string): Promise<Listing | undefined> => {
    const known = listings.get(commit);
    if (known !== undefined) return known;
    const text = await textOf(`${root}/trees/${commit}.json`);
    const listing = text === undefined ? undefined : parseListing(text);
    if (listing !== undefined) listings.set(commit, listing);
    return listing;
  };
  const isWhole = async (folder: string): Promise<boolean> => (await shelf.get(`${folder}/whole`)) !== undefined;

  return {
    name: shelf.name,
    async commitOf(revision) {
      const commit = isCommit(revision) ? revision : await textOf(`${root}/refs/${revision}`);
      return commit !== undefined && (await listingOf(commit)) !== undefined ? commit : undefined;
    },
    rememberCommit: (revision, commit) => shelf.put(`${root}/refs/${revision}`, commit),
    listingOf,
    async rememberListing(commit, listing) {
      await shelf.put(`${root}/trees/${commit}.json`, printListing(listing));
      listings.set(commit, listing);
    },
    async open(commit, path) {
      const file = (await listingOf(commit))?.get(path);
      const folder = file && `${root}/blobs/${sumOf(file)}`;
      if (folder === undefined || !(await isWhole(folder))) return undefined;
      // A blob of blobs copies nothing: each part is read where it lies.
      const content = new Blob(await partsOf(shelf, folder));
      // A browser may throw single entries away when the disk is full.
      return content.size === file!.size ? fileInMemory(`${repository}/${path}`, content) : undefined;
    },
    async add(_commit, file, fill, signal) {
      const folder = `${root}/blobs/${sumOf(file)}`;
      // The browser frees the lock of a tab that is closed or dies.
      await navigator.locks.request(`tenon ${shelf.name} ${folder}`, { ...(signal && { signal }) }, async () => {
        if ((await isWhole(folder)) && new Blob(await partsOf(shelf, folder)).size === file.size) return;
        await removeLost(shelf, folder);
        const partial = await openParts(shelf, folder);
        try {
          await fill(partial);
        } finally {
          await partial.flush();
        }
        await shelf.put(`${folder}/whole`, String((await partsOf(shelf, folder)).length));
      });
    },
  };
}

/** Where a browser has thrown a part of a whole content away, those behind it are of no use. */
async function removeLost(shelf: Shelf, folder: string): Promise<void> {
  const count = Number((await (await shelf.get(`${folder}/whole`))?.text()) ?? 0);
  await shelf.delete(`${folder}/whole`);
  for (let part = (await partsOf(shelf, folder)).length; part < count; part++) await shelf.delete(`${folder}/${part}`);
}
