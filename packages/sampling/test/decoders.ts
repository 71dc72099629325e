import type { TokenDecoder } from "../src/index.ts";

/** Ids are the bytes of UTF-8. */
export function byteDecoder(): TokenDecoder {
  const decoder = new TextDecoder();
  return { push: (id) => decoder.decode(Uint8Array.of(id), { stream: true }), end: () => decoder.decode() };
}

/** Ids are pieces of text. */
export function pieceDecoder(pieces: readonly string[]): TokenDecoder {
  return { push: (id) => pieces[id]!, end: () => "" };
}
