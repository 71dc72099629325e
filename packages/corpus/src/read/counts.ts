import type { ShardCounts } from "../build/shard-writer.ts";

/** What a corpus has, all shards together. */
export interface CorpusCounts {
  readonly documents: number;
  /** Documents that were passed over, since one of their texts was blank or has no tokens. */
  readonly blank: number;
  /** For each of the texts of a document: one number, or two for pairs. */
  readonly tokens: readonly number[];
  /** UTF-16 code units, for each of the texts of a document. */
  readonly characters: readonly number[];
  readonly shards: number;
}

/** The sums over all shards. */
export function countsOf(shards: readonly ShardCounts[], blankAtEnd: number, columns: number): CorpusCounts {
  const sum = (count: (shard: ShardCounts) => number): number => shards.reduce((all, shard) => all + count(shard), 0);
  const each = (name: "tokens" | "characters"): number[] =>
    Array.from({ length: columns }, (_, column) => sum((shard) => shard[name][column]!));
  return {
    documents: sum(({ documents }) => documents),
    blank: sum(({ blank }) => blank) + blankAtEnd,
    tokens: each("tokens"),
    characters: each("characters"),
    shards: shards.length,
  };
}
