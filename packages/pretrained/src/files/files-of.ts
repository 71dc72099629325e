import { place } from "#place";

import { hub, type HubOptions } from "../hub/hub.ts";
import type { ModelFiles } from "./model-files.ts";

/**
 * The files of a model that a text names. In Node, a path that exists, or begins with `./`, `../`, `/` or `~`, is a folder; any other `owner/name` is a model of the
 * Hub. Where a folder has the name of a model, the folder is taken, and its messages say so; `hub("owner/name")` takes the other. On a page a text is a model of the
 * Hub.
 *
 * `options` are for the Hub. Throws `ConfigError` for a text that is neither.
 *
 * @example
 * ```ts
 * const files = await filesOf("./my-model");
 * console.log(files.name); // ./my-model
 * ```
 */
export async function filesOf(source: string, options: HubOptions = {}): Promise<ModelFiles> {
  return (await place.folderOf(source)) ?? hub(source, options);
}
