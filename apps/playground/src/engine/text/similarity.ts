import { Encoder, poolings } from "@tenon/models";
import { sentenceEncoder } from "@tenon/pretrained";
import { ConfigError, ids as idTensor, Scope, tensor } from "@tenon/tensor";

import type { Models } from "../models.ts";
import type { OpenModel } from "../opened-model.ts";
import type { Running } from "../running.ts";
import { readText, tokenizerOf } from "./read-text.ts";

/** How alike sentences are. */
export interface Similarities {
  /** The cosine of sentences i and j stands at i · n + j. */
  readonly cosines: Float64Array;
  /** How a sentence became a vector. */
  readonly pooling: "its own" | "mean";
  readonly width: number;
}

/** How alike the open model finds sentences. */
export class Similarity {
  readonly #models: Models;
  readonly #running: Running;

  constructor(models: Models, running: Running) {
    this.#models = models;
    this.#running = running;
  }

  /**
   * The cosines of the vectors of sentences: as a model of sentence-transformers makes them, and by the mean of the tokens' vectors for any other encoder. Throws `ConfigError` for
   * a model that is none, and for a sentence that it cannot read, saying which.
   */
  compare(sentences: readonly string[]): Promise<Similarities> {
    return this.#running.start(async () => {
      const { current } = this.#models;
      const { model, name } = current;
      if (!(model instanceof Encoder))
        throw new ConfigError(
          `${name} is no encoder, so it gives no vectors of sentences. Open one, such as the story encoder.`,
        );
      const isSentence = model.spec.head?.kind === "sentence";
      const vectors = isSentence ? await ownVectors(current, sentences) : await means(current, model, sentences);
      return {
        cosines: cosinesOf(vectors),
        pooling: isSentence ? "its own" : "mean",
        width: vectors[0]?.length ?? 0,
      };
    });
  }
}

function ownVectors({ pretrained, name }: OpenModel, sentences: readonly string[]): Promise<Float32Array[]> {
  if (pretrained === undefined)
    throw new ConfigError(`${name} came without what says how its sentences are read. Open its whole folder.`);
  const encoder = sentenceEncoder(pretrained);
  return encoder.embed(sentences.map((sentence) => encoder.encode(sentence)));
}

async function means(open: OpenModel, model: Encoder, sentences: readonly string[]): Promise<Float32Array[]> {
  const tokenizer = tokenizerOf(open);
  const rows = sentences.map((sentence, i) => {
    const ids = readText(sentence, tokenizer, true);
    if (ids.length > 0 && ids.length <= model.context) return ids;
    throw new ConfigError(
      ids.length === 0
        ? `Sentence ${i + 1} is empty. Write something, or remove it.`
        : `Sentence ${i + 1} has ${ids.length} tokens, but ${open.name} reads ${model.context} at most. Shorten it.`,
    );
  });
  const { backend, vocabulary } = model;
  const [b, t] = [rows.length, Math.max(...rows.map(({ length }) => length))];
  const padded = rows.flatMap((ids) => [...ids, ...Array<number>(t - ids.length).fill(0)]);
  const real = rows.flatMap((ids) => Array.from({ length: t }, (_, i) => (i < ids.length ? 1 : 0)));
  const lengths = rows.map(({ length }) => length);
  using scope = new Scope();
  const vectors = scope.run(() => {
    const ids = idTensor(padded, [b, t], backend, { limit: vocabulary });
    const x = model.encode(ids, { lengths: tensor(lengths, [b], backend, "i32") }); // [b, t, d]
    return poolings.mean(x, tensor(real, [b, t], backend, "bool")); // [b, d]
  });
  const values = await vectors.read();
  const d = vectors.shape[1]!;
  return rows.map((_, row) => Float32Array.from(values.subarray(row * d, (row + 1) * d)));
}

/** ⟨x, y⟩ / (‖x‖ ‖y‖) in float64, the same for x, y as for y, x. */
function cosinesOf(vectors: readonly Float32Array[]): Float64Array {
  const n = vectors.length;
  const lengths = vectors.map((x) => Math.sqrt(dot(x, x)));
  const cosines = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const cosine = i === j ? 1 : dot(vectors[i]!, vectors[j]!) / (lengths[i]! * lengths[j]! || 1);
      cosines[i * n + j] = cosines[j * n + i] = cosine;
    }
  return cosines;
}

function dot(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
