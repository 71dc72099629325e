import { ConfigError } from "@tenon/tensor";

import { batchesByLength, type Item } from "./batches.ts";
import type { RowFile } from "./row.ts";

/** What turns texts into vectors. */
export interface Embedder {
  /** The ids of a text, the special tokens that the model asks for among them. */
  encode(text: string): readonly number[];
  /** A vector for each of some texts, in their order. */
  embed(batch: readonly Item[]): Promise<readonly Float32Array[]>;
}

/** How lines are embedded. */
export interface EmbedLinesOptions {
  /** The most tokens of one batch, its padding among them. */
  readonly tokens: number;
  /** How many lines are put in order of their lengths at a time, and written together. */
  readonly window: number;
  /** Is told after each batch how many lines are done, in this run and before it, and how many tokens this run has read. */
  readonly onProgress?: ((done: number, tokens: number) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Embeds each line and appends it to a file, in the order of the lines. Those that the file has already are passed over. Lines are taken a window at a time, so the
 * text may be larger than memory, and what is written is always a beginning of the whole.
 *
 * Throws `ConfigError` for a line without a token, and when the text has fewer lines than the file has rows.
 */
export async function embedLines(
  lines: AsyncIterable<string>,
  embedder: Embedder,
  file: RowFile,
  { tokens: budget, window, onProgress, signal }: EmbedLinesOptions,
): Promise<{ readonly lines: number; readonly tokens: number }> {
  let count = 0;
  let tokens = 0;
  let texts: string[] = [];
  const flush = async (): Promise<void> => {
    const first = count - texts.length;
    const ids = texts.map((text, i) => {
      const found = embedder.encode(text);
      if (found.length > 0) return found;
      throw new ConfigError(
        `line ${first + i + 1} has no token that the model knows, so there is nothing to embed. Leave it out.`,
        { line: first + i + 1 },
      );
    });
    const vectors = Array<Float32Array>(texts.length);
    let done = 0;
    for (const batch of batchesByLength(ids, budget)) {
      signal?.throwIfAborted();
      const made = await embedder.embed(batch);
      batch.forEach(({ place }, i) => (vectors[place] = made[i]!));
      done += batch.length;
      tokens += batch.reduce((sum, item) => sum + item.ids.length, 0);
      await onProgress?.(first + done, tokens);
    }
    await file.append(texts.map((text, i) => ({ text, vector: vectors[i]! })));
    texts = [];
  };
  for await (const line of lines) {
    signal?.throwIfAborted();
    count++;
    if (count <= file.rows) continue;
    texts.push(line);
    if (texts.length === window) await flush();
  }
  if (texts.length > 0) await flush();
  if (count < file.rows)
    throw new ConfigError(
      `the text has ${count} lines, but ${file.rows} were embedded before. Go on with the same text, or name another --out.`,
    );
  return { lines: count, tokens };
}
