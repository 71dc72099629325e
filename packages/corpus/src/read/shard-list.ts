import type { ShardCounts } from "../build/shard-writer.ts";

/** The shards of a corpus that may still be in the making, in order. Whoever asks for one that is not done waits for it. */
export class ShardList {
  readonly #shards: ShardCounts[] = [];
  #state: "building" | "whole" | "failed" = "building";
  #error: unknown;
  #blankAtEnd = 0;
  #waiting: (() => void)[] = [];

  /** The next shard is done. */
  push(shard: ShardCounts): void {
    this.#shards.push(shard);
    this.#wake();
  }
  /** No more shards come, and so many blank documents stood behind the last. */
  end(blankAtEnd: number): void {
    if (this.#state === "failed") return;
    this.#state = "whole";
    this.#blankAtEnd = blankAtEnd;
    this.#wake();
  }
  /** No more shards come, since something went wrong: whoever asks from now on gets this error. */
  fail(error: unknown): void {
    if (this.#state === "failed") return;
    this.#state = "failed";
    this.#error = error;
    this.#wake();
  }

  /** The shard with this number, or undefined behind the last one. */
  async at(index: number): Promise<ShardCounts | undefined> {
    await this.#until(() => index < this.#shards.length);
    return this.#shards[index];
  }
  /** All of them. */
  async all(): Promise<readonly ShardCounts[]> {
    await this.#until(() => false);
    return this.#shards;
  }

  /** Blank documents behind the last shard, when all are there. */
  async blankAtEnd(): Promise<number> {
    await this.all();
    return this.#blankAtEnd;
  }

  async #until(enough: () => boolean): Promise<void> {
    for (;;) {
      if (this.#state === "failed") throw this.#error;
      if (this.#state === "whole" || enough()) return;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
