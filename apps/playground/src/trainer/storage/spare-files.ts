import { type CheckpointFiles, checkpointsInMemory } from "@tenon/training";

/**
 * Files that lie in memory for as long as their place does not take them: a full disk ends no run, which can still be downloaded. What lies in the place stays
 * there meanwhile, so that there is something to go on from when the page is closed.
 */
export class SpareFiles implements CheckpointFiles {
  readonly #place: CheckpointFiles;
  readonly #memory = checkpointsInMemory();
  #problem: string | undefined;
  /** Is told when something could not be written, and when that is over. */
  onChange: () => void = () => undefined;

  constructor(place: CheckpointFiles) {
    this.#place = place;
  }

  get name(): string {
    return this.#place.name;
  }
  /** Why the last file is in memory alone; undefined where it is in its place. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async list(): Promise<readonly string[]> {
    return [...new Set([...(await this.#memory.list()), ...(await this.#inPlace())])];
  }
  async read(file: string): Promise<Uint8Array> {
    return (await this.#memory.list()).includes(file) ? this.#memory.read(file) : this.#place.read(file);
  }
  async write(file: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#place.write(file, bytes);
      await this.#memory.remove(file);
      this.#is(undefined);
    } catch (error) {
      await this.#memory.write(file, bytes);
      this.#is(error instanceof Error ? error.message : String(error));
    }
  }
  async remove(file: string): Promise<void> {
    await this.#memory.remove(file);
    if (this.#problem === undefined) await this.#place.remove(file);
  }

  async #inPlace(): Promise<readonly string[]> {
    return this.#place.list().catch(() => []);
  }
  #is(problem: string | undefined): void {
    if (this.#problem === problem) return;
    this.#problem = problem;
    this.onChange();
  }
}
