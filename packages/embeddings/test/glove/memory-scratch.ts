import type { Scratch, ScratchFile } from "../../src/static/glove/scratch.ts";

/** A scratch for tests: it counts its files, and fails as a disk does that has room for so many bytes. */
export function memoryScratch(room: number = Infinity): Scratch & { readonly open: number; readonly created: number } {
  const files = new Set<ScratchFile>();
  let [created, left] = [0, room];
  return {
    get open() {
      return files.size;
    },
    get created() {
      return created;
    },
    create: async () => {
      const pieces: Uint8Array[] = [];
      const file: ScratchFile = {
        append: async (bytes) => {
          left -= bytes.length;
          if (left < 0) throw new Error("no space left");
          pieces.push(bytes.slice());
        },
        read: async (offset, bytes) => bytes.set(Buffer.concat(pieces).subarray(offset, offset + bytes.length)),
        remove: async () => void files.delete(file),
      };
      files.add(file);
      created++;
      return file;
    },
  };
}
