import type { TextRecord } from "../sources/read-records.ts";
import { encodeNumbered, type Encoder } from "./frame.ts";
import type { ShardShape } from "./shard-layout.ts";
import { type ShardCounts, ShardWriter } from "./shard-writer.ts";

/** What shards are built from. */
export interface ShardPlan {
  readonly records: AsyncIterable<TextRecord>;
  /** One for each text of a document. */
  readonly encoders: readonly Encoder[];
  readonly shape: ShardShape;
  /** A shard ends with the first document that brings it to so many tokens. */
  readonly shardTokens: number;
  /** How many shards there will be, where that is known: reading then ends with the last one that is missing. */
  readonly shards?: number | undefined;
}

/** Where shards go. */
export interface ShardSink {
  /** What is already there of the shard with this number: its documents are read past. */
  existing(index: number): ShardCounts | undefined;
  save(index: number, bytes: Uint8Array<ArrayBuffer>, counts: ShardCounts): Promise<void> | void;
  /** Called after each document with the tokens of this run so far; what it gives is waited for. */
  tick(tokens: number): Promise<void> | undefined;
}

/** Builds all shards that are not there, in order; gives the number of shards and of the blank documents behind the last. */
export async function buildShards(plan: ShardPlan, sink: ShardSink): Promise<{ shards: number; blankAtEnd: number }> {
  const records = plan.records[Symbol.asyncIterator]();
  const writer = new ShardWriter(plan.shape, plan.shardTokens);
  let [number, tokens, index, past] = [0, 0, 0, 0];
  try {
    for (; ; index++) {
      if (index === plan.shards) return { shards: index, blankAtEnd: 0 };
      const found = sink.existing(index);
      if (found !== undefined) {
        past += found.documents + found.blank;
        continue;
      }
      for (; past > 0; past--, number++) await records.next();
      let ended = false;
      while (!writer.isFull) {
        const next = await records.next();
        if (next.done === true) {
          ended = true;
          break;
        }
        const { texts, label } = next.value;
        number++;
        const ids = texts.includes("")
          ? []
          : texts.map((text, column) => encodeNumbered(plan.encoders[column]!, text, number));
        if (ids.length === 0 || ids.some((each) => each.length === 0)) {
          writer.passOver();
          continue;
        }
        writer.add(texts, ids, label);
        for (const each of ids) tokens += each.length;
        const pause = sink.tick(tokens);
        if (pause !== undefined) await pause;
      }
      const { bytes, counts } = writer.finish();
      if (counts.documents === 0) return { shards: index, blankAtEnd: counts.blank };
      await sink.save(index, bytes, counts);
      if (ended) return { shards: index + 1, blankAtEnd: 0 };
    }
  } finally {
    await records.return?.();
  }
}
