import type { Scratch, ScratchFile } from "../scratch.ts";
import type { SortedCounts } from "./counts-of-pairs.ts";

const bytesPerPair = 16;

/** Sorted counts in a file. */
export class RunFile {
  readonly #file: ScratchFile;
  readonly pairs: number;

  private constructor(file: ScratchFile, pairs: number) {
    this.#file = file;
    this.pairs = pairs;
  }

  /** Writes a run. Leaves no file behind where that fails. */
  static async write(blocks: Iterable<SortedCounts>, scratch: Scratch): Promise<RunFile> {
    const file = await scratch.create();
    let pairs = 0;
    try {
      for (const block of blocks) {
        await file.append(new Uint8Array(block.buffer, block.byteOffset, block.byteLength));
        pairs += block.length / 2;
      }
    } catch (error) {
      await file.remove();
      throw error;
    }
    return new RunFile(file, pairs);
  }

  /**
   * Reads it, so many pairs at once.
   *
   * @yields a block
   */
  async *read(atOnce: number): AsyncGenerator<SortedCounts> {
    for (let from = 0; from < this.pairs; from += atOnce) {
      const block = new Float64Array(2 * Math.min(atOnce, this.pairs - from));
      await this.#file.read(from * bytesPerPair, new Uint8Array(block.buffer));
      yield block;
    }
  }

  remove(): Promise<void> {
    return this.#file.remove();
  }
}
