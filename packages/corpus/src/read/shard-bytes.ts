import { ConfigError } from "@tenon/tensor";

/** Where the bytes of shards lie. */
export interface ShardBytes {
  /** `count` bytes of a shard from `at` on, in an array of their own. */
  read(shard: number, at: number, count: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Shards in memory. */
export class ShardsInMemory implements ShardBytes {
  #shards: Uint8Array<ArrayBuffer>[] | undefined = [];
  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#shards?.push(bytes);
  }
  async read(shard: number, at: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#shards === undefined) throw new ConfigError("the corpus is closed");
    return await Promise.resolve(this.#shards[shard]!.slice(at, at + count));
  }
  close(): Promise<void> {
    this.#shards = undefined;
    return Promise.resolve();
  }
}
