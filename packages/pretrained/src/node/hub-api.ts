import { listFiles, modelInfo } from "@huggingface/hub";

import type { HubApi } from "../hub/api.ts";
import { ask, type Connection } from "../hub/connection.ts";

/**
 * The Hub's API through @huggingface/hub.
 *
 * Its downloads (2.17.5) are not used: downloadFileToCacheDir begins a cut file anew, checks no sum and holds no lock, and the pieces of downloadFile are not
 * checked to be those that were asked for. Its check of tokens refuses those that do not begin with hf_, so that `ask` sends ours.
 */
export const hubApi: HubApi = {
  async commit(connection, revision) {
    const name = connection.repository;
    return (await modelInfo({ ...questions(connection), name, revision, additionalFields: ["sha"] })).sha;
  },
  entries(connection, commit) {
    const repo = { type: "model", name: connection.repository } as const;
    return listFiles({ ...questions(connection), repo, recursive: true, revision: commit });
  },
};

function questions(connection: Connection): { hubUrl: string; fetch: typeof fetch } {
  return {
    hubUrl: connection.endpoint,
    fetch: (url, init) => ask(connection, url instanceof Request ? url.url : url.toString(), init),
  };
}
