import { CheckpointError } from "@tenon/tensor";

import type { Connection } from "./connection.ts";

/** An answer of the Hub that asking again does not change, in words: what it refused, and the way out. */
export function refusal({ repository, endpoint, token }: Connection, response: Response): CheckpointError {
  const { status, headers } = response;
  const code = headers.get("x-error-code");
  const fields = { repository, status, code: code ?? undefined };
  const getToken =
    token === undefined
      ? `Make a token at ${endpoint}/settings/tokens and pass it as the option token, or in Node as HF_TOKEN.`
      : "The token that was sent does not suffice: check whose it is, and that it may read this model.";
  const told = (message: string): CheckpointError => new CheckpointError(message, fields);

  if (code === "GatedRepo")
    return told(
      `${repository} is gated: its owner asks who uses it. Ask for access at ${endpoint}/${repository}. ${getToken}`,
    );
  if (code === "RevisionNotFound")
    return told(`${repository} has no such revision. Its page lists them: ${endpoint}/${repository}/tree/main.`);
  if (headers.get("x-error-message") === "Invalid credentials in Authorization header")
    return told(`${endpoint} does not accept the token. Make another at ${endpoint}/settings/tokens.`);
  // The Hub does not say which of the two it is, so that nobody learns the names of private models.
  if (status === 404 || status === 401 || code === "RepoNotFound")
    return told(
      `${endpoint} has no model ${repository}, or it is private. Check the spelling (a folder begins with ./ or /). Where it is private: ${lowerFirst(getToken)}`,
    );
  if (status === 403) return told(`${endpoint} does not let this token, or nobody, read ${repository}. ${getToken}`);
  return told(
    `${endpoint} refused ${repository} with ${`${status} ${headers.get("x-error-message") ?? response.statusText}`.trim()}.`,
  );
}

function lowerFirst(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}
