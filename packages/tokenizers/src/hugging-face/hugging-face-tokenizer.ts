import { ConfigError } from "@tenon/tensor";
import { kindOf } from "../check.ts";
import { decodeAll } from "../decode-all.ts";
import type { TokenDecoder, Tokenizer } from "../tokenizer.ts";
import { readDecoder, spaced } from "./decode/decoder.ts";
import { type Encoding, type EncodingOptions, toEncoding } from "./encoding.ts";
import { AddedTokens, readAddedTokens } from "./frame/added-tokens.ts";
import { readPadding } from "./frame/padding.ts";
import { none, readPostProcessor } from "./frame/post-processor.ts";
import type { Token } from "./frame/token.ts";
import { readTruncation } from "./frame/truncation.ts";
import { type HuggingFaceJson, Json, refuse, wrong } from "./json.ts";
import { readModel } from "./model/model.ts";
import { Names } from "./names.ts";
import { readNormalizer } from "./normalize/normalizer.ts";
import { pieceOf } from "./pieces.ts";
import { readRoles, toTokensMap } from "./roles.ts";
import { readPreTokenizer } from "./split/pre-tokenizer.ts";
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
  encoding(text: string | readonly [first: string, second: string], options?: EncodingOptions): Encoding;
  /** Several texts or pairs; `pad` brings them to one length. */
  encodings(
    texts: readonly (string | readonly [first: string, second: string])[],
    options?: EncodingOptions,
  ): Encoding[];
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
 * `classification`, `separator`. Without it there are those roles that tokenizer.json shows by itself. `toJSON` adds them under the key
 * `special_tokens_map`, which the library `tokenizers` passes over.
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
  const part = <T>(key: string, read: (json: Json) => T): T | undefined =>
    root.has(key) ? read(root.object(key)) : undefined;

  const model = readModel(root.object("model"));
  const added = readAddedTokens(root, model.ids);
  const names = new Names(model.ids, added);
  const finder = new AddedTokens(added, part("normalizer", readNormalizer) ?? ((text) => text));
  const preTokenize = part("pre_tokenizer", readPreTokenizer) ?? ((piece) => [piece]);
  const postProcessor = part("post_processor", readPostProcessor) ?? none;
  const truncate = part("truncation", readTruncation);
  const padding = part("padding", readPadding);
  const makeStep = part("decoder", readDecoder) ?? spaced;
  for (const id of [...postProcessor.frame.single, ...postProcessor.frame.pair]) {
    if (id !== undefined && !names.has(id))
      throw refuse("post_processor", `puts the id ${id} around texts`, "no token has it");
  }
  if (padding !== undefined && !names.has(padding.id)) throw wrong("padding.pad_id", "the id of a token", padding.id);
  const isWordPiece = wordTest(root);
  const special = readRoles(config ?? root.value("special_tokens_map"), names, postProcessor.frame, {
    unknown: model.unknown,
    pad: padding?.id,
  });

  const tokenize = (text: string, source: 0 | 1): Token[] => {
    if (typeof text !== "string") throw new ConfigError(`a text is a string, got ${kindOf(text)}`, { got: text });
    const common = { segment: source, source, padding: false };
    return finder.split(text.toWellFormed()).flatMap(({ text: piece, token }): Token[] => {
      if (token !== undefined) {
        const [begin, end] = piece.span(0, piece.length);
        return [{ id: token.id, text: piece.text, begin, end, ...common }];
      }
      return preTokenize(piece).flatMap((word) =>
        model.tokenize(word.text).map(({ id, ...place }): Token => {
          const [begin, end] = word.span(place.begin, place.end);
          return { id, text: names.token(id), begin, end, ...common };
        }),
      );
    });
  };

  const frame = (texts: string | readonly [string, string], options: EncodingOptions): Token[] => {
    const withSpecial = options.special ?? true;
    let sequences: readonly (readonly Token[])[] = (typeof texts === "string" ? [texts] : texts).map((text, index) =>
      tokenize(text, index === 0 ? 0 : 1),
    );
    if (sequences.length < 1 || sequences.length > 2) {
      throw new ConfigError(`an encoding is of one text or a pair of texts, got ${sequences.length}`, { got: texts });
    }
    if (options.truncate === true) {
      if (truncate === undefined) throw absent("truncate", "truncation");
      const around = sequences.length === 2 ? postProcessor.frame.pair : postProcessor.frame.single;
      sequences = truncate(sequences, withSpecial ? around.length - sequences.length : 0);
    }
    return postProcessor.process(sequences, withSpecial).flat();
  };

  const encodings: HuggingFaceTokenizer["encodings"] = (texts, options = {}) => {
    let framed: readonly (readonly Token[])[] = texts.map((text) => frame(text, options));
    if (options.pad === true) {
      if (padding === undefined) throw absent("pad", "padding");
      framed = padding.pad(framed);
    }
    return framed.map((tokens, index) => toEncoding(tokens, [texts[index]!].flat()));
  };

  const decoder: HuggingFaceTokenizer["decoder"] = (after = [], { skipSpecial = false } = {}) => {
    const step = makeStep();
    const push = (id: number): string => {
      const token = names.token(id);
      return skipSpecial && names.isSpecial(id) ? "" : step.push(finder.written.get(id) ?? token).join("");
    };
    for (const id of after) push(id);
    return { push, end: () => step.end().join("") };
  };

  const pieces = (): (string | Uint8Array | undefined)[] => {
    const write = pieceOf(root.has("decoder") ? root.object("decoder") : undefined);
    return Array.from({ length: names.size }, (_, id) =>
      !names.has(id) || names.isSpecial(id) ? undefined : write(names.token(id)),
    );
  };

  let written: readonly (string | Uint8Array | undefined)[] | undefined;
  return {
    kind: "hugging-face",
    size: names.size,
    special,
    encode: (text) => tokenize(text, 0).map(({ id }) => id),
    encoding: (texts, options) => encodings([texts], options)[0]!,
    encodings,
    decode: (ids, options) => decodeAll(decoder([], options), ids),
    decoder,
    token: (id) => names.token(id),
    id: (token) => names.id(token),
    isSpecial: (id) => names.isSpecial(id),
    isWord: (id) => !names.isSpecial(id) && isWordPiece(names.token(id)),
    pieces: () => (written ??= pieces()),
    toJSON: () => ({ ...(tokenizer as HuggingFaceJson), special_tokens_map: toTokensMap(special, names) }),
  };
}

function absent(option: string, key: string): ConfigError {
  return new ConfigError(
    `${option} does what ${key} of tokenizer.json says, but it says nothing; leave the option out`,
    { key },
  );
}
