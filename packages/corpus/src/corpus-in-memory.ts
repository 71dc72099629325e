import { buildShards } from "./build/build-shards.ts";
import { type CorpusOptions, recipeOf } from "./build/corpus-options.ts";
import { Pace } from "./build/pace.ts";
import { Corpus } from "./corpus.ts";
import { ShardsInMemory } from "./read/shard-bytes.ts";
import { ShardList } from "./read/shard-list.ts";
import { readRecords } from "./sources/read-records.ts";
import { bytesOf, type NamedBytes, type SourceFile } from "./sources/source-file.ts";

/**
 * A corpus whose tokens are kept in memory, 2 or 4 bytes each, for pages and for texts that are small. It is made in the background of the same thread, a
 * few milliseconds at a time; of the text, only the document that is being read is in memory.
 *
 * Throws `ConfigError` for options that contradict each other. What is wrong with a source comes to whoever asks the corpus next.
 *
 * @example
 * ```ts
 * const file = new Blob(['{"text": "Mia ran."}\n{"text": "Tom sat."}\n']);
 * const tokenizer = byteTokenizer({ special: { end: "[END]" } });
 * const corpus = corpusInMemory({ sources: jsonLines([file], { text: "text" }), tokenizer, frame: { end: "end" } });
 * const documents = await corpus.documents();
 * const [second] = await documents.read([1]);
 * console.log(documents.length, tokenizer.decode(second!)); // 2 Tom sat.[END]
 * ```
 */
export function corpusInMemory(options: CorpusOptions): Corpus {
  const { onProgress = () => undefined, signal } = options;
  const { sources, encoders, shape, shardTokens } = recipeOf("corpusInMemory", options);
  const list = new ShardList();
  const bytes = new ShardsInMemory();
  const pace = new Pace(onProgress);
  let closed = false;
  let tokens = 0;

  const open = (file: SourceFile): NamedBytes => {
    const found = bytesOf(file);
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of found.bytes()) {
        signal?.throwIfAborted();
        pace.bytes += chunk.length;
        yield chunk;
      }
    };
    return { name: found.name, bytes: counted };
  };
  const make = async (): Promise<void> => {
    const plan = { records: readRecords(sources, open), encoders, shape, shardTokens };
    const { blankAtEnd } = await buildShards(plan, {
      existing: () => undefined,
      save(_, shard, counts) {
        bytes.push(shard);
        list.push(counts);
      },
      tick(now) {
        signal?.throwIfAborted();
        if (closed) throw new Error("closed");
        tokens = now;
        return pace.tick(now);
      },
    });
    pace.report(tokens);
    list.end(blankAtEnd);
  };
  signal?.throwIfAborted();
  signal?.addEventListener("abort", () => list.fail(signal.reason), { once: true });
  void make().catch((error: unknown) => list.fail(error));
  return new Corpus(shape, list, {
    read: (shard, at, count) => bytes.read(shard, at, count),
    close: () => {
      closed = true;
      return bytes.close();
    },
  });
}
