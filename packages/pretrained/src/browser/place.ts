import type { Place } from "../hub/place.ts";
import { browserStore } from "./browser-store.ts";
import { hubApi } from "./hub-api.ts";
import { openShelf } from "./open-shelf.ts";

/** A page's side of what differs between Node and a page: package.json chooses it as `#place`. */
export const place: Place = {
  hubApi,
  hubSettings: () =>
    Promise.resolve({ endpoint: "https://huggingface.co", token: undefined, offline: false, cache: "huggingface" }),
  openStore: async (cache, repository) => browserStore(await openShelf(cache), repository),
  folderOf: () => Promise.resolve(undefined),
};
