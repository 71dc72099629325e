import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import { expect, test } from "vitest";

import { goldens } from "../../../test/word-vectors.ts";
import { WordVectors } from "../word-vectors.ts";
import { encodeVectors, type EncodeVectorsOptions } from "./encode-vectors.ts";
import { vectorFormats } from "./formats.ts";
import { readVectors } from "./read-vectors.ts";

async function bytesOf(vectors: WordVectors, options: EncodeVectorsOptions): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeVectors(vectors, options)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

const words = fc.uniqueArray(
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 8 })
    .filter((word) => !/[\s]/.test(word) && word.isWellFormed()),
  { minLength: 1, maxLength: 12 },
);
const someVectors = fc.tuple(words, fc.integer({ min: 2, max: 9 })).chain(([words, width]) =>
  fc
    .array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: words.length * width,
      maxLength: words.length * width,
    })
    .map((data) => new WordVectors({ words, data: Float32Array.from(data) })),
);

test("what is written is read again, bit for bit, in every format, packed and not, from bytes, blobs and streams", async () => {
  await fc.assert(
    fc.asyncProperty(someVectors, fc.constantFrom(...vectorFormats), fc.boolean(), async (vectors, format, gzip) => {
      const bytes = await bytesOf(vectors, { format, gzip });
      const blob = new Blob([bytes]);
      for (const source of [bytes, blob, blob.stream()]) {
        const read = await readVectors(source);
        expect([read.format, read.vectors.words, read.repairs.size]).toEqual([format, vectors.words, 0]);
        // Not toEqual on the arrays: it takes −0 and 0 for different, and here they are to be the same bits.
        expect(new Uint32Array(read.vectors.data.slice().buffer)).toEqual(new Uint32Array(vectors.data.slice().buffer));
      }
    }),
    { numRuns: 40 },
  );
});

test("a packed file that comes byte by byte is recognised", async () => {
  const vectors = new WordVectors({ words: ["sun", "moon"], data: Float32Array.of(1, 2, 3, 4) });
  const bytes = await bytesOf(vectors, { format: "glove", gzip: true });
  async function* one(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(0);
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  expect((await readVectors(one())).vectors).toEqual(vectors);
});

test("counts live on in safetensors, and the first vectors can be had alone", async () => {
  const vectors = new WordVectors({
    words: ["a b", "", "狐"],
    data: Float32Array.of(1, 2, 3),
    counts: Float64Array.of(9, 4, 1),
  });
  const bytes = await bytesOf(vectors, { format: "safetensors" });
  expect((await readVectors(bytes)).vectors).toEqual(vectors);
  const { words, data, counts } = (await readVectors(bytes, { first: 2 })).vectors;
  expect([words, data, counts]).toEqual([["a b", ""], Float32Array.of(1, 2), Float64Array.of(9, 4)]);
});

test("digits round, and spaces become what they are to become", async () => {
  const vectors = new WordVectors({ words: ["new york"], data: Float32Array.of(1 / 3, 12345.678) });
  const text = async (options: EncodeVectorsOptions) => new TextDecoder().decode(await bytesOf(vectors, options));
  expect(await text({ format: "glove", digits: 3 })).toBe("new york 0.333 12300\n");
  expect(await text({ format: "word2vec", spaces: "_" })).toBe("1 2\nnew_york 0.33333334 12345.678\n");
});

test("gensim's files are read, and files like these are what gensim reads", async () => {
  const { vectors, files } = goldens();
  for (const [name, format] of [
    ["text", "word2vec"],
    ["binary", "word2vec-binary"],
    ["bare", "glove"],
  ] as const) {
    const read = await readVectors(Buffer.from(files[name], "base64"));
    expect([read.format, read.vectors]).toEqual([format, vectors]);
  }
  // goldens/word-vectors.py has let gensim read them.
  for (const [extension, format] of [
    ["vec", "word2vec"],
    ["bin", "word2vec-binary"],
    ["txt", "glove"],
  ] as const) {
    const file = readFileSync(new URL(`../../../goldens/word-vectors.${extension}`, import.meta.url));
    expect(Buffer.from(await bytesOf(vectors, { format })).equals(file)).toBe(true);
  }
});
