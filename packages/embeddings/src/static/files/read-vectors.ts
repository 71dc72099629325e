import { fileInMemory, type StoredFile } from "@tenon/checkpoint";
import { ConfigError } from "@tenon/tensor";

import type { WordVectors } from "../word-vectors.ts";
import { ByteWindow } from "./byte-window.ts";
import { type VectorFormat, vectorFormats } from "./formats.ts";
import { readBinary } from "./read-binary.ts";
import { readStored } from "./read-stored.ts";
import { readText } from "./read-text.ts";
import { recognise } from "./recognise.ts";
import { Mender, type Repairs } from "./repairs.ts";
import { openBytes, type VectorSource } from "./vector-bytes.ts";

/** How a file of vectors is read. */
export interface ReadVectorsOptions {
  /** What the file is called in messages. Default: its own name, else "the vectors". */
  readonly name?: string | undefined;
  /** Its format. Default: what its beginning looks like. */
  readonly format?: VectorFormat | undefined;
  /** How many vectors are read, from the first on; what is behind them is not even fetched. Default: all. */
  readonly first?: number | undefined;
  /** Whether damage is mended and counted. Default: it is refused. */
  readonly repair?: boolean | undefined;
}

/** What came of reading a file of vectors. */
export interface ReadVectors {
  readonly vectors: WordVectors;
  readonly format: VectorFormat;
  /** What was mended, and how often; {@link describeRepairs} puts it into words. */
  readonly repairs: Repairs;
}

/**
 * Reads word vectors from a file in memory, a `Blob`, a stream, or a file of a disk: text and binary of word2vec, text of GloVe, .vec of fastText, and safetensors, all but the
 * last also packed by gzip. The file is never held whole; memory is taken for what has come, not for what a header says.
 *
 * Throws `CheckpointError`, naming the file and the line or byte, for a file that is not sound: a header that lies, too few or too many
 * numbers, something that is no number or not finite, a word that is empty, not UTF-8 or has come before, lines that end with CR LF, an end that comes too early, bytes
 * that nothing accounts for. With `repair` it is mended instead, and counted. Throws `ConfigError` for options that make no sense.
 *
 * @example
 * ```ts
 * const text = new TextEncoder().encode("2 3\nsun 1 0 0.5\nmoon 0.8 0.6 0\n");
 * const { vectors, format } = await readVectors(text);
 * console.log(format, vectors.words, vectors.vector("sun")); // word2vec [ 'sun', 'moon' ] Float32Array(3) [ 1, 0, 0.5 ]
 * ```
 */
export async function readVectors(source: VectorSource, options: ReadVectorsOptions = {}): Promise<ReadVectors> {
  const { format: given, first = Infinity, repair = false } = options;
  const name = options.name ?? ("read" in source ? source.name : "the vectors");
  if (first !== Infinity && !(Number.isSafeInteger(first) && first > 0))
    throw new ConfigError(`readVectors: \`first\` is a whole number from 1 up, got ${first}`, { first });
  if (given !== undefined && !vectorFormats.includes(given))
    throw new ConfigError(`readVectors: there is no format "${String(given)}"; there are ${vectorFormats.join(", ")}`, {
      format: given,
    });
  const mender = new Mender(name, repair);
  const window = new ByteWindow(await openBytes(name, source));
  try {
    const format = given ?? (await recognise(window, mender));
    if (format === "safetensors") {
      const file = await storedFile(name, source, window);
      return { vectors: await readStored(file, first), format, repairs: mender.repairs };
    }
    const store =
      format === "word2vec-binary"
        ? await readBinary(window, first, mender)
        : await readText(window, format === "word2vec", first, mender);
    if (store.words.length === 0)
      mender.refuse("its end", "there is no vector in it that could be read", "Check the file and its format");
    return { vectors: store.vectors(), format, repairs: mender.repairs };
  } finally {
    await window.close();
  }
}

/** The source as a file that is read here and there; of a stream or a packed one, all of it is fetched. */
async function storedFile(name: string, source: VectorSource, window: ByteWindow): Promise<StoredFile> {
  if (!window.source.isPacked) {
    if ("read" in source) return source;
    if (source instanceof Uint8Array || source instanceof Blob) return fileInMemory(name, source);
  }
  while (await window.more());
  return fileInMemory(name, window.bytes.slice(window.at));
}
