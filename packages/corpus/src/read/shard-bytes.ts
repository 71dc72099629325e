/** Where the bytes of shards lie. */
export interface ShardBytes {
  /** `count` bytes of a shard from `at` on, in an array of their own. */
  read(shard: number, at: number, count: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Shards in memory. */
export class ShardsInMemory implements ShardBytes {
  readonly #shards: Uint8Array<ArrayBuffer>[] = [];
  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#shards.push(bytes);
  }
  read(shard: number, at: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve(this.#shards[shard]!.slice(at, at + count));
  }
  close(): Promise<void> {
    this.#shards.length = 0;
    return Promise.resolve();
  }
}
