import type { ModelFiles } from "../files/model-files.ts";
import type { HubApi } from "./api.ts";
import type { HubStore } from "./store.ts";

/** What differs between Node and a page. */
export interface Place {
  readonly hubApi: HubApi;
  /** The Hub, the token and the cache that are used unless an option says otherwise. */
  hubSettings(): Promise<HubSettings>;
  /** Where the files of one repository are kept. */
  openStore(cache: string, repository: string): Promise<HubStore>;
  /** The folder that a text names; undefined when it names none, and so a model of the Hub. */
  folderOf(source: string): Promise<ModelFiles | undefined>;
}

export interface HubSettings {
  /** Its address, without a `/` at the end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly offline: boolean;
  /** The folder of the cache. */
  readonly cache: string;
}
