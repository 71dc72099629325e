import type { TokenSource } from "../token-source.ts";
import { expectInside } from "./expect-inside.ts";
import type { ShardReader } from "./shard-reader.ts";
import { partAt, startsOf } from "./starts.ts";

/** The tokens of shards, one behind the other. */
export function tokensOf(shards: readonly ShardReader[], column: number): TokenSource {
  const starts = startsOf(shards.map(({ counts }) => counts.tokens[column]!));
  const length = starts.at(-1)!;
  return {
    length,
    async read(start, count) {
      expectInside("tokens", start, count, length);
      const ids = new Int32Array(count);
      let shard = partAt(starts, start);
      for (let done = 0; done < count; shard++) {
        const from = start + done - starts[shard]!;
        const most = Math.min(count - done, shards[shard]!.counts.tokens[column]! - from);
        await shards[shard]!.ids(column, from, most, ids, done);
        done += most;
      }
      return ids;
    },
  };
}
