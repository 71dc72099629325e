import { random } from "@tenon/tensor";
import { byteTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { hashOf } from "../build/shard-writer.ts";
import { corpusInMemory } from "../corpus-in-memory.ts";
import { jsonLines, parallelText, textFiles } from "../sources/sources.ts";
import { joined } from "./joined.ts";
import { lastShare } from "./last-share.ts";
import { selectedDocuments, selectedPairs } from "./selected.ts";
import { splitByHash } from "./split-by-hash.ts";

const tokenizer = byteTokenizer();
const corpusOf = (text: string, shardTokens = 16) =>
  corpusInMemory({ sources: textFiles([new Blob([text])], "lines"), tokenizer, shardTokens });
const words = Array.from({ length: 40 }, (_, i) => "abcdefg".slice(0, 1 + (i % 7)) + i);

test("tokens across many shards are read from anywhere, and nothing outside", async () => {
  const tokens = await corpusOf(words.join("\n")).tokens();
  const all = words.join("");
  expect(tokens.length).toBe(all.length);
  for (const [start, count] of [
    [0, all.length],
    [3, 50],
    [all.length, 0],
    [all.length - 1, 1],
    [17, 1],
  ] as const)
    expect(tokenizer.decode(await tokens.read(start, count))).toBe(all.slice(start, start + count));
  for (const [start, count] of [
    [-1, 1],
    [0, all.length + 1],
    [0.5, 1],
    [1, NaN],
    [all.length, 1],
  ] as const) {
    await expect(tokens.read(start, count)).rejects.toThrow(
      `tokens: ${count} from ${start} on are not inside: there are ${all.length}`,
    );
  }
});

test("documents are read in any order, and none that is not there", async () => {
  const documents = await corpusOf(words.join("\n")).documents();
  const order = [39, 0, 17, 17, 5];
  const read = await documents.read(order);
  expect(read.map((ids) => tokenizer.decode(ids))).toEqual(order.map((i) => words[i]));
  expect([...(await documents.lengths())]).toEqual(words.map(({ length }) => length));
  await expect(documents.read([40])).rejects.toThrow("documents: 1 from 40 on are not inside: there are 40");
});

test("the last share is held out in one piece", async () => {
  const tokens = await corpusOf("abcdefghij").tokens();
  const { training, heldOut } = lastShare(tokens, 0.3);
  expect(tokenizer.decode(await training.read(0, 7))).toBe("abcdefg");
  expect(tokenizer.decode(await heldOut.read(1, 2))).toBe("ij");
  await expect(training.read(6, 2)).rejects.toThrow("tokens: 2 from 6 on are not inside: there are 7");
  expect(() => lastShare(tokens, 1)).toThrow("lastShare: share must be above 0 and below 1, got 1");
  expect(() => lastShare(tokens, 0.01)).toThrow("lastShare: of 10 tokens, a share of 0.01 leaves nothing to hold out");
  expect(() => lastShare(tokens, 0.99)).toThrow("leaves nothing to train on. Use a longer text or another share.");
});

test("documents are held out by their text: wherever they stand, and their doubles with them", async () => {
  const texts = Array.from({ length: 3000 }, (_, i) => `text ${i}`);
  const held = async (list: readonly string[], seed = 1): Promise<Set<string>> => {
    const hashes = await corpusOf(list.join("\n"), 4096).hashes();
    const { training, heldOut } = splitByHash(hashes, 0.1, random(seed));
    expect([...training, ...heldOut].sort((a, b) => a - b)).toEqual(list.map((_, i) => i));
    const names = new Set([...heldOut].map((i) => list[i]!));
    for (const i of training) expect(names.has(list[i]!)).toBe(false);
    return names;
  };
  const first = await held(texts);
  expect(Math.abs(first.size / 3000 - 0.1)).toBeLessThan(0.022); // four standard deviations
  expect(await held([...texts].reverse())).toEqual(first);
  expect(await held([...texts.slice(100), ...texts])).toEqual(first);
  expect(await held(texts, 2)).not.toEqual(first);
  const hashes = Uint32Array.of(hashOf(["a"]), hashOf(["a"]));
  expect(() => splitByHash(hashes, 0.001, random(1))).toThrow(
    "splitByHash: of 2 documents, a share of 0.001 leaves nothing to hold out. Use more documents or another share.",
  );
  expect(() => splitByHash(hashes, 0.999, random(1))).toThrow("leaves nothing to train on");
  expect(() => splitByHash(hashes, NaN, random(1))).toThrow("splitByHash: share must be above 0 and below 1, got NaN");
});

test("where one text of a pair ends counts for its hash", () => {
  expect(hashOf(["ab", "c"])).not.toBe(hashOf(["a", "bc"]));
  expect(hashOf(["ab"])).not.toBe(hashOf(["ba"]));
});

test("selected documents joined are one text, and can be read across their ends", async () => {
  const documents = await corpusOf(words.join("\n")).documents();
  const indices = [30, 2, 3, 11, 39];
  const some = selectedDocuments(documents, indices);
  const all = indices.map((i) => words[i]).join("");
  const tokens = await joined(some);
  expect(tokens.length).toBe(all.length);
  for (let start = 0; start <= all.length; start++)
    for (const count of [0, 1, 4, 11])
      if (start + count <= all.length)
        expect(tokenizer.decode(await tokens.read(start, count))).toBe(all.slice(start, start + count));
  await expect(some.read([5])).rejects.toThrow("selected documents: 1 from 5 on are not inside: there are 5");
  expect(() => selectedDocuments(documents, [40])).toThrow("there are 40");
  expect(() => selectedDocuments(documents, [])).toThrow("selected documents: there is no index");
});

test("pairs stay together when they are selected; what a corpus does not have is refused", async () => {
  const sources = parallelText([[new Blob(["ja\n\nnein\n"]), new Blob(["yes\nmaybe\nno\n"])]]);
  const corpus = corpusInMemory({ sources, tokenizer });
  const pairs = selectedPairs(await corpus.pairs(), [1, 0]);
  const { first, second } = await pairs.read(Int32Array.of(0));
  expect([first, second].map(([ids]) => tokenizer.decode(ids!))).toEqual(["nein", "no"]);
  expect(await pairs.lengths()).toEqual({ first: Int32Array.of(4, 2), second: Int32Array.of(2, 3) });
  expect(await corpus.counts()).toMatchObject({ documents: 2, blank: 1, tokens: [6, 5], characters: [6, 5] });
  await expect(corpus.labels()).rejects.toThrow("this corpus has no labels. Make it of jsonLines with a label.");
  await expect(corpus.tokens(2)).rejects.toThrow(
    "the texts of a document have the numbers 0 and 1 in this corpus, got 2",
  );
  await expect(corpusOf("a").pairs()).rejects.toThrow("this corpus has no pairs: its documents have one text.");
  const labelled = jsonLines([new Blob(['{"a": "x", "b": 2}\n{"a": "y", "b": -0.5}\n'])], {
    text: "a",
    label: { field: "b" },
  });
  expect(await corpusInMemory({ sources: labelled, tokenizer, shardTokens: 1 }).labels()).toEqual(
    Float32Array.of(2, -0.5),
  );
});

test("what is wrong with a source, and an abort, come to whoever asks next; a closed corpus refuses", async () => {
  const bad = corpusInMemory({ sources: textFiles([new Blob([Uint8Array.of(0xff)])], "lines"), tokenizer });
  await expect(bad.tokens()).rejects.toThrow("a blob is not UTF-8");
  await expect(bad.shard(0)).rejects.toThrow("a blob is not UTF-8");
  const stop = new AbortController();
  const aborted = corpusInMemory({ sources: textFiles([new Blob(["a\n"])], "lines"), tokenizer, signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(aborted.counts()).rejects.toThrow("enough");
  const closed = corpusOf("a");
  const tokens = await closed.tokens();
  await closed.close();
  await expect(closed.tokens()).rejects.toThrow("the corpus is closed");
  await expect(tokens.read(0, 1)).rejects.toThrow("the corpus is closed");
  const unknown = { ...tokenizer, encode: () => [300] };
  const sources = textFiles([new Blob(["a\nb\n"])], "lines");
  await expect(corpusInMemory({ sources, tokenizer: unknown }).counts()).rejects.toThrow(
    "document 1: the tokenizer (byte) gave the id 300, which is not from 0 to 255, so it cannot be kept. Its encode and its size contradict each other.",
  );
});
