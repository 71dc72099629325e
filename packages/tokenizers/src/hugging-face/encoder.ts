import { ConfigError } from "@tenon/tensor";
import { checkKeys, kindOf } from "../check.ts";
import { type Encoding, type EncodingOptions, toEncoding } from "./encoding.ts";
import type { AddedTokens } from "./frame/added-tokens.ts";
import { readPadding } from "./frame/padding.ts";
import { none, type PostProcessor, readPostProcessor } from "./frame/post-processor.ts";
import type { Token } from "./frame/token.ts";
import { readTruncation } from "./frame/truncation.ts";
import { type Json, refuse, wrong } from "./json.ts";
import type { Model } from "./model/model.ts";
import type { Names } from "./names.ts";
import { readPreTokenizer } from "./split/pre-tokenizer.ts";

/** A text, or a pair of them. */
export type Texts = string | readonly [first: string, second: string];

/** The way from texts to ids. */
export interface Encoder {
  encode(text: string): number[];
  encodings(texts: readonly Texts[], options?: EncodingOptions): Encoding[];
  readonly frame: PostProcessor["frame"];
  readonly paddingId: number | undefined;
}

/** Puts the way together: find added tokens and normalise, cut, tokenise; then truncate, frame and pad. */
export function readEncoder(root: Json, model: Model, added: AddedTokens, names: Names): Encoder {
  const preTokenize = root.part("pre_tokenizer", readPreTokenizer) ?? ((piece) => [piece]);
  const postProcessor = root.part("post_processor", readPostProcessor) ?? none;
  const truncate = root.part("truncation", readTruncation);
  const padding = root.part("padding", readPadding);
  checkFrame(postProcessor, names);
  if (padding !== undefined && !names.has(padding.id)) throw wrong("padding.pad_id", "the id of a token", padding.id);

  const tokenize = (text: string, source: 0 | 1): Token[] => {
    if (typeof text !== "string") throw new ConfigError(`a text is a string, got ${kindOf(text)}`, { got: text });
    const common = { segment: source, source, padding: false };
    return added.split(text.toWellFormed()).flatMap(({ text: piece, token }): Token[] => {
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

  const frame = (texts: readonly string[], { special = true, truncate: short = false }: EncodingOptions): Token[] => {
    if (texts.length < 1 || texts.length > 2) {
      throw new ConfigError(`an encoding is of one text or a pair of texts, got ${texts.length}`, { got: texts });
    }
    let sequences: readonly (readonly Token[])[] = texts.map((text, index) => tokenize(text, index === 0 ? 0 : 1));
    if (short) {
      if (truncate === undefined) throw absent("truncate", "truncation");
      const around = sequences.length === 2 ? postProcessor.frame.pair : postProcessor.frame.single;
      sequences = truncate(sequences, special ? around.length - sequences.length : 0);
    }
    return postProcessor.process(sequences, special).flat();
  };

  return {
    encode: (text) => tokenize(text, 0).map(({ id }) => id),
    encodings(texts, options = {}) {
      checkKeys(options, ["special", "truncate", "pad"], "encoding");
      const lists = texts.map((one) => [one].flat());
      let framed: readonly (readonly Token[])[] = lists.map((list) => frame(list, options));
      if (options.pad === true) {
        if (padding === undefined) throw absent("pad", "padding");
        framed = padding.pad(framed);
      }
      return framed.map((tokens, index) => toEncoding(tokens, lists[index]!));
    },
    frame: postProcessor.frame,
    paddingId: padding?.id,
  };
}

function checkFrame({ frame }: PostProcessor, names: Names): void {
  for (const id of [...frame.single, ...frame.pair]) {
    if (id === undefined || names.has(id)) continue;
    throw refuse("post_processor", `puts the id ${id} around texts`, "no token has it");
  }
}

function absent(option: string, key: string): ConfigError {
  return new ConfigError(
    `${option} does what ${key} of tokenizer.json says, but it says nothing; leave the option out`,
    { key },
  );
}
