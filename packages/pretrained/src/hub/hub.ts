import { place } from "#place";
import { ConfigError } from "@tenon/tensor";

import type { ModelFiles } from "../files/model-files.ts";
import type { DownloadProgress } from "./download.ts";
import { hubFiles } from "./hub-files.ts";
import { usualPatience } from "./patience.ts";
import { checkRepository, checkRevision } from "./repository.ts";

/** How a model is got from the Hub. */
export interface HubOptions {
  /** A branch, a tag or a commit. Default: `main`. A commit never changes, and what is here of it needs no network. */
  readonly revision?: string | undefined;
  /** An access token, for private and gated models. Default in Node: `HF_TOKEN`, or the one that `hf auth login` kept. */
  readonly token?: string | undefined;
  /** The folder that holds downloads. Default in Node: that of the Python library (`HF_HUB_CACHE`, `HF_HOME`); on a page: `huggingface`, in its storage. */
  readonly cache?: string | undefined;
  /** Uses what is in the cache, and never the network. Default in Node: `HF_HUB_OFFLINE`; on a page: false. */
  readonly offline?: boolean | undefined;
  /** Is used in place of the global one, for a proxy, say. */
  readonly fetch?: typeof fetch | undefined;
  /** Ends a download; what has come stays, and the next one goes on from there. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far a download is, at each piece that comes. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

const known = ["revision", "token", "cache", "offline", "fetch", "signal", "onProgress"];

/**
 * The files of a model of the Hugging Face Hub, by `"owner/name"`. Each is downloaded when it is first opened, and kept. A download that was cut goes on where it
 * ended, also in another process; a file counts as there only when its sum is the one that the Hub lists (SHA-256, and git's SHA-1 for small files). Several
 * processes, or tabs, share a cache, and download a file once. In Node it is the cache of the Python library `huggingface_hub`, so that both use the same files;
 * `HF_HOME`, `HF_HUB_CACHE`, `HF_TOKEN`, `HF_ENDPOINT` and `HF_HUB_OFFLINE` mean what they mean there.
 *
 * Throws `ConfigError` for what is no `owner/name` and for options that do not exist. Opening throws `CheckpointError`: for a model that does not exist, is private
 * or gated, without a network, for a full disk, for content with a wrong sum (which is deleted), and for pickles (`.bin`, `.pt`), which are never opened.
 *
 * @example
 * ```ts
 * const files = hub("sentence-transformers/all-MiniLM-L6-v2", { onProgress: ({ file, loaded, total }) => draw(file, loaded / total) });
 * console.log(files.name); // sentence-transformers/all-MiniLM-L6-v2
 * function draw(file: string, part: number): void {}
 * ```
 */
export function hub(repository: string, options: HubOptions = {}): ModelFiles {
  checkRepository(repository);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new ConfigError(`hub has no option "${name}". It has ${known.join(", ")}.`, { option: name });
  }
  const { revision = "main", token, cache, offline, fetch, signal, onProgress } = options;
  checkRevision(revision);
  return hubFiles(repository, async () => {
    const usual = await place.hubSettings();
    return {
      api: place.hubApi,
      connection: {
        repository,
        endpoint: usual.endpoint,
        token: token ?? usual.token,
        fetch: fetch ?? globalThis.fetch.bind(globalThis),
        signal,
      },
      store: await place.openStore(cache ?? usual.cache, repository),
      revision,
      offline: offline ?? usual.offline,
      patience: usualPatience,
      onProgress,
    };
  });
}
