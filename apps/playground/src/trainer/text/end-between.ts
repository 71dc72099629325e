import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { SavedText } from "../storage/run-record.ts";

/**
 * The token that stands between documents in what a decoder learns: it learns where a text ends. Stories have it where the tokenizer does; for a text of the
 * visitor's, throws `ConfigError` where it was asked for and there is none.
 */
export function endBetween(
  asked: boolean,
  kind: string,
  text: SavedText["kind"],
  tokenizer: Tokenizer,
): number | undefined {
  if (!asked || kind !== "decoder") return undefined;
  const { end } = tokenizer.special;
  if (end !== undefined || text === "stories") return end;
  throw new ConfigError(
    `a token is to stand between documents, and the ${tokenizer.kind} tokenizer has none for that. Take byte pairs, or let blank lines be a part of the text.`,
    { tokenizer: tokenizer.kind },
  );
}
