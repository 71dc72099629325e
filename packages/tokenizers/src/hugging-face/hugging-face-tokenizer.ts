import { checkKeys } from "../check.ts";
import { decodeAll } from "../decode-all.ts";
import type { TokenDecoder, Tokenizer } from "../tokenizer.ts";
import { readDecoder, spaced } from "./decode/decoder.ts";
import { readEncoder, type Texts } from "./encoder.ts";
import type { Encoding, EncodingOptions } from "./encoding.ts";
import { AddedTokens, addedTokensToJson, readAddedTokens } from "./frame/added-tokens.ts";
import { type HuggingFaceJson, Json, wrong } from "./json.ts";
import { readModel } from "./model/model.ts";
import { Names } from "./names.ts";
import { readNormalizer } from "./normalize/normalizer.ts";
import { pieceOf } from "./pieces.ts";
import { idsByRole, withRoles } from "./roles.ts";
import { wordTest } from "./word.ts";

/** A tokenizer made from tokenizer.json. It does what each {@link Tokenizer} does, and frames texts as its model was trained to read them. */
export interface HuggingFaceTokenizer extends Tokenizer {
  readonly kind: "hugging-face";
  /** The ids of the text alone, without the special tokens of the post-processor: those come with {@link encoding}. */
  encode(text: string): number[];
  /** The text of ids; `skipSpecial` leaves special tokens out. */
  decode(ids: Iterable<number>, options?: { readonly skipSpecial?: boolean }): string;
  decoder(after?: Iterable<number>, options?: { readonly skipSpecial?: boolean }): TokenDecoder;
  /** A text, or two, as the model reads them: ids with the special tokens, segments, and where each token stands in the text. */
  encoding(texts: Texts, options?: EncodingOptions): Encoding;
  /** Several texts or pairs; `pad` brings them to one length. */
  encodings(texts: readonly Texts[], options?: EncodingOptions): Encoding[];
  /** Stands the token for something other than text? */
  isSpecial(id: number): boolean;
  pieces(): readonly (string | Uint8Array | undefined)[];
  toJSON(): HuggingFaceJson;
}

/**
 * The tokenizer that a Hugging Face tokenizer.json describes: byte-level, byte-fallback and other byte-pair encodings, WordPiece, Unigram and
 * WordLevel, with their normalisers, pre-tokenisers, post-processors and decoders. Ids, offsets and texts are those of the library `tokenizers`,
 * except that offsets count UTF-16 code units, as JavaScript does. Unicode facts (letters, small letters, normal forms) are those of the
 * JavaScript engine, so characters younger than either side knows may differ.
 *
 * `config` is tokenizer_config.json or special_tokens_map.json, which name the roles of special tokens: `pad`, `mask`, `unknown`, `begin`, `end`,
 * `classification`, `separator`. Without it there are those roles that tokenizer.json shows by itself. `toJSON` notes them in
 * `added_tokens`, in a key that the library `tokenizers` passes over.
 *
 * Throws `ConfigError` for a file that is damaged, and for one that asks for what is not known here; each names the key. Regular expressions
 * run as they are given: take files from those whom you trust with your time.
 *
 * @example
 * ```ts
 * const tokenizer = huggingFaceTokenizer({
 *   version: "1.0",
 *   added_tokens: [{ id: 3, content: "[SEP]", special: true, normalized: false }],
 *   normalizer: { type: "Lowercase" },
 *   pre_tokenizer: { type: "Whitespace" },
 *   post_processor: {
 *     type: "TemplateProcessing",
 *     single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } }],
 *     pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
 *     special_tokens: { "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] } },
 *   },
 *   model: { type: "WordLevel", vocab: { "[UNK]": 0, mia: 1, ran: 2 }, unk_token: "[UNK]" },
 * });
 * console.log(tokenizer.encode("Mia ran")); // [ 1, 2 ]
 * const { ids, offsets } = tokenizer.encoding("Mia ran");
 * console.log(ids, offsets[1]); // [ 1, 2, 3 ] [ 4, 7 ]
 * ```
 */
export function huggingFaceTokenizer(tokenizer: unknown, config?: unknown): HuggingFaceTokenizer {
  const root = new Json(tokenizer, "");
  if (root.value("version") !== "1.0")
    throw wrong("version", '"1.0", the only version there is', root.value("version"));
  const model = readModel(root.object("model"));
  const tokens = withRoles(config, readAddedTokens(root, model.ids), model.ids);
  const names = new Names(model.ids, tokens);
  const added = new AddedTokens(tokens, root.part("normalizer", readNormalizer) ?? ((text) => text));
  const encoder = readEncoder(root, model, added, names);
  const makeStep = root.part("decoder", readDecoder) ?? spaced;
  const isWordPiece = wordTest(root);
  const special = idsByRole(tokens, { frame: encoder.frame, unknown: model.unknown, pad: encoder.paddingId });

  const writtenAs = (id: number): string => {
    const token = names.token(id);
    return added.written.get(id) ?? token;
  };

  const decoder: HuggingFaceTokenizer["decoder"] = (after = [], options = {}) => {
    checkKeys(options, ["skipSpecial"], "decoder");
    const step = makeStep();
    const push = (id: number): string => {
      const token = writtenAs(id);
      return options.skipSpecial === true && names.isSpecial(id) ? "" : step.push(token).join("");
    };
    for (const id of after) push(id);
    return { push, end: () => step.end().join("") };
  };

  let pieces: readonly (string | Uint8Array | undefined)[] | undefined;
  const makePieces = (): (string | Uint8Array | undefined)[] => {
    const write = pieceOf(root.has("decoder") ? root.object("decoder") : undefined);
    return Array.from({ length: names.size }, (_, id) =>
      !names.has(id) || names.isSpecial(id) ? undefined : write(writtenAs(id)),
    );
  };

  return {
    kind: "hugging-face",
    size: names.size,
    special,
    encode: (text) => encoder.encode(text),
    encoding: (texts, options) => encoder.encodings([texts], options)[0]!,
    encodings: (texts, options) => encoder.encodings(texts, options),
    decode: (ids, options) => decodeAll(decoder([], options), ids),
    decoder,
    token: (id) => names.token(id),
    id: (token) => names.id(token),
    isSpecial: (id) => names.isSpecial(id),
    isWord: (id) => isWordPiece(names.token(id)) && !names.isSpecial(id),
    pieces: () => (pieces ??= makePieces()),
    toJSON: () => ({ ...(tokenizer as HuggingFaceJson), added_tokens: addedTokensToJson(tokens) }),
  };
}
