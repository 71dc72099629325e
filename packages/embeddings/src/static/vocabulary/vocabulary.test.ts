import { expect, test } from "vitest";

import { chunksOf } from "../training/chunks.ts";
import { Layout } from "../training/layout.ts";
import { type Text, textOf } from "../training/text.ts";
import { trainingMemory } from "../training/training-memory.ts";
import { huffmanPaths } from "./huffman.ts";
import { keepThresholds } from "./keep-thresholds.ts";
import { noiseCells } from "./noise.ts";
import { joinPhrases, type PhraseOptions } from "./phrases.ts";
import { countWords, settleVocabulary } from "./vocabulary.ts";
import { lineEnd, reserveWordTable, WordTable } from "./word-table.ts";

const all = { minimumCount: 1, memory: 2 ** 20 };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A text in pieces of a few bytes. */
const inPieces = (bytes: Uint8Array, size: number): Text => ({
  name: "pieces",
  async *read(from) {
    for (let at = from; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  },
});

test("words are counted by their bytes, the frequent ones first, whatever pieces they come in", async () => {
  const text = bytesOf("the sün\tthe moon \r\n\n the sün 🌞\vstar");
  for (const size of [1, 2, 3, 100]) {
    const { words, counts, textWords, bytes } = await countWords(inPieces(text, size), all);
    expect(words).toEqual(["the", "sün", "moon", "🌞", "star"]);
    expect([...counts]).toEqual([3, 2, 1, 1, 1]);
    expect([textWords, bytes]).toEqual([8, text.length]);
  }
  expect((await countWords(inPieces(text, 7), { ...all, minimumCount: 2 })).words).toEqual(["the", "sün"]);
});

test("many words: the table grows, and counts what a Map counts", async () => {
  const words = Array.from({ length: 20_000 }, (_, i) => `w${(i * i) % 7919}`);
  const expected = new Map<string, number>();
  for (const word of words) expected.set(word, (expected.get(word) ?? 0) + 1);
  const { words: found, counts } = await countWords(textOf(words.join(" ")), { ...all, memory: 2 ** 22 });
  expect(new Map(found.map((word, i) => [word, counts[i]]))).toEqual(expected);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
});

test("words that are rare so far are forgotten where memory ends, and a minimum count that this may touch is refused", async () => {
  // 20 frequent words among 9,000 that come once: 2 ** 17 bytes hold about 3,300.
  const text = Array.from({ length: 9000 }, (_, i) => `once${i} often${i % 20}`).join(" ");
  const limit = 2 ** 17;
  const { words, counts } = await countWords(textOf(text), { minimumCount: 100, memory: limit });
  expect(words.length).toBe(20);
  expect([...counts]).toEqual(new Array(20).fill(450));
  await expect(countWords(textOf(text), { minimumCount: 1, memory: limit })).rejects.toThrow(
    "the text: its words take more than the 131072 bytes that they may, and words that occur 2 times had to be forgotten; " +
      "give more memory, or a minimumCount above 2",
  );
});

test("a word that is no UTF-8 is refused, and so is what is no text", async () => {
  const damaged = Uint8Array.of(...bytesOf("all well "), 0xc3, 0x28, 0x20);
  await expect(countWords(inPieces(damaged, 4), all)).rejects.toThrow(
    'pieces: the word "�(" at byte 9 is no UTF-8; convert the text, for example with iconv',
  );
  await expect(countWords(inPieces(new Uint8Array(70_000).fill(65), 9000), all)).rejects.toThrow(
    "pieces: there is no white space in the 65536 bytes from byte 0 on; a text has spaces between its words, and is not compressed",
  );
  expect(() => settleVocabulary("x", { memory: 5 })).toThrow(
    "x: the memory for words is from 65536 bytes to 4 GiB, got 5",
  );
});

test("chunks end with a line, else with a word, and are the same from wherever one begins", async () => {
  const text = inPieces(bytesOf("one two\nthree\nfour five six seven\neight"), 3);
  const chunksFrom = async (from: number): Promise<[string, number][]> => {
    const chunks: [string, number][] = [];
    for await (const { bytes, from: at } of chunksOf(text, from, 10))
      chunks.push([new TextDecoder().decode(bytes), at]);
    return chunks;
  };
  const whole = await chunksFrom(0);
  expect(whole).toEqual([
    ["one two\n", 0],
    ["three\n", 8],
    ["four five ", 14],
    ["six seven\n", 24],
    ["eight", 34],
  ]);
  for (const [n, [, at]] of whole.entries()) expect(await chunksFrom(at)).toEqual(whole.slice(n));
});

test("a table in memory turns bytes into the numbers of words", () => {
  const layout = new Layout();
  const words = ["the", "sün", ...Array.from({ length: 500 }, (_, i) => `w${i}`)];
  const { plan, fill } = reserveWordTable(layout, words);
  const { memory } = trainingMemory(layout.bytes, false);
  fill(memory);
  const table = new WordTable(memory, plan);
  const read = (text: string): number[] => [...table.read(bytesOf(text))];
  expect(read("sün the unknown the\n\nw499 w500 th sünn")).toEqual([1, 0, 0, lineEnd, lineEnd, 501]);
  expect(read(words.join(" "))).toEqual(words.map((_, i) => i));
});

test("the cells of the noise give each word its share", () => {
  const counts = [1000, 300, 300, 20, 5, 1, 1];
  const cells = noiseCells(counts, 0.75);
  const chances = new Float64Array(counts.length);
  for (let cell = 0; cell < counts.length; cell++) {
    const threshold = (cells[2 * cell]! >>> 0) / 2 ** 32;
    chances[cell]! += threshold / counts.length;
    chances[cells[2 * cell + 1]!]! += (1 - threshold) / counts.length;
  }
  const weights = counts.map((count) => count ** 0.75);
  const total = weights.reduce((a, b) => a + b, 0);
  chances.forEach((chance, i) => expect(chance).toBeCloseTo(weights[i]! / total, 8));
  expect(() => noiseCells([3, 0], 1)).toThrow("needs two words at least to draw from, and there is one");
});

test("Huffman's tree: no code begins another, and the mean length is the least", () => {
  const counts = [40, 20, 15, 12, 8, 3, 1, 1];
  const { starts, nodes, labels } = huffmanPaths(counts);
  const codes = counts.map((_, w) => labels.subarray(starts[w], starts[w + 1]).join(""));
  // Worked out by hand: 1+1=2, 2+3=5, 5+8=13, 12+13=25, 15+20=35, 25+35=60, 40+60=100; the sum of the nodes is that of lengths · counts.
  expect(codes.reduce((sum, code, w) => sum + code.length * counts[w]!, 0)).toBe(2 + 5 + 13 + 25 + 35 + 60 + 100);
  for (const a of codes) for (const b of codes) expect(a === b || !b.startsWith(a)).toBe(true);
  // Paths with the same turns so far are at the same node, the first at the root.
  const at = new Map<string, number>();
  codes.forEach((code, w) =>
    nodes.subarray(starts[w], starts[w + 1]).forEach((node, i) => {
      expect(at.get(code.slice(0, i)) ?? node).toBe(node);
      at.set(code.slice(0, i), node);
    }),
  );
  expect(at.get("")).toBe(counts.length - 2);
  expect(new Set(at.values()).size).toBe(counts.length - 1);
  expect([...huffmanPaths([5]).starts]).toEqual([0, 0]);
});

test("frequent words are kept as word2vec's formula has it", () => {
  const counts = Float64Array.of(9000, 900, 100);
  const shares = [...keepThresholds(counts, 0.01)].map((x) => x / (2 ** 32 - 1));
  const expected = [0.9, 0.09, 0.01].map((f) => Math.min(1, (Math.sqrt(f / 0.01) + 1) * (0.01 / f)));
  shares.forEach((share, i) => expect(share).toBeCloseTo(expected[i]!, 8));
  expect([...keepThresholds(counts, 0)]).toEqual([0xffffffff, 0xffffffff, 0xffffffff]);
});

async function joined(text: string | Text, options: PhraseOptions, from = 0): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await joinPhrases(text, options)).read(from)) pieces.push(Uint8Array.from(piece));
  return pieces.map((piece) => new TextDecoder().decode(piece)).join("");
}

