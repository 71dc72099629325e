import type { GgufMetadata, GgufValue } from "@tenon/checkpoint";
import type { Json } from "@tenon/tensor";

import { ggufProblem } from "./gguf-problem.ts";

/** What a token is, by llama.cpp's numbers. */
export const tokenTypes = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** The tokens of a GGUF file and what it says of them, each list checked when it is asked for. */
export class GgufVocabulary {
  readonly file: string;
  readonly tokens: readonly string[];
  /** The place of each token. */
  readonly ids: ReadonlyMap<string, number>;
  /** One of {@link tokenTypes} for each token. */
  readonly types: ArrayLike<number>;
  readonly #metadata: GgufMetadata;

  constructor(metadata: GgufMetadata, file: string) {
    this.#metadata = metadata;
    this.file = file;
    this.tokens = this.strings("tokens");
    this.ids = new Map(this.tokens.map((token, id) => [token, id]));
    if (this.ids.size !== this.tokens.length) {
      const twice = this.tokens.find((token, id) => this.ids.get(token) !== id)!;
      throw ggufProblem(file, "tokenizer.ggml.tokens", "each token once", twice);
    }
    this.types = metadata.has("tokenizer.ggml.token_type")
      ? this.numbers("token_type")
      : new Uint8Array(this.tokens.length).fill(tokenTypes.normal);
  }

  get(key: string): GgufValue | undefined {
    return this.#metadata.get(`tokenizer.ggml.${key}`);
  }

  strings(key: string): readonly string[] {
    const value = this.get(key);
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
    throw this.problem(key, "a list of strings");
  }

  /** A number for each token. */
  numbers(key: string): ArrayLike<number> {
    const value = this.get(key);
    if (typeof value === "object" && !Array.isArray(value) && value.length === this.tokens.length)
      return value as ArrayLike<number>;
    throw this.problem(key, `a list of ${this.tokens.length} numbers, one for each token`);
  }

  flag(key: string, otherwise: boolean): boolean {
    const value = this.get(key) ?? otherwise;
    if (typeof value === "boolean") return value;
    throw this.problem(key, "true or false");
  }

  /** The token whose id a key says, as the tokenizer.json names it; undefined where the key is missing and nothing is taken instead. */
  token(key: string, otherwise?: number): string | undefined {
    const id = this.get(key) ?? otherwise;
    if (id === undefined) return undefined;
    const token = typeof id === "number" ? this.tokens[id] : undefined;
    if (token === undefined) throw this.problem(key, `the id of one of ${this.tokens.length} tokens`);
    return token;
  }

  problem(key: string, expected: string): Error {
    return ggufProblem(this.file, `tokenizer.ggml.${key}`, expected, this.get(key));
  }

  /** Tokens that are found in a text before all others, as `added_tokens` lists them. */
  added(...types: readonly number[]): Json {
    return this.tokens.flatMap((content, id) =>
      types.includes(this.types[id]!)
        ? [
            {
              id,
              content,
              single_word: false,
              lstrip: false,
              rstrip: false,
              normalized: false,
              special: this.types[id] !== tokenTypes.userDefined,
            },
          ]
        : [],
    );
  }

  get vocabulary(): { readonly [token: string]: Json } {
    return Object.fromEntries(this.ids);
  }

  /** A post-processor that puts the tokens of beginning and end around a text; undefined where the file asks for neither. */
  frame(defaults: { readonly beginning: boolean; readonly bos?: number; readonly eos?: number }): Json {
    const begin = this.flag("add_bos_token", defaults.beginning)
      ? this.#required("bos_token_id", defaults.bos)
      : undefined;
    const end = this.flag("add_eos_token", false) ? this.#required("eos_token_id", defaults.eos) : undefined;
    if (begin === undefined && end === undefined) return null;
    const around = (id: string, type_id: number): Json[] => [
      ...(begin === undefined ? [] : [{ SpecialToken: { id: begin, type_id } }]),
      { Sequence: { id, type_id } },
      ...(end === undefined ? [] : [{ SpecialToken: { id: end, type_id } }]),
    ];
    const used = [begin, end].filter((token) => token !== undefined);
    return {
      type: "TemplateProcessing",
      single: around("A", 0),
      pair: [...around("A", 0), ...around("B", 1)],
      special_tokens: Object.fromEntries(used.map((id) => [id, { id, ids: [this.ids.get(id)!], tokens: [id] }])),
    };
  }

  #required(key: string, otherwise: number | undefined): string {
    const token = this.token(key, otherwise);
    if (token === undefined) throw this.problem(key, "the id of the token that is to be put around each text");
    return token;
  }
}
