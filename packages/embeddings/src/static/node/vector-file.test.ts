import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { WordVectors } from "../word-vectors.ts";
import { readVectorFile, writeVectorFile } from "./vector-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-vectors-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a file's name says how it is written, and its content how it is read", async () => {
  const vectors = new WordVectors({ words: ["sun", "moon"], data: Float32Array.of(1, 0.3, 0.8, 0.6) });
  for (const [name, format] of [
    ["sky.vec", "word2vec"],
    ["sky.bin", "word2vec-binary"],
    ["sky.txt", "glove"],
    ["sky.safetensors", "safetensors"],
    ["sky.TXT.gz", "glove"],
  ] as const) {
    await writeVectorFile(join(folder, name), vectors);
    const read = await readVectorFile(join(folder, name));
    expect([read.format, read.vectors]).toEqual([format, vectors]);
  }
  await writeVectorFile(join(folder, "sky"), vectors, { format: "glove", gzip: true });
  expect((await readVectorFile(join(folder, "sky"), { first: 1 })).vectors.words).toEqual(["sun"]);
  await expect(writeVectorFile(join(folder, "sky.csv"), vectors)).rejects.toThrow(
    "sky.csv stands for no format; let it end with .vec, .bin",
  );
  await expect(readVectorFile(join(folder, "none"))).rejects.toThrow("none: there is no such file");
});

test("a file of many pieces is read as one that came at once, within about what its matrix takes", async () => {
  const [count, width] = [4000, 60];
  const data = Float32Array.from({ length: count * width }, (_, i) => Math.sin(i));
  const vectors = new WordVectors({ words: Array.from({ length: count }, (_, i) => `word${i}`), data });
  for (const name of ["many.vec", "many.txt", "many.bin", "many.txt.gz"]) {
    await writeVectorFile(join(folder, name), vectors);
    const read = await readVectorFile(join(folder, name));
    expect(read.vectors.words).toEqual(vectors.words);
    expect(Buffer.from(read.vectors.data.buffer, 0, 4 * data.length).equals(Buffer.from(data.buffer))).toBe(true);
    expect(read.vectors.data.buffer.byteLength).toBeLessThan(1.1 * 4 * data.length);
  }
});
