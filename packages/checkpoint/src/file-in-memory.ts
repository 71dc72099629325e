import { CheckpointError } from "@tenon/tensor";

import type { StoredFile } from "./stored-file.ts";

/**
 * Bytes that are in memory already, or a `Blob` such as a file that was dropped on a page, as a {@link StoredFile}. The bytes are not copied.
 *
 * `read` throws `CheckpointError` for a range that is not inside of the file, and when the page may no longer read the blob.
 *
 * @example
 * ```ts
 * const file = fileInMemory("dropped.txt", new Blob(["one", "two"]));
 * console.log(new TextDecoder().decode(await file.read(2, 5))); // etw
 * ```
 */
export function fileInMemory(name: string, content: Uint8Array | Blob): StoredFile {
  const size = content instanceof Uint8Array ? content.length : content.size;
  return {
    name,
    size,
    async read(begin, end) {
      checkRange(name, begin, end, size);
      // A plain array, also over a Node `Buffer`, whose `slice` does not copy.
      if (content instanceof Uint8Array) return new Uint8Array(content.buffer, content.byteOffset + begin, end - begin);
      try {
        return new Uint8Array(await content.slice(begin, end).arrayBuffer());
      } catch (cause) {
        throw new CheckpointError(`${name} can no longer be read: choose the file again.`, { file: name }, { cause });
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Throws `CheckpointError` unless begin … end lies in a file of this size. */
export function checkRange(file: string, begin: number, end: number, size: number): void {
  if (Number.isSafeInteger(begin) && Number.isSafeInteger(end) && 0 <= begin && begin <= end && end <= size) return;
  throw new CheckpointError(`${file} has ${size} bytes; the bytes ${begin} to ${end} are not in it.`, {
    file,
    expected: `0 to ${size}`,
    got: `${begin} to ${end}`,
  });
}
