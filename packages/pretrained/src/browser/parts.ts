import type { PartialFile } from "../hub/store.ts";
import { Sha256 } from "./sha256.ts";
import type { Shelf } from "./shelf.ts";

/** A browser's storage appends to a file by copying it, so a large one is kept in parts. What has come of a part is lost when its tab dies. */
const partSize = 16 * 2 ** 20;

/** The parts of a content, in order. */
export async function partsOf(shelf: Shelf, folder: string): Promise<Blob[]> {
  const parts: Blob[] = [];
  for (;;) {
    const part = await shelf.get(`${folder}/${parts.length}`);
    if (part === undefined) return parts;
    parts.push(part);
  }
}

/** Opens a content that is downloaded, with what is there of it. `flush` stores what is still in memory. */
export async function openParts(shelf: Shelf, folder: string): Promise<PartialFile & { flush(): Promise<void> }> {
  const parts = await partsOf(shelf, folder);
  let count = parts.length;
  let size = parts.reduce((sum, part) => sum + part.size, 0);
  const waiting = new Uint8Array(partSize);
  let filled = 0;

  async function flush(): Promise<void> {
    if (filled === 0) return;
    await shelf.put(`${folder}/${count}`, waiting.slice(0, filled));
    count += 1;
    filled = 0;
  }
  return {
    get size() {
      return size;
    },
    async append(bytes) {
      for (let at = 0; at < bytes.length;) {
        const piece = bytes.subarray(at, at + partSize - filled);
        waiting.set(piece, filled);
        filled += piece.length;
        size += piece.length;
        at += piece.length;
        if (filled === partSize) await flush();
      }
    },
    async sum(kind) {
      await flush();
      return sumOfBlob(new Blob(await partsOf(shelf, folder)), kind);
    },
    async discard() {
      filled = 0;
      size = 0;
      // From the last, so that a tab that dies meanwhile leaves no gap.
      while (count > 0) await shelf.delete(`${folder}/${--count}`);
    },
    flush,
  };
}

async function sumOfBlob(content: Blob, kind: "sha256" | "git"): Promise<string> {
  if (kind === "git") {
    // Small by the Hub's own rule: more than 10 MB are not kept in git.
    const bytes = await new Blob([`blob ${content.size}\0`, content]).arrayBuffer();
    return hexadecimal(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));
  }
  // WebCrypto would need all of it in memory.
  const hash = new Sha256();
  const reader = content.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hexadecimal(hash.digest());
    hash.update(value);
  }
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