test("neighbours that stand together more often than by chance are joined", async () => {
  const lines = (newYork: string): string =>
    [1, 2, 3].map((i) => `${newYork} city a${i} b${i}\nc${i} new d${i} york\n`).join("") + `${newYork} ${newYork}\n`;
  const text = lines("new york");
  // Of 31 words new and york are 8 each, in 5 pairs: (5 - 1) · 31 / (8 · 8) = 1.94. York city has 2.58, but york is taken.
  const options = { minimumCount: 3, discount: 1, threshold: 1.9 };
  expect(await joined(text, options)).toBe(lines("new_york"));
  for (const other of [{ threshold: 2.6 }, { discount: 3 }, { minimumCount: 9 }])
    expect(await joined(text, { ...options, ...other })).toBe(text);
  expect(await joined(text, { ...options, joiner: "~" }, 3)).toBe(lines("new~york").slice(3));
  // Once more: of 26 words new_york is 5, city 3, in 3 pairs: (3 - 1) · 26 / (5 · 3) = 3.47.
  const once = await joinPhrases(text, options);
  expect(await joined(once, { ...options, threshold: 3.4 })).toBe(lines("new_york").replaceAll("k city", "k_city"));
  expect(await joined(once, { ...options, threshold: 3.5 })).toBe(lines("new_york"));
  await expect(joinPhrases(text, { joiner: " " })).rejects.toThrow(
    'joinPhrases: the joiner is without white space, and not empty, got " "',
  );
  await expect(joinPhrases(text, { threshold: -1 })).rejects.toThrow(
    "joinPhrases: threshold is a number from 0 on, got -1",
  );
  await expect(joinPhrases(text, { minimumCount: 0 })).rejects.toThrow(
    "joinPhrases: minimumCount is a whole number from 1 on, got 0",
  );
});
