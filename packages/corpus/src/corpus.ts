import { ConfigError } from "@tenon/tensor";

import type { ShardShape } from "./build/shard-layout.ts";
import { countsOf, type CorpusCounts } from "./read/counts.ts";
import type { Documents, Pairs } from "./read/documents.ts";
import type { ShardBytes } from "./read/shard-bytes.ts";
import { documentsOf, pairsOf } from "./read/shard-documents.ts";
import type { ShardList } from "./read/shard-list.ts";
import { ShardReader } from "./read/shard-reader.ts";
import { tokensOf } from "./read/shard-tokens.ts";
import type { TokenSource } from "./token-source.ts";

/**
 * Texts as token ids, perhaps still in the making: what is asked for and not yet there is waited for, and an error of the making comes to whoever asks next.
 * Get one from `corpusInMemory`, or from `openCorpus` of `@tenon/corpus/node`.
 *
 * @example
 * ```ts
 * const sources = textFiles([new Blob(["one\ntwo\n"])], "lines");
 * const corpus = corpusInMemory({ sources, tokenizer: byteTokenizer() });
 * console.log((await corpus.counts()).tokens); // [ 6 ]
 * const tokens = await corpus.tokens();
 * console.log(await tokens.read(2, 2)); // Int32Array(2) [ 101, 116 ]
 * ```
 */
export class Corpus {
  readonly #shape: ShardShape;
  readonly #list: ShardList;
  readonly #bytes: ShardBytes;

  /** @internal */
  constructor(shape: ShardShape, list: ShardList, bytes: ShardBytes) {
    this.#shape = shape;
    this.#list = list;
    this.#bytes = bytes;
  }

  /** The tokens of one shard, as soon as it is done; undefined behind the last. Where shards end depends on the texts alone. */
  async shard(index: number, column = 0): Promise<TokenSource | undefined> {
    this.#expectColumn(column);
    const counts = await this.#list.at(index);
    return counts && tokensOf([new ShardReader(this.#bytes, index, this.#shape, counts)], column);
  }
  /** All tokens, when all are there: of the first text of each document, or of the second. */
  async tokens(column = 0): Promise<TokenSource> {
    this.#expectColumn(column);
    return tokensOf(await this.#readers(), column);
  }
  /** All documents, when all are there: their first texts, or their second. */
  async documents(column = 0): Promise<Documents> {
    this.#expectColumn(column);
    return documentsOf(await this.#readers(), column);
  }
  /** All pairs, when all are there. Throws `ConfigError` if documents have one text. */
  async pairs(): Promise<Pairs> {
    if (this.#shape.widths.length !== 2) {
      throw new ConfigError(
        "this corpus has no pairs: its documents have one text. Make it of parallelText, or of jsonLines with two keys.",
      );
    }
    return pairsOf(await this.#readers());
  }
  /** The labels of all documents: numbers, or places in the list of classes. Throws `ConfigError` if they have none. */
  async labels(): Promise<Float32Array> {
    if (!this.#shape.labels) {
      throw new ConfigError("this corpus has no labels. Make it of jsonLines with a label.");
    }
    return joined(Float32Array, await this.#readers(), (shard) => shard.labels());
  }
  /** A hash of the text of each document, the same for equal documents. {@link splitByHash} divides by it. */
  async hashes(): Promise<Uint32Array> {
    return joined(Uint32Array, await this.#readers(), (shard) => shard.hashes());
  }
  /** What there is, when all is there. */
  async counts(): Promise<CorpusCounts> {
    return countsOf(await this.#list.all(), await this.#list.blankAtEnd(), this.#shape.widths.length);
  }
  /** Ends the making and closes files: call it when done, since Node warns of files that are left open. Whoever asks for something afterwards gets an error. */
  async close(): Promise<void> {
    this.#list.fail(new ConfigError("the corpus is closed"));
    await this.#bytes.close();
  }

  #expectColumn(column: number): void {
    const columns = this.#shape.widths.length;
    if (Number.isInteger(column) && column >= 0 && column < columns) return;
    throw new ConfigError(
      `the texts of a document have the numbers ${columns === 1 ? "0" : "0 and 1"} in this corpus, got ${column}`,
      { column },
    );
  }
  async #readers(): Promise<ShardReader[]> {
    return (await this.#list.all()).map((counts, index) => new ShardReader(this.#bytes, index, this.#shape, counts));
  }
}

/** One array of all shards. */
async function joined<A extends Uint32Array | Float32Array>(
  Kind: new (length: number) => A,
  shards: readonly ShardReader[],
  read: (shard: ShardReader) => Promise<A>,
): Promise<A> {
  const all = new Kind(shards.reduce((sum, { counts }) => sum + counts.documents, 0));
  let at = 0;
  for (const shard of shards) {
    all.set(await read(shard), at);
    at += shard.counts.documents;
  }
  return all;
}
