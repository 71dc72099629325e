import type { StoredFile } from "@tenon/checkpoint";
import { CheckpointError } from "@tenon/tensor";

import { streamChunks } from "./stream-chunks.ts";

/** Where the bytes of a file come from: in memory, a `Blob` such as a file that was dropped on a page, a file of a disk, or pieces as they arrive. */
export type VectorSource = Uint8Array | Blob | StoredFile | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A file in pieces, unpacked where it was packed by gzip. */
export interface VectorBytes {
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly isPacked: boolean;
  /** How many bytes the unpacked file has at most, where that is known. */
  readonly largest: number | undefined;
  /** Which share of the file lies before the byte at `offset`, about; undefined where nobody knows. */
  share(offset: number): number | undefined;
}

/** What is read at once of a source that has its bytes at hand. */
const pieceLength = 2 ** 20;
/** No gzip stream is longer than this, unpacked, for each of its bytes: deflate's longest match is 258 bytes and takes two bits. */
const gzipRatio = 1032;

/** Opens a source. A file that begins as gzip's do is unpacked. */
export async function openBytes(name: string, source: VectorSource): Promise<VectorBytes> {
  const length = source instanceof Uint8Array ? source.length : "size" in source ? source.size : undefined;
  const raw = piecesOf(source);
  const begun: Uint8Array[] = [];
  // What packed a file shows in its first two bytes, which may come one by one.
  while (begun.reduce((sum, piece) => sum + piece.length, 0) < 2) {
    const { value } = await raw.next();
    if (value === undefined) break;
    begun.push(value);
  }
  const [first, second] = begun.flatMap((piece) => [...piece.subarray(0, 2)]);
  let fetched = 0;
  const counted = (piece: Uint8Array): Uint8Array => {
    fetched += piece.length;
    return piece;
  };
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of begun) yield counted(piece);
      for (;;) {
        const { value } = await raw.next();
        if (value === undefined) return;
        yield counted(value);
      }
    } finally {
      await raw.return(undefined);
    }
  }
  const isPacked = first === 0x1f && second === 0x8b;
  return {
    isPacked,
    pieces: isPacked ? unpacked(name, all()) : all(),
    largest: isPacked && length !== undefined ? length * gzipRatio : length,
    share: (offset) => (length === undefined ? undefined : (isPacked ? fetched : offset) / length),
  };
}

async function* piecesOf(source: VectorSource): AsyncGenerator<Uint8Array, undefined> {
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += pieceLength) yield source.subarray(at, at + pieceLength);
  } else if ("size" in source) {
    const read = async (from: number): Promise<Uint8Array> => {
      const to = Math.min(source.size, from + pieceLength);
      return "read" in source ? source.read(from, to) : new Uint8Array(await source.slice(from, to).arrayBuffer());
    };
    for (let at = 0; at < source.size; at += pieceLength) yield read(at);
  } else {
    yield* source instanceof ReadableStream ? streamChunks(source) : source;
  }
  return undefined;
}

async function* unpacked(name: string, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done === true) controller.close();
      // Copied: the stream may take the buffer away.
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  try {
    yield* streamChunks(packed.pipeThrough(new DecompressionStream("gzip")));
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    throw new CheckpointError(
      `cannot unpack ${name}: ${cause.message}. The file is damaged or was cut short: get it again.`,
      { file: name },
      { cause },
    );
  }
}

/** What a DecompressionStream throws for bytes that are no gzip: a TypeError in browsers, an error with a code of zlib's in Node. */
function isDamage(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = (error as Error & { readonly code?: unknown }).code;
  return error instanceof TypeError || (typeof code === "string" && code.startsWith("Z_"));
}
