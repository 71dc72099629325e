import { type Json, refuse } from "../json.ts";
import type { Model } from "./model.ts";
import { readTokenIds, readUnknown } from "./vocabulary.ts";

/** Each piece is one token, or the unknown one. */
export function wordLevel(json: Json): Model {
  const ids = readTokenIds(json);
  const unknown = readUnknown(json, ids);
  return {
    ids,
    unknown,
    tokenize(piece) {
      const id = ids.get(piece) ?? unknown;
      if (id === undefined) throw withoutUnknown(json, piece);
      return [{ id, begin: 0, end: piece.length }];
    },
  };
}

/** The error for a piece that the vocabulary lacks where no token stands for the unknown. */
export function withoutUnknown(json: Json, piece: string): Error {
  return refuse(
    json.at("unk_token"),
    `names no token of the vocabulary, and ${JSON.stringify(piece)} has no token of its own`,
    "name one, such as [UNK], or keep to texts that the vocabulary covers",
  );
}
