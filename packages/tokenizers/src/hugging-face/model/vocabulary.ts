import { type Json, isCount, largest, wrong } from "../json.ts";

/** The ids of a model's tokens by their text. */
export type TokenIds = ReadonlyMap<string, number>;

/** Reads `vocab` in the form `{ "token": id }`; an id that two tokens share is refused. */
export function readTokenIds(json: Json): TokenIds {
  const vocab = json.object("vocab");
  const ids = new Map<string, number>();
  const owners = new Map<number, string>();
  for (const token of vocab.keys()) {
    const id = vocab.value(token);
    const path = `${vocab.path}[${JSON.stringify(token)}]`;
    if (!isCount(id)) throw wrong(path, `an id from 0 to ${largest}`, id);
    const other = owners.get(id);
    if (other !== undefined) throw wrong(path, `an id of its own, but ${JSON.stringify(other)} has it too`, id);
    owners.set(id, token);
    ids.set(token, id);
  }
  return ids;
}

/** The id of the token that stands for all that has none; `undefined` where tokenizer.json names no such token. */
export function readUnknown(json: Json, ids: TokenIds): number | undefined {
  const token = json.optionalString("unk_token");
  if (token === undefined) return undefined;
  return ids.get(token);
}

/** The ids of `<0x00>` to `<0xFF>`, tokens for single bytes; `undefined` for those that the vocabulary lacks. */
export function byteTokens(ids: TokenIds): readonly (number | undefined)[] {
  return Array.from({ length: 256 }, (_, byte) => ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`));
}
