import type { Documents, Pairs } from "./documents.ts";
import { expectInside } from "./expect-inside.ts";
import type { ShardReader } from "./shard-reader.ts";
import { partAt, startsOf } from "./starts.ts";

/** The documents of shards, one behind the other: of each, the text with this number. */
export function documentsOf(shards: readonly ShardReader[], column: number): Documents {
  const starts = startsOf(shards.map(({ counts }) => counts.documents));
  const length = starts.at(-1)!;
  const read = async (index: number): Promise<Int32Array> => {
    expectInside("documents", index, 1, length);
    const at = partAt(starts, index);
    const shard = shards[at]!;
    const [begin, end] = await shard.offsets(column, index - starts[at]!, 1);
    const ids = new Int32Array(end! - begin!);
    await shard.ids(column, begin!, ids.length, ids, 0);
    return ids;
  };
  const lengths = once(async () => {
    const all = new Int32Array(length);
    for (const [at, shard] of shards.entries()) {
      const offsets = await shard.offsets(column, 0, shard.counts.documents);
      for (let i = 0; i < shard.counts.documents; i++) all[starts[at]! + i] = offsets[i + 1]! - offsets[i]!;
    }
    return all;
  });
  return { length, lengths, read: (indices) => Promise.all(Array.from(indices, read)) };
}

/** Both texts of documents that have two. */
export function pairsOf(shards: readonly ShardReader[]): Pairs {
  const [first, second] = [documentsOf(shards, 0), documentsOf(shards, 1)];
  return {
    length: first.length,
    lengths: once(async () => ({ first: await first.lengths(), second: await second.lengths() })),
    read: async (indices) => ({ first: await first.read(indices), second: await second.read(indices) }),
  };
}

/** Does the work at the first call, and again only if it failed. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
