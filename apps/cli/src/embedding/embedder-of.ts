import { poolings, type PoolingName } from "@tenon/models";
import { ConfigError, ids as idTensor, Scope, tensor } from "@tenon/tensor";

import { isHuggingFace } from "../generation/prompt.ts";
import type { LoadedEncoder } from "../model/load-kind.ts";
import type { Item } from "./batches.ts";
import type { Embedder } from "./embed-lines.ts";

/** How texts become vectors, where the model does not say it itself. */
export interface EmbedderOptions {
  readonly pooling?: PoolingName | undefined;
  readonly prompt?: string | undefined;
}

/**
 * What embeds with a model: as sentence-transformers does, for a model with a head for sentences; else by a pooling of the tokens' vectors, which has to be chosen. Throws
 * `ConfigError` when it is not, and for a pooling or a prompt that does not fit the model.
 */
export async function embedderOf(
  loaded: LoadedEncoder,
  { pooling, prompt }: EmbedderOptions,
): Promise<Embedder & { readonly width: number }> {
  const { path, model, pretrained } = loaded;
  if (pretrained !== undefined && model.spec.head?.kind === "sentence") {
    if (pooling !== undefined)
      throw new ConfigError(`${path} says itself how it makes a vector of a text. Leave --pooling out.`, { path });
    const { sentenceEncoder } = await import("@tenon/pretrained");
    const encoder = sentenceEncoder(pretrained);
    return {
      width: sentenceWidth(loaded),
      encode: (text) => encoder.encode(text, { prompt }),
      embed: (batch) => encoder.embed(batch.map(({ ids }) => ids)),
    };
  }
  if (prompt !== undefined)
    throw new ConfigError(
      `${path} has no prompts: these are of sentence-transformers. Leave --prompt out, and write it into the lines.`,
      { path },
    );
  if (pooling === undefined) {
    throw new ConfigError(
      `${path} gives a vector for each token, and does not say how these become one for a text. Say it with --pooling mean, first, max or last.`,
      { path },
    );
  }
  return {
    width: model.spec.width,
    encode: (text) => idsOf(text, loaded),
    embed: (batch) => pooled(loaded, pooling, batch),
  };
}

function sentenceWidth({ model }: LoadedEncoder): number {
  const layers = (model.spec.head?.["layers"] ?? []) as unknown as readonly { readonly width: number }[];
  return layers.at(-1)?.width ?? model.spec.width;
}

/** The ids of a text. Throws `ConfigError` for one that is longer than the model can read. */
function idsOf(text: string, { path, tokenizer, model }: LoadedEncoder): readonly number[] {
  const ids = isHuggingFace(tokenizer) ? tokenizer.encoding(text).ids : tokenizer.encode(text);
  if (ids.length <= model.context) return ids;
  throw new ConfigError(
    `the line ${JSON.stringify(`${text.slice(0, 40)}…`)} has ${ids.length} tokens, but ${path} reads ${model.context} at most. Divide it.`,
    { tokens: ids.length, context: model.context },
  );
}

async function pooled({ model }: LoadedEncoder, pooling: PoolingName, batch: readonly Item[]): Promise<Float32Array[]> {
  const { backend, vocabulary } = model;
  const [b, t] = [batch.length, Math.max(...batch.map(({ ids }) => ids.length))];
  const ids = batch.flatMap((item) => [...item.ids, ...Array<number>(t - item.ids.length).fill(0)]);
  const real = batch.flatMap((item) => Array.from({ length: t }, (_, i) => (i < item.ids.length ? 1 : 0)));
  using scope = new Scope();
  const vectors = scope.run(() => {
    const lengths = tensor(
      batch.map((item) => item.ids.length),
      [b],
      backend,
      "i32",
    );
    const x = model.encode(idTensor(ids, [b, t], backend, { limit: vocabulary }), { lengths });
    return poolings[pooling](x, tensor(real, [b, t], backend, "bool"));
  });
  const values = await vectors.read();
  const width = model.spec.width;
  return batch.map((_, row) => Float32Array.from(values.subarray(row * width, (row + 1) * width)));
}
