import type { Specials } from "../special.ts";

/**
 * A `tokenizer.json` of Hugging Face `tokenizers`, version 1.0, as plain data: `JSON.stringify` it and the Python library, the
 * transformers of both languages and Tenon read it.
 *
 * @example
 * ```ts
 * const file: TokenizerFile = await trainBytePairs(["low lower lowest"], { maximumSize: 260, special: { end: "<|end|>" } });
 * console.log(file.version, file.model.type, file.added_tokens[0].content); // 1.0 BPE <|end|>
 * ```
 */
export interface TokenizerFile<M extends TokenizerModel = TokenizerModel> {
  readonly version: "1.0";
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: TokenizerStep | null;
  readonly pre_tokenizer: TokenizerStep;
  readonly post_processor: TokenizerStep;
  readonly decoder: TokenizerStep;
  readonly model: M;
}

/** A special token as `tokenizer.json` describes it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: false;
  readonly lstrip: false;
  readonly rstrip: false;
  readonly normalized: false;
  readonly special: true;
}

/** A step before or after the model, by the name of its type and with its settings. */
export interface TokenizerStep {
  readonly type: string;
  readonly [setting: string]: unknown;
}

/** What {@link trainBytePairs} makes. */
export interface BytePairModel {
  readonly type: "BPE";
  readonly dropout: null;
  readonly unk_token: null;
  readonly continuing_subword_prefix: null;
  readonly end_of_word_suffix: null;
  readonly fuse_unk: false;
  readonly byte_fallback: false;
  readonly ignore_merges: false;
  /** The id of each token. */
  readonly vocab: Readonly<Record<string, number>>;
  /** The pairs in the order in which an encoder merges them. */
  readonly merges: readonly (readonly [left: string, right: string])[];
}

/** What {@link trainWordPieces} makes. */
export interface WordPieceModel {
  readonly type: "WordPiece";
  readonly unk_token: string;
  readonly continuing_subword_prefix: string;
  readonly max_input_chars_per_word: number;
  /** The id of each token. */
  readonly vocab: Readonly<Record<string, number>>;
}

/** What {@link trainUnigram} makes. */
export interface UnigramModel {
  readonly type: "Unigram";
  readonly unk_id: number;
  /** The pieces in the order of their ids, each with the natural logarithm of its probability; 0 for special tokens. */
  readonly vocab: readonly (readonly [piece: string, logProbability: number])[];
  readonly byte_fallback: false;
}

export type TokenizerModel = BytePairModel | WordPieceModel | UnigramModel;

/** The file around a model whose first ids are those of the special tokens. */
export function tokenizerFile<M extends TokenizerModel>(
  specials: Specials,
  steps: Pick<TokenizerFile, "normalizer" | "pre_tokenizer" | "post_processor" | "decoder">,
  model: M,
): TokenizerFile<M> {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.list.map(({ token }, id) => ({
      id,
      content: token,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: steps.normalizer,
    pre_tokenizer: steps.pre_tokenizer,
    post_processor: steps.post_processor,
    decoder: steps.decoder,
    model,
  };
}

/** The vocabulary of a file: token to id. */
export function vocabularyOf(tokens: readonly string[]): Record<string, number> {
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

/**
 * A post-processor that puts special tokens around one text, `A`, and around two; roles that the tokens lack are left out. Where none is
 * left it says what having no post-processor means, since the JavaScript library would lose the second text.
 */
export function template(
  specials: Specials,
  single: readonly string[],
  pair: readonly (readonly [part: string, type: number])[],
): TokenizerStep {
  const ids = new Map(specials.list.map(({ role, token }, id) => [role, { id, token }]));
  const used = [...ids].filter(([role]) => single.includes(role));
  const step = (part: string, type: number): object[] => {
    if (part === "A" || part === "B") return [{ Sequence: { id: part, type_id: type } }];
    const special = ids.get(part);
    return special === undefined ? [] : [{ SpecialToken: { id: special.token, type_id: type } }];
  };
  return {
    type: "TemplateProcessing",
    single: single.flatMap((part) => step(part, 0)),
    pair: pair.flatMap(([part, type]) => step(part, type)),
    special_tokens: Object.fromEntries(
      used.map(([, { id, token }]) => [token, { id: token, ids: [id], tokens: [token] }]),
    ),
  };
}
