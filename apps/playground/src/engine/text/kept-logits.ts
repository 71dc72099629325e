/** How much is kept, in bytes: 2000 steps of the story decoder, 300 of GPT-2. */
const most = 64 * 2 ** 20;

/** The model's logits after the beginnings of one text, the latest: what its distributions are made of. */
export class KeptLogits {
  #ids: readonly number[] = [];
  /** By how many ids they come after, the oldest first. */
  readonly #after = new Map<number, Float32Array>();
  #bytes = 0;

  /** Keeps the logits [v] of what follows `ids`. What belongs to another text goes. */
  keep(ids: readonly number[], logits: Float32Array): void {
    let common = 0;
    while (common < Math.min(ids.length, this.#ids.length) && ids[common] === this.#ids[common]) common++;
    if (common < ids.length) {
      for (const length of [...this.#after.keys()]) if (length > common) this.#drop(length);
      this.#ids = [...ids];
    }
    this.#drop(ids.length);
    this.#after.set(ids.length, logits);
    this.#bytes += logits.byteLength;
    for (const oldest of this.#after.keys()) {
      if (this.#bytes <= most || this.#after.size === 1) break;
      this.#drop(oldest);
    }
  }

  /** The logits of what follows `ids`, where they are kept. */
  after(ids: readonly number[]): Float32Array | undefined {
    return ids.every((id, i) => id === this.#ids[i]) ? this.#after.get(ids.length) : undefined;
  }

  /** Forgets all: for another model. */
  clear(): void {
    this.#after.clear();
    [this.#ids, this.#bytes] = [[], 0];
  }

  #drop(length: number): void {
    this.#bytes -= this.#after.get(length)?.byteLength ?? 0;
    this.#after.delete(length);
  }
}
