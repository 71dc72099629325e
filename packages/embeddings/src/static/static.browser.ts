import { expect, test } from "vitest";

import { encodeVectors } from "./files/encode-vectors.ts";
import { readVectors } from "./files/read-vectors.ts";
import { WordQueries } from "./queries/word-queries.ts";
import { WordVectors } from "./word-vectors.ts";

test("in a page, vectors are packed, read from a file and from a stream, and asked", async () => {
  const words = Array.from({ length: 5000 }, (_, i) => `word${i}`);
  const data = Float32Array.from({ length: 5000 * 20 }, (_, i) => Math.sin(i ** 1.7));
  const pieces: BlobPart[] = [];
  for await (const piece of encodeVectors(new WordVectors({ words, data }), { format: "word2vec", gzip: true }))
    pieces.push(new Uint8Array(piece));
  const file = new Blob(pieces);
  for (const source of [file, file.stream()]) {
    const { vectors, format } = await readVectors(source, { name: "dropped.vec.gz" });
    expect([format, vectors.words.length, vectors.data.every((x, i) => x === data[i])]).toEqual([
      "word2vec",
      5000,
      true,
    ]);
    const [simd, plain] = (["simd", "plain"] as const).map((engine) =>
      new WordQueries(vectors, { engine }).nearest("word7", 3),
    );
    expect(simd!.map(({ word }) => word)).toEqual(plain!.map(({ word }) => word));
  }
  const cut = file.slice(0, file.size - 100);
  await expect(readVectors(cut, { name: "cut.gz" })).rejects.toThrow("cannot unpack cut.gz");
});
