import { ConfigError } from "@tenon/tensor";

/**
 * What each token writes, by its id: text, or bytes where a token is a piece of a character; `undefined` for a token that is no text, such as
 * the one that ends it. The array is read once and must not change after that. Those of this project's character and byte tokenizers come from
 * `tokenPieces(tokenizer)` of `@tenon/tokenizers`.
 *
 * @example
 * ```ts
 * const pieces: TokenPieces = ["yes", "no", undefined];
 * const answer = choices(pieces, ["yes", "no"]);
 * console.log(answer.allowed(answer.start, Infinity)); // [ 0, 1 ]
 * ```
 */
export type TokenPieces = readonly (string | Uint8Array | undefined)[];

/** The tokens that begin with the bytes on the way here. */
export interface TrieNode {
  readonly byte: number;
  readonly children: TrieNode[];
  /** The tokens that end here. */
  readonly ids: number[];
}

/** A vocabulary as constraints read it. */
export interface Vocabulary {
  readonly trie: TrieNode;
  /** The bytes of each token; undefined for one that writes nothing. */
  readonly bytes: readonly (Uint8Array | undefined)[];
  /** Whether each of the 256 bytes is a token, so that every text can be written. */
  readonly everyByte: boolean;
  /** The bytes of the longest token. */
  readonly longest: number;
  /**
   * A share of a token for each byte, such that no token has more than 1 in all: a text needs at least as many tokens as its bytes have
   * shares. `Infinity` for a byte that no token writes.
   */
  readonly shares: Float64Array;
}

const vocabularies = new WeakMap<TokenPieces, Vocabulary>();
const encoder = new TextEncoder();

/** Throws `ConfigError` for what is no list of pieces, and for pieces that write nothing at all. */
export function vocabularyOf(pieces: TokenPieces): Vocabulary {
  const known = vocabularies.get(pieces);
  if (known !== undefined) return known;
  if (!Array.isArray(pieces)) {
    throw new ConfigError(
      `The pieces of a vocabulary are an array of what each token writes, such as tokenPieces(tokenizer), got ${typeof pieces}`,
    );
  }
  const bytes = (pieces as TokenPieces).map((piece, id) => bytesOf(piece, id));
  const written = bytes.filter((each) => each !== undefined);
  if (written.length === 0) {
    throw new ConfigError("None of the vocabulary's tokens writes any text, so no text can be asked of it.");
  }
  const trie: TrieNode = { byte: -1, children: [], ids: [] };
  for (const [id, each] of bytes.entries()) if (each !== undefined) insert(trie, each, id);
  const vocabulary: Vocabulary = {
    trie,
    bytes,
    everyByte: new Set(written.filter(({ length }) => length === 1).map(([byte]) => byte)).size === 256,
    longest: written.reduce((most, { length }) => Math.max(most, length), 0),
    shares: sharesOf(written),
  };
  vocabularies.set(pieces, vocabulary);
  return vocabulary;
}

function bytesOf(piece: unknown, id: number): Uint8Array | undefined {
  if (piece === undefined || piece === "") return undefined;
  if (piece instanceof Uint8Array) return piece.length === 0 ? undefined : piece;
  if (typeof piece === "string" && piece.isWellFormed()) return encoder.encode(piece);
  throw new ConfigError(
    `The piece of token ${id} is well-formed text, bytes, or undefined where the token writes nothing, got ${JSON.stringify(piece)}`,
    { id, piece },
  );
}

function insert(trie: TrieNode, bytes: Uint8Array, id: number): void {
  let node = trie;
  for (const byte of bytes) {
    let child = node.children.find((each) => each.byte === byte);
    if (child === undefined) {
      child = { byte, children: [], ids: [] };
      node.children.push(child);
    }
    node = child;
  }
  node.ids.push(id);
}

const isContinuation = (byte: number): boolean => byte >> 6 === 0b10;

function sharesOf(tokens: readonly Uint8Array[]): Float64Array {
  // Where no token begins inside a character, characters are what counts, and the rest of one is free.
  const whole = tokens.every(([first]) => !isContinuation(first!));
  const counts = (byte: number): boolean => !(whole && isContinuation(byte));
  const shares = new Float64Array(256).fill(Infinity);
  for (const token of tokens) {
    const share = 1 / token.reduce((sum, byte) => sum + (counts(byte) ? 1 : 0), 0);
    for (const byte of token) shares[byte] = counts(byte) ? Math.min(shares[byte]!, share) : 0;
  }
  return shares;
}
