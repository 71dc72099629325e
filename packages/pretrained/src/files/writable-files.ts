/** Where the files of a model are written to. */
export interface WritableFiles {
  /** What the place is called in messages. */
  readonly name: string;
  /** Writes a file, whole or not at all, from pieces that follow each other. Replaces one that is there. */
  write(path: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>;
}
