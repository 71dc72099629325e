/**
 * Where checkpoints are kept: files by name, in one place that a single run writes to. `checkpointFolder` of `@tenon/training/node` is a folder of
 * a disk, {@link browserCheckpoints} one of a page's own storage, {@link checkpointsInMemory} lasts as long as the process.
 *
 * @example
 * ```ts
 * const files: CheckpointFiles = checkpointsInMemory();
 * await files.write("note", Uint8Array.of(1, 2));
 * console.log(await files.list(), await files.read("note")); // [ 'note' ] Uint8Array(2) [ 1, 2 ]
 * ```
 */
export interface CheckpointFiles {
  /** What the place is called in messages. */
  readonly name: string;
  /** The names of all files there; none where the place does not exist yet. */
  list(): Promise<readonly string[]>;
  /** The whole content, the caller's to change. */
  read(file: string): Promise<Uint8Array>;
  /**
   * Writes or replaces a file, whole or not at all: what was there under this name stays when it fails or the process is killed. Once the promise
   * resolves, the file outlives a loss of power, as far as the place can promise that.
   */
  write(file: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  remove(file: string): Promise<void>;
}
