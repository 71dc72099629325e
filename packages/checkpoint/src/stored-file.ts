/**
 * A file that is read in pieces, wherever it lies: on a disk, in a page's memory, behind an address. What reads a format through it never holds more
 * of a large file than it asks for.
 *
 * @example
 * ```ts
 * const file = fileInMemory("hello.txt", new TextEncoder().encode("hello"));
 * console.log(file.size, new TextDecoder().decode(await file.read(1, 3))); // 5 el
 * ```
 */
export interface StoredFile {
  /** What it is called in messages; its path is best. */
  readonly name: string;
  /** How many bytes it has. */
  readonly size: number;
  /** The bytes from `begin` up to, not including, `end`. Throws `CheckpointError` when they cannot be had; never fewer than were asked for. */
  read(begin: number, end: number): Promise<Uint8Array>;
  /** Lets it go. Doing so twice is harmless. */
  close(): Promise<void>;
}
