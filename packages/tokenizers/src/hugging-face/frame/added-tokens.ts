import { AlignedText } from "../align/aligned-text.ts";
import { type Json, refuse, wrong } from "../json.ts";
import type { Normalizer } from "../normalize/normalizer.ts";
import type { TokenIds } from "../model/vocabulary.ts";

/** A token found in the text as a whole, before a model sees it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Does it stand for something other than text? Then `decode` can leave it out. */
  readonly special: boolean;
  /** Is it found only where no letter or digit touches it? */
  readonly singleWord: boolean;
  /** Does it take the space before it, and after it? */
  readonly left: boolean;
  readonly right: boolean;
  /** Is it looked for in the normalised text, with its own content normalised too? */
  readonly normalized: boolean;
  /** What it is to a model, as `toJSON` notes it: `mask`, `end` … */
  readonly roles: readonly string[];
}

/** A piece of a text: one that is still to be tokenised, or one that is an added token. */
export interface Piece {
  readonly text: AlignedText;
  readonly token: AddedToken | undefined;
}

/** The tokens of `added_tokens`. Those that the model lacks continue its ids, as the reference numbers them; other ids are refused. */
export function readAddedTokens(root: Json, ids: TokenIds): AddedToken[] {
  if (!root.has("added_tokens")) return [];
  let size = 0;
  for (const id of ids.values()) size = Math.max(size, id + 1);
  const dense = size === ids.size;
  const used = new Set(ids.values());
  const seen = new Set<string>();
  let next = size;
  return root.objects("added_tokens").map((json) => {
    const token: AddedToken = {
      id: json.count("id"),
      content: json.string("content"),
      special: json.boolean("special", false),
      singleWord: json.boolean("single_word", false),
      left: json.boolean("lstrip", false),
      right: json.boolean("rstrip", false),
      normalized: json.boolean("normalized", true),
      roles: json.has("roles") ? json.list("roles").filter((role) => typeof role === "string") : [],
    };
    const { id, content } = token;
    if (content === "") throw wrong(json.at("content"), "a text with something in it", content);
    if (seen.has(content)) throw wrong(json.at("content"), "a text that no other added token has", content);
    seen.add(content);
    const own = ids.get(content);
    if (own !== undefined) {
      if (own !== id) throw wrong(json.at("id"), `${own}, the id of ${JSON.stringify(content)} in the vocabulary`, id);
      return token;
    }
    if (used.has(id)) throw wrong(json.at("id"), "an id of its own, but another token has it too", id);
    if (dense && id !== next) {
      throw refuse(
        json.at("id"),
        `is ${id}, but ${JSON.stringify(content)} is the next token after ${next - 1} and is numbered ${next}`,
        "list the added tokens in the order of their ids, without gaps",
      );
    }
    used.add(id);
    next = id + 1;
    return token;
  });
}

/** The tokens as `added_tokens` of tokenizer.json; `roles` is a key of ours, which the library `tokenizers` passes over. */
export function addedTokensToJson(tokens: readonly AddedToken[]): object[] {
  return tokens.map(({ id, content, special, singleWord, left, right, normalized, roles }) => ({
    id,
    content,
    single_word: singleWord,
    lstrip: left,
    rstrip: right,
    normalized,
    special,
    ...(roles.length > 0 && { roles }),
  }));
}

/** Finds added tokens: those that are not normalised in the text as it came, the others in what the normaliser makes of the rest. */
export class AddedTokens {
  /** How a decoder sees an added token: as the text in which it was found, so that the decoder can undo what the normaliser did. */
  readonly written: ReadonlyMap<number, string>;
  readonly #normalize: Normalizer;
  readonly #raw: Finder;
  readonly #normalized: Finder;

  constructor(tokens: readonly AddedToken[], normalize: Normalizer) {
    this.#normalize = normalize;
    const entries = tokens.map((token): [string, AddedToken] => [
      token.normalized ? normalize(AlignedText.of(token.content)).text : token.content,
      token,
    ]);
    this.written = new Map(entries.map(([text, { id }]) => [id, text]));
    this.#raw = new Finder(entries.filter(([, { normalized }]) => !normalized));
    this.#normalized = new Finder(entries.filter(([, { normalized }]) => normalized));
  }

  split(text: string): Piece[] {
    return this.#raw
      .split(AlignedText.of(text))
      .flatMap((piece) => (piece.token === undefined ? this.#normalized.split(this.#normalize(piece.text)) : piece));
  }
}

/** Finds the leftmost of some texts, and of those that begin at one place the longest. */
class Finder {
  readonly #byFirst = new Map<number, [text: string, token: AddedToken][]>();

  constructor(entries: readonly [text: string, token: AddedToken][]) {
    for (const entry of [...entries].sort(([a], [b]) => b.length - a.length)) {
      if (entry[0] === "") continue; // a token that normalises to nothing is nowhere
      const first = entry[0].charCodeAt(0);
      const group = this.#byFirst.get(first);
      if (group === undefined) this.#byFirst.set(first, [entry]);
      else group.push(entry);
    }
  }

  split(text: AlignedText): Piece[] {
    const pieces: Piece[] = [];
    let last = 0;
    const add = (begin: number, end: number, token?: AddedToken) => {
      if (begin < end) pieces.push({ text: text.slice(begin, end), token });
      last = end;
    };
    for (const [begin, end, token] of this.#matches(text.text)) {
      if (token.singleWord && touchesWord(text.text, begin, end)) continue;
      const from = token.left ? spacesBegin(text.text, begin, last) : begin;
      const to = token.right ? spacesEnd(text.text, end) : end;
      add(last, from);
      add(Math.max(from, last), to, token);
    }
    add(last, text.length);
    return pieces;
  }

  *#matches(text: string): Generator<[begin: number, end: number, token: AddedToken]> {
    if (this.#byFirst.size === 0) return;
    for (let at = 0; at < text.length; at++) {
      const found = this.#byFirst.get(text.charCodeAt(at))?.find(([content]) => text.startsWith(content, at));
      if (found === undefined) continue;
      const end = at + found[0].length;
      yield [at, end, found[1]];
      at = end - 1;
    }
  }
}

const space = /\p{White_Space}/u;

/** Where the space before `at` begins, but no earlier than `least`. Searched by hand: a pattern that ends in `$` tries every beginning. */
function spacesBegin(text: string, at: number, least: number): number {
  let begin = at;
  while (begin > least && space.test(text[begin - 1]!)) begin--;
  return begin;
}

function spacesEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && space.test(text[end]!)) end++;
  return end;
}

const word = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";
const wordBefore = new RegExp(`${word}$`, "u");
const wordAfter = new RegExp(`^${word}`, "u");

function touchesWord(text: string, begin: number, end: number): boolean {
  return wordBefore.test(text.slice(Math.max(0, begin - 2), begin)) || wordAfter.test(text.slice(end, end + 2));
}
