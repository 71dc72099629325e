import { type Json, refuse } from "../json.ts";
import { bpe } from "./bpe.ts";
import { unigram } from "./unigram.ts";
import type { TokenIds } from "./vocabulary.ts";
import { wordLevel } from "./word-level.ts";
import { wordPiece } from "./word-piece.ts";

/** A token of a piece of text: its id, and from where to where it stands in the piece, in UTF-16 code units. */
export interface ModelToken {
  readonly id: number;
  readonly begin: number;
  readonly end: number;
}

/** Cuts one piece of text, which a pre-tokeniser made, into tokens of a vocabulary. */
export interface Model {
  readonly ids: TokenIds;
  /** The id of the token for what is unknown, if there is one. */
  readonly unknown: number | undefined;
  /** Throws `ConfigError` for what has no token where there is none for the unknown. */
  tokenize(piece: string): readonly ModelToken[];
}

/** What `model` of tokenizer.json says. Throws `ConfigError` for a type that is not known, naming those that are. */
export function readModel(json: Json): Model {
  const type = json.has("type") ? json.string("type") : guess(json);
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (read === undefined) {
    throw refuse(
      json.at("type"),
      `is ${JSON.stringify(type)}`,
      `this release knows ${Object.keys(readers).join(", ")}`,
    );
  }
  return read(json);
}

const readers: Readonly<Record<string, (json: Json) => Model>> = {
  BPE: bpe,
  WordPiece: wordPiece,
  WordLevel: wordLevel,
  Unigram: unigram,
};

/** Old files leave the type out; their keys tell. */
function guess(json: Json): string {
  if (json.has("merges")) return "BPE";
  if (Array.isArray(json.value("vocab"))) return "Unigram";
  return json.has("max_input_chars_per_word") || json.has("continuing_subword_prefix") ? "WordPiece" : "WordLevel";
}
