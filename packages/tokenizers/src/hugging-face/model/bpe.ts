import { type Json, refuse } from "../json.ts";
import { Merges } from "./merges.ts";
import type { Model, ModelToken } from "./model.ts";
import { byteTokens, readTokenIds, readUnknown } from "./vocabulary.ts";

/**
 * Byte-pair encoding: a piece begins as its characters, and the merges that training found join neighbours in the order in which they were found.
 *
 * Of a character without a token, `byte_fallback` takes the tokens of its bytes, else it is unknown. Where no token stands for the unknown, the
 * character is left out, as in the reference.
 *
 * Neural Machine Translation of Rare Words with Subword Units (Sennrich et al., 2016).
 */
export function bpe(json: Json): Model {
  if (json.has("dropout") && json.value("dropout") !== 0) {
    throw refuse(json.at("dropout"), "asks for merges left out at random", "that is for training: set it to null");
  }
  const ids = readTokenIds(json);
  const prefix = json.string("continuing_subword_prefix", "");
  const merges = new Merges(json, ids, prefix);
  const suffix = json.string("end_of_word_suffix", "");
  const unknown = readUnknown(json, ids);
  const unknownName = json.optionalString("unk_token");
  const fuse = json.boolean("fuse_unk", false);
  const wholeFirst = json.boolean("ignore_merges", false);
  const bytes = json.boolean("byte_fallback", false) ? byteTokens(ids) : undefined;
  const encoder = new TextEncoder();

  const characters = (piece: string): ModelToken[] => {
    const tokens: ModelToken[] = [];
    let waiting: ModelToken | undefined; // an unknown stretch that may still grow
    let begin = 0;
    for (const character of piece) {
      const end = begin + character.length;
      const name = (begin > 0 ? prefix : "") + character + (end === piece.length ? suffix : "");
      const id = ids.get(name);
      const spelled =
        id === undefined && bytes !== undefined ? Array.from(encoder.encode(name), (byte) => bytes[byte]) : [];
      if (id !== undefined) {
        if (waiting !== undefined) tokens.push(waiting);
        waiting = undefined;
        tokens.push({ id, begin, end });
      } else if (spelled.length > 0 && spelled.every((byte) => byte !== undefined)) {
        for (const byte of spelled) tokens.push({ id: byte, begin, end });
      } else if (unknownName !== undefined) {
        if (unknown === undefined) throw withoutUnknown(json, unknownName);
        if (waiting !== undefined && !fuse) tokens.push(waiting);
        waiting = { id: unknown, begin: waiting !== undefined && fuse ? waiting.begin : begin, end };
      }
      begin = end;
    }
    if (waiting !== undefined) tokens.push(waiting);
    return tokens;
  };

  const known = new Map<string, readonly ModelToken[]>();
  return {
    ids,
    unknown,
    tokenize(piece) {
      const before = known.get(piece);
      if (before !== undefined) return before;
      const whole = wholeFirst ? ids.get(piece) : undefined;
      const tokens =
        whole === undefined ? merges.apply(characters(piece)) : [{ id: whole, begin: 0, end: piece.length }];
      // Words come again and again; long pieces seldom do.
      if (piece.length < 64) {
        if (known.size >= 10_000) known.clear();
        known.set(piece, tokens);
      }
      return tokens;
    },
  };
}

function withoutUnknown(json: Json, name: string): Error {
  return refuse(json.at("unk_token"), `is ${JSON.stringify(name)}`, "the vocabulary has no such token");
}
