import type { TokenSource } from "../token-source.ts";
import { tooShort, windowsIn } from "./window-batch.ts";

/** The shards of a corpus in the making, as far as anybody asked for them, and the windows in each. */
export class KnownShards {
  readonly #shard: (index: number) => Promise<TokenSource | undefined>;
  readonly #context: number;
  readonly #tokens: TokenSource[] = [];
  /** Where the windows of each shard begin in the first epoch, and where those of the last one end. */
  readonly starts: number[] = [0];
  #ended = false;
  #asking: Promise<void> = Promise.resolve();

  constructor(shard: (index: number) => Promise<TokenSource | undefined>, context: number) {
    this.#shard = shard;
    this.#context = context;
  }

  get length(): number {
    return this.#tokens.length;
  }
  /** The windows of the shards that are known; of all, once `reach` has given false. */
  get total(): number {
    return this.starts.at(-1)!;
  }
  tokens(index: number): TokenSource {
    return this.#tokens[index]!;
  }
  windows(index: number): { readonly count: number; readonly slack: number } {
    return windowsIn(this.#tokens[index]!.length, this.#context);
  }

  /** Asks for shards until the window with this number is in one; false if the corpus ends before. Throws `ConfigError` if it ends without any. */
  reach(number: number): Promise<boolean> {
    const reached = this.#asking.then(async () => {
      while (!this.#ended && this.total <= number) await this.#ask();
      if (this.total === 0) throw tooShort("streamedBatches: no shard", this.#longest(), this.#context);
      return this.total > number;
    });
    // One at a time, and one that failed does not keep the next from trying.
    this.#asking = reached.then(
      () => undefined,
      () => undefined,
    );
    return reached;
  }

  async #ask(): Promise<void> {
    const tokens = await this.#shard(this.length);
    if (tokens === undefined) {
      this.#ended = true;
      return;
    }
    this.#tokens.push(tokens);
    this.starts.push(this.total + this.windows(this.length - 1).count);
  }
  #longest(): number {
    return this.#tokens.reduce((most, { length }) => Math.max(most, length), 0);
  }
}
