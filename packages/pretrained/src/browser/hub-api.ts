import type { HubApi, HubEntry } from "../hub/api.ts";
import { ask } from "../hub/connection.ts";

/**
 * The Hub's API for a page. It asks what @huggingface/hub asks in Node, and is written out because that package (2.17.5) hides its build for browsers from
 * bundlers that read `exports` alone, as esbuild does: they take the one for Node, and stop at its imports.
 */
export const hubApi: HubApi = {
  async commit(connection, revision) {
    const { endpoint, repository } = connection;
    const address = `${endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}?expand=sha`;
    return ((await (await ask(connection, address)).json()) as { sha?: unknown }).sha;
  },
  async *entries(connection, commit) {
    const { endpoint, repository } = connection;
    let address: string | undefined = `${endpoint}/api/models/${repository}/tree/${commit}?recursive=true`;
    while (address !== undefined) {
      const response: Response = await ask(connection, address);
      yield* (await response.json()) as HubEntry[];
      address = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
    }
  },
};
