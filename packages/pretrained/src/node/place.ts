import { stat } from "node:fs/promises";

import type { ModelFiles } from "../files/model-files.ts";
import type { Place } from "../hub/place.ts";
import { isRepository } from "../hub/repository.ts";
import { folder } from "./folder.ts";
import { hubApi } from "./hub-api.ts";
import { hubCache } from "./hub-cache.ts";
import { expanded, hubSettings } from "./hub-settings.ts";

/** Node's side of what differs between Node and a page: package.json chooses it as `#place`. */
export const place: Place = {
  hubApi,
  hubSettings: () => hubSettings(),
  openStore: (cache, repository) => Promise.resolve(hubCache(expanded(cache), repository)),
  folderOf,
};

async function folderOf(source: string): Promise<ModelFiles | undefined> {
  if (/^(?:\.{0,2}[/\\]|\.{1,2}$|~|[a-z]:)/i.test(source)) return named(folder(expanded(source)), source);
  const isThere = await stat(source).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isThere) return undefined;
  return isRepository(source)
    ? named(folder(source), `the folder ./${source} (for the Hub's model of this name, pass hub("${source}"))`)
    : folder(source);
}

function named(files: ModelFiles, name: string): ModelFiles {
  return { name, open: (path) => files.open(path) };
}
