import { encodeTensor, serializeSafetensors } from "@tenon/checkpoint";
import { ConfigError } from "@tenon/tensor";

import type { WordVectors } from "../word-vectors.ts";
import { type VectorFormat, vectorFormats } from "./formats.ts";
import { storableWords } from "./storable-words.ts";
import { streamChunks } from "./stream-chunks.ts";
import { newline, space } from "./text-rows.ts";
import { longestNumber, writeNumber } from "./number-writer.ts";

/** How vectors are written. */
export interface EncodeVectorsOptions {
  readonly format: VectorFormat;
  /** Whether the file is packed by gzip. Default: no. */
  readonly gzip?: boolean | undefined;
  /** Of a text: how many significant digits a number has, 1 to 9. Default: as many as it takes to read the same number again. */
  readonly digits?: number | undefined;
  /** What a space in a word becomes, such as "_", in the formats of word2vec, whose words have none. Default: such words are refused. */
  readonly spaces?: string | undefined;
}

const pieceLength = 2 ** 18;

/**
 * Word vectors as the bytes of a file, in pieces: what {@link readVectors}, gensim and the original programs read.
 *
 * Throws `ConfigError` for options that make no sense, and for a word that the format cannot hold: an empty one, one with a line break, a tab or half a
 * surrogate pair, one with a space in the formats of word2vec, and in GloVe's one with a space before what looks like a number.
 *
 * @example
 * ```ts
 * const vectors = new WordVectors({ words: ["sun", "moon"], data: Float32Array.of(1, 0, 0.8, 0.6) });
 * for await (const bytes of encodeVectors(vectors, { format: "glove" })) console.log(bytes.length); // 21
 * ```
 */
export function encodeVectors(vectors: WordVectors, options: EncodeVectorsOptions): AsyncIterable<Uint8Array> {
  const { format, gzip = false, digits, spaces } = options;
  const isText = format === "word2vec" || format === "glove";
  if (!vectorFormats.includes(format))
    throw new ConfigError(`encodeVectors: there is no format "${format}"; there are ${vectorFormats.join(", ")}`, {
      format,
    });
  if (digits !== undefined && !(isText && Number.isInteger(digits) && digits >= 1 && digits <= 9))
    throw new ConfigError(
      `encodeVectors: \`digits\`, of a text, is a whole number from 1 to 9, got ${digits} for ${format}`,
      { digits, format },
    );
  const words = storableWords(vectors, format, spaces);
  const pieces = isText
    ? textPieces(words, vectors, format === "word2vec", digits)
    : format === "word2vec-binary"
      ? binaryPieces(words, vectors)
      : [serialized(words, vectors)];
  return gzip ? packed(pieces) : toAsync(pieces);
}

function* textPieces(
  words: readonly string[],
  { data, width }: WordVectors,
  hasHeader: boolean,
  digits: number | undefined,
): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  if (hasHeader) yield encoder.encode(`${words.length} ${width}\n`);
  let piece = new Uint8Array(pieceLength);
  let at = 0;
  for (const [row, word] of words.entries()) {
    // A character takes three bytes at most for each unit of a string.
    const longest = 3 * word.length + width * (longestNumber + 1) + 1;
    if (at + longest > piece.length) {
      if (at > 0) yield piece.subarray(0, at);
      piece = new Uint8Array(Math.max(pieceLength, longest));
      at = 0;
    }
    at += encoder.encodeInto(word, piece.subarray(at)).written;
    for (let i = row * width; i < (row + 1) * width; i++) {
      piece[at++] = space;
      at = writeNumber(data[i]!, digits, piece, at);
    }
    piece[at++] = newline;
  }
  if (at > 0) yield piece.subarray(0, at);
}

// As the original writes it, with a line break behind each vector.
function* binaryPieces(words: readonly string[], { data, width }: WordVectors): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${words.length} ${width}\n`);
  const rowBytes = 4 * width;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const perPiece = Math.ceil(pieceLength / rowBytes);
  for (let from = 0; from < words.length; from += perPiece) {
    const names = words.slice(from, from + perPiece).map((word) => encoder.encode(`${word} `));
    const piece = new Uint8Array(names.reduce((sum, name) => sum + name.length + rowBytes + 1, 0));
    let at = 0;
    for (const [i, name] of names.entries()) {
      piece.set(name, at);
      at += name.length;
      piece.set(bytes.subarray((from + i) * rowBytes, (from + i + 1) * rowBytes), at);
      at += rowBytes;
      piece[at++] = newline;
    }
    yield piece;
  }
}

function serialized(words: readonly string[], { data, width, counts }: WordVectors): Uint8Array {
  const spelled = new TextEncoder().encode(words.map((word) => `${word}\n`).join(""));
  return serializeSafetensors([
    ["vectors", encodeTensor(data, [words.length, width])],
    ["words", encodeTensor(spelled, [spelled.length])],
    ...(counts === undefined ? [] : [["counts", encodeTensor(counts, [counts.length])] as const]),
  ]);
}

async function* toAsync(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function* packed(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = pieces[Symbol.iterator]();
  const plain = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { value, done } = iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
  });
  yield* streamChunks(plain.pipeThrough(new CompressionStream("gzip")));
}
