import { Encoder } from "@tenon/models";
import { ConfigError, ids as idTensor, Scope, tensor } from "@tenon/tensor";

import type { Pretrained } from "../pretrained.ts";

/** How texts are embedded. */
export interface EmbedTextsOptions {
  /** What the texts are for, by the name of a prompt of the model, such as "query". Default: its default prompt, if it has one. */
  readonly prompt?: string | undefined;
}

/**
 * A vector for each text, by a model of sentence-transformers: what `encode` of that library gives. Texts that are longer than the model reads are cut, as there. All
 * are computed together, so give as many at a time as the memory has room for, best of similar lengths.
 *
 * Throws `ConfigError` for a model without a "sentence" head or a tokenizer, and for a prompt that it does not have.
 *
 * @example
 * ```ts
 * const model = assemble(gpt3({ vocabulary: 9, context: 4, width: 4, layers: 1, heads: 1 }));
 * const problem = await embedTexts({ model }, ["a"]).catch((error: Error) => error.message);
 * console.log(problem); // embedTexts() takes a model with a "sentence" head, such as those of sentence-transformers; this is a decoder
 * ```
 */
export async function embedTexts(
  loaded: Pick<Pretrained, "model" | "tokenizer" | "sentences">,
  texts: readonly string[],
  options: EmbedTextsOptions = {},
): Promise<Float32Array[]> {
  const encoder = sentenceEncoder(loaded);
  return texts.length === 0 ? [] : encoder.embed(texts.map((text) => encoder.encode(text, options)));
}

/** The two halves of {@link embedTexts}. */
export interface SentenceEncoder {
  /** The ids of a text, as the model reads it. */
  encode(text: string, options?: EmbedTextsOptions): readonly number[];
  /** The vectors of some texts, by their ids. */
  embed(ids: readonly (readonly number[])[]): Promise<Float32Array[]>;
}

/** {@link embedTexts} in two steps: ids first, so that texts of similar lengths can be put together. Throws as it does. */
export function sentenceEncoder({
  model,
  tokenizer,
  sentences = {},
}: Pick<Pretrained, "model" | "tokenizer" | "sentences">): SentenceEncoder {
  if (!(model instanceof Encoder) || model.spec.head?.kind !== "sentence") {
    const what =
      model instanceof Encoder
        ? `an encoder with a head of the kind "${model.spec.head?.kind ?? "masked-language"}"`
        : `a ${model.spec.kind}`;
    throw new ConfigError(
      `embedTexts() takes a model with a "sentence" head, such as those of sentence-transformers; this is ${what}`,
    );
  }
  if (tokenizer === undefined)
    throw new ConfigError("embedTexts() takes a model with a tokenizer: its folder has no tokenizer.json");
  const { prompts = {}, defaultPrompt, lowerCase } = sentences;
  return {
    encode(text, { prompt = defaultPrompt } = {}) {
      const before = prompt === undefined ? "" : prompts[prompt];
      if (before === undefined) {
        const known = Object.keys(prompts);
        throw new ConfigError(
          `this model has no prompt "${prompt}"; it has ${known.length > 0 ? known.join(", ") : "none"}`,
          { prompt },
        );
      }
      const said = before + text;
      return tokenizer.encoding(lowerCase === true ? said.toLowerCase() : said, { truncate: true }).ids;
    },
    async embed(rows) {
      const longest = rows.reduce((most, { length }) => Math.max(most, length), 0);
      const padded = rows.flatMap((row) => [...row, ...Array<number>(longest - row.length).fill(0)]);
      using scope = new Scope();
      const vectors = scope.run(() =>
        model.forward(idTensor(padded, [rows.length, longest], model.backend, { limit: model.vocabulary }), {
          lengths: tensor(
            rows.map(({ length }) => length),
            [rows.length],
            model.backend,
            "i32",
          ),
        }),
      );
      const values = await vectors.read();
      const width = vectors.shape[1]!;
      return rows.map((_, row) => Float32Array.from(values.subarray(row * width, (row + 1) * width)));
    },
  };
}
