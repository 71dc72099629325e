import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { byteTokenizer, characterTokenizer, loadTokenizer, trainBytePairs, wordTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { decoded, lines, testFolder, text, tokenizer, written } from "../../test/folder.ts";
import { corpusInMemory } from "../corpus-in-memory.ts";
import { readRecords } from "../sources/read-records.ts";
import { jsonLines, textFiles } from "../sources/sources.ts";
import { fileBytes } from "./file-bytes.ts";
import type { OpenCorpusOptions } from "./open-corpus.ts";

const { at, open, hide, manifestFile } = testFolder();

test("a corpus is made, described, and used again by the next; from packed files too", async () => {
  await writeFile(at("a.txt"), gzipSync(text));
  const first = await open();
  expect(first.why).toBe("the corpus is made: the folder had none");
  expect(await decoded(first)).toBe(written);
  const manifest = await first.manifest();
  expect(manifest).toMatchObject({
    versions: { format: 1, tokenizers: "0.1.0", unicode: process.versions["unicode"] },
    sources: { kind: "text", documents: "lines", files: [{ path: at("a.txt"), bytes: gzipSync(text).length }] },
    tokenizers: [{ kind: "byte", size: 257 }],
    frame: { end: "end" },
    shardTokens: 200,
    complete: true,
    counts: { documents: 54, blank: 6, characters: [written.replaceAll("[END]", "").length] },
  });
  expect(await first.corpus.counts()).toEqual(manifest.counts);
  expect(manifest.shards.length).toBeGreaterThan(3);
  for (const { file, bytes, tokens } of manifest.shards) {
    expect((await stat(join(at("tokens"), file))).size).toBe(bytes);
    expect(tokens[0]).toBeLessThan(220);
  }
  const before = await stat(join(at("tokens"), manifest.shards[0]!.file));
  const second = await open();
  expect(second.why).toBe("the corpus of the folder is used");
  expect(await decoded(second)).toBe(written);
  expect(await second.manifest()).toEqual(manifest);
  expect((await stat(join(at("tokens"), manifest.shards[0]!.file))).mtimeMs).toBe(before.mtimeMs);
});

test("the tokens are those that are made in memory, documents, lengths, pairs and labels too", async () => {
  await writeFile(at("a.jsonl"), lines.map((line, i) => JSON.stringify({ a: line, b: `${i}`, n: i / 4 })).join("\n"));
  const options = {
    tokenizer: [characterTokenizer(text), wordTokenizer("0 1 2", { special: { unknown: "[UNK]" } })] as const,
    shardTokens: 50,
  };
  const rule = { text: ["a", "b"], label: { field: "n" } } as const;
  const disk = (await open({ ...options, frame: undefined, sources: jsonLines([at("a.jsonl")], rule) })).corpus;
  const memory = corpusInMemory({ ...options, sources: jsonLines([fileBytes(at("a.jsonl"))], rule) });
  expect(await disk.counts()).toEqual(await memory.counts());
  expect(await disk.labels()).toEqual(await memory.labels());
  expect(await disk.hashes()).toEqual(await memory.hashes());
  for (const column of [0, 1]) {
    const [a, b] = [await disk.tokens(column), await memory.tokens(column)];
    expect(await a.read(0, a.length)).toEqual(await b.read(0, b.length));
    expect(await (await disk.documents(column)).lengths()).toEqual(await (await memory.documents(column)).lengths());
  }
  const pairs = await disk.pairs();
  expect(await pairs.read([53, 0, 30])).toEqual(await (await memory.pairs()).read([53, 0, 30]));
  const { first } = await pairs.read([53]);
  expect(options.tokenizer[0].decode(first[0]!)).toBe(lines[59]);
  expect((await pairs.lengths()).first[53]).toBe(lines[59]!.length);
});

test("ids of a large vocabulary keep 4 bytes", async () => {
  await writeFile(at("a.txt"), "\u{10400}\u{1d11e}z");
  const vocabulary = Array.from({ length: 70_000 }, (_, i) => String.fromCodePoint(0x10000 + i));
  const large = characterTokenizer({ vocabulary: [...vocabulary, "z"] });
  const found = await open({ sources: textFiles([at("a.txt")], "whole"), tokenizer: large, frame: undefined });
  expect(await (await found.corpus.tokens()).read(0, 3)).toEqual(Int32Array.of(0x400, 0xd11e, 70_000));
});

test("whatever differs makes the corpus anew, says what, and takes the old shards away", async () => {
  await writeFile(at("a.txt"), text);
  await writeFile(at("b.txt"), text);
  await (await open()).manifest();
  const why = async (change: Partial<OpenCorpusOptions>): Promise<string> => {
    const found = await open(change);
    await found.manifest();
    const names = (await readdir(at("tokens"))).filter((name) => name.endsWith(".shard"));
    expect(names.toSorted()).toEqual((await manifestFile()).shards.map(({ file }) => file));
    return hide(found.why);
  };
  const anew = "the corpus is made anew:";
  expect(await why({ shardTokens: 100 })).toBe(`${anew} shardTokens is another: it was 200, and is 100`);
  expect(await why({ frame: undefined })).toBe(`${anew} the frame is another: it was {"end":"end"}, and is {}`);
  expect(await why({ tokenizer: byteTokenizer({ special: { end: "[E]" } }) })).toContain(
    `${anew} the tokenizer is another: it was [{"kind":"byte","sha256":"`,
  );
  await why({ sources: textFiles([at("a.txt")], "paragraphs") });
  const lines = textFiles([at("a.txt")], "lines");
  expect(await why({ sources: lines })).toBe(
    `${anew} the texts are read in another way: it was {"documents":"paragraphs","kind":"text"}, and is {"documents":"lines","kind":"text"}`,
  );
  expect(await why({ sources: textFiles([at("b.txt")], "lines") })).toBe(`${anew} PLACE/b.txt is another source file`);
  expect(await why({ sources: textFiles([at("b.txt"), at("a.txt")], "lines") })).toBe(
    `${anew} there are other source files`,
  );
  await why({});
  await writeFile(at("a.txt"), text.replace("line 1", "line x"));
  expect(await why({})).toBe(`${anew} PLACE/a.txt has changed`);
  const manifest = await manifestFile();
  await writeFile(at("tokens/manifest.json"), JSON.stringify({ ...manifest, shardTokens: 201 }));
  expect(await why({})).toBe(`${anew} its manifest was damaged or edited`);
});

test("what keeps it from beginning is refused by openCorpus itself", async () => {
  const refused = async (change: Partial<OpenCorpusOptions>): Promise<string> =>
    await open(change).then(
      () => "accepted",
      (error: Error) => hide(`${error.name}: ${error.message}`),
    );
  expect(await refused({})).toBe("ConfigError: cannot read PLACE/a.txt: there is no such file. Check the path.");
  await writeFile(at("a.txt"), text);
  await writeFile(at("file"), "");
  expect(await refused({ folder: at("file") })).toMatch(/^ConfigError: cannot write PLACE\/file: /);
  await mkdir(at("dir"));
  expect(await refused({ sources: textFiles([at("dir")], "lines") })).toBe(
    "ConfigError: cannot read PLACE/dir: it is a folder. Name a file in it.",
  );
  expect(await refused({ sources: textFiles([new Blob([])], "lines") })).toBe(
    "ConfigError: openCorpus: sources are paths here, which a worker opens. For anything else, use corpusInMemory.",
  );
  expect(await refused({ shardTokens: 0 })).toBe(
    "ConfigError: openCorpus: shardTokens is a whole number from 1 to 2^28, got 0",
  );
  expect(await refused({ frame: { begin: "start" } })).toBe(
    'ConfigError: frame.begin asks for the special token "start", which the tokenizer (byte) does not have: it has end. Name one of its roles, or a token by its text: { token: "…" }.',
  );
  expect(await refused({ frame: { end: { token: "[PAD]" } } })).toBe(
    'ConfigError: frame.end asks for the token "[PAD]", which the tokenizer (byte) does not have.',
  );
  expect(await refused({ tokenizer: [tokenizer, tokenizer] })).toBe(
    "ConfigError: openCorpus: two tokenizers are for pairs, and these sources have one text in each document",
  );
  const strange = { ...tokenizer, toJSON: () => ({ kind: "strange", version: 1, special: [] }) as const };
  expect(await refused({ tokenizer: strange })).toBe(
    'ConfigError: openCorpus: the worker cannot make the tokenizer again from its JSON (kind of a saved tokenizer is one of character, byte, word; got the string "strange"). With a tokenizer of your own, use corpusInMemory.',
  );
});

test("progress comes, and what it throws ends the making", async () => {
  await writeFile(at("a.txt"), text);
  const seen: { bytes: number; totalBytes?: number | undefined; tokens: number }[] = [];
  const { corpus } = await open({ onProgress: (progress) => seen.push(progress) });
  await corpus.counts();
  expect(seen.at(-1)).toMatchObject({ bytes: Buffer.byteLength(text), totalBytes: Buffer.byteLength(text) });
  expect(seen.at(-1)!.tokens).toBe((await corpus.counts()).tokens[0]);
  await rm(at("tokens"), { recursive: true });
  const bad = await open({
    onProgress: () => {
      throw new Error("no room on the screen");
    },
  });
  await expect(bad.corpus.counts()).rejects.toThrow("no room on the screen");
});

test("a corpus that is closed refuses", async () => {
  await writeFile(at("a.txt"), text);
  const { corpus } = await open();
  const tokens = await corpus.tokens();
  await corpus.close();
  await expect(corpus.documents()).rejects.toThrow("the corpus is closed");
  await expect(tokens.read(0, 1)).rejects.toThrow("the corpus is closed");
});

test("byte pairs, whose end has no role in tokenizer.json, are framed by its text", async () => {
  await writeFile(at("a.txt"), "the cat\nthe rat\n");
  const texts = (async function* () {
    for await (const { texts } of readRecords(textFiles([fileBytes(at("a.txt"))], "lines"))) yield texts[0]!;
  })();
  const special = { end: "<|endoftext|>" };
  const bytePairs = loadTokenizer(await trainBytePairs(texts, { maximumSize: 260, special }));
  const { corpus } = await open({ tokenizer: bytePairs, frame: { end: { token: "<|endoftext|>" } } });
  const tokens = await corpus.tokens();
  const ids = [...(await tokens.read(0, tokens.length))];
  expect(bytePairs.decode(ids)).toBe("the cat<|endoftext|>the rat<|endoftext|>");
  expect(ids.at(-1)).toBe(bytePairs.id("<|endoftext|>"));
});
