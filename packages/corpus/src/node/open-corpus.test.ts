import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { random } from "@tenon/tensor";
import { byteTokenizer, characterTokenizer, type Tokenizer, wordTokenizer } from "@tenon/tokenizers";
import { afterEach, beforeEach, expect, test } from "vitest";

import { streamedBatches } from "../batches/streamed-batches.ts";
import type { Corpus } from "../corpus.ts";
import { corpusInMemory } from "../corpus-in-memory.ts";
import { jsonLines, parallelText, textFiles } from "../sources/sources.ts";
import { fileBytes } from "./file-bytes.ts";
import type { CorpusManifest } from "./manifest.ts";
import { openCorpus, type OpenCorpusOptions, type OpenedCorpus } from "./open-corpus.ts";

let place = "";
const opened: Corpus[] = [];
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "tenon-corpus-"));
});
afterEach(async () => {
  for (const corpus of opened.splice(0)) await corpus.close();
  await rm(place, { recursive: true, force: true });
});
const at = (name: string): string => join(place, name);
const folder = (): string => at("tokens");

/** 60 lines of different lengths, some of them blank. */
const lines = Array.from({ length: 60 }, (_, i) => (i % 11 === 3 ? " " : `line ${i} ${"é".repeat(i % 7)}`));
const text = `${lines.join("\n")}\n`;
const tokenizer = byteTokenizer({ special: { end: "[END]" } });

async function open(change: Partial<OpenCorpusOptions> = {}): Promise<OpenedCorpus> {
  const sources = textFiles([at("a.txt")], "lines");
  const found = await openCorpus({
    folder: folder(),
    sources,
    tokenizer,
    frame: { end: "end" },
    shardTokens: 120,
    ...change,
  });
  opened.push(found.corpus);
  return found;
}
async function decoded({ corpus }: OpenedCorpus, by: Tokenizer = tokenizer): Promise<string> {
  const tokens = await corpus.tokens();
  return by.decode(await tokens.read(0, tokens.length));
}
const written = lines
  .filter((line) => line !== " ")
  .map((line) => `${line}[END]`)
  .join("");
const manifestFile = async (): Promise<CorpusManifest> =>
  JSON.parse(await readFile(at("tokens/manifest.json"), "utf8")) as CorpusManifest;

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
    shardTokens: 120,
    complete: true,
    counts: { documents: 55, blank: 5, characters: [written.replaceAll("[END]", "").length] },
  });
  expect(await first.corpus.counts()).toEqual(manifest.counts);
  expect(manifest.shards.length).toBeGreaterThan(5);
  for (const { file, bytes, tokens } of manifest.shards) {
    expect((await stat(join(folder(), file))).size).toBe(bytes);
    expect(tokens[0]).toBeLessThan(140);
  }
  const before = await stat(join(folder(), manifest.shards[0]!.file));
  const second = await open();
  expect(second.why).toBe("the corpus of the folder is used");
  expect(await decoded(second)).toBe(written);
  expect(await second.manifest()).toEqual(manifest);
  expect((await stat(join(folder(), manifest.shards[0]!.file))).mtimeMs).toBe(before.mtimeMs);
});

test("the tokens are those that are made in memory, documents, lengths, pairs and labels too", async () => {
  await writeFile(at("a.jsonl"), lines.map((line, i) => JSON.stringify({ a: line, b: `${i}`, n: i / 4 })).join("\n"));
  const options = {
    tokenizer: [characterTokenizer(text), wordTokenizer("0 1 2", { special: { unknown: "?" } })] as const,
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
  expect(await pairs.read([54, 0, 30])).toEqual(await (await memory.pairs()).read([54, 0, 30]));
  const { first } = await pairs.read([54]);
  expect(options.tokenizer[0].decode(first[0]!)).toBe(lines[59]);
  expect((await pairs.lengths()).first[54]).toBe(lines[59]!.length);
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
    const names = (await readdir(folder())).filter((name) => name.endsWith(".shard"));
    expect(names.toSorted()).toEqual((await manifestFile()).shards.map(({ file }) => file));
    return found.why.replaceAll(place, "PLACE");
  };
  const anew = "the corpus is made anew:";
  expect(await why({ shardTokens: 100 })).toBe(`${anew} shardTokens is another: it was 120, and is 100`);
  expect(await why({ frame: undefined })).toBe(`${anew} the frame is another: it was {"end":"end"}, and is {}`);
  expect(await why({ tokenizer: byteTokenizer({ special: { end: "[E]" } }) })).toContain(
    `${anew} the tokenizer is another: it was [{"kind":"byte","sha256":"`,
  );
  expect(await why({ sources: textFiles([at("a.txt")], "paragraphs") })).toContain(`${anew} the tokenizer is another`);
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
  await writeFile(at("tokens/manifest.json"), JSON.stringify({ ...manifest, shardTokens: 121 }));
  expect(await why({})).toBe(`${anew} its manifest was damaged or edited`);
});

test("a damaged shard and one that is gone are made again, and are what they were", async () => {
  await writeFile(at("a.txt"), text);
  const before = await (await open()).manifest();
  const [first, second, third] = before.shards.map(({ file }) => join(folder(), file));
  const bytes = await readFile(second!);
  const damaged = Buffer.from(bytes);
  damaged[5]! ^= 1;
  await writeFile(second!, damaged);
  await rm(third!);
  const untouched = (await stat(first!)).mtimeMs;
  const found = await open();
  expect(found.why).toBe("the corpus of the folder is used, but shards 1, 2 were damaged or gone and are made again");
  expect(await decoded(found)).toBe(written);
  expect(await found.manifest()).toEqual(before);
  expect(await readFile(second!)).toEqual(bytes);
  expect((await stat(first!)).mtimeMs).toBe(untouched);
  expect(await manifestFile()).toEqual(await manifestFile());
});

test("a making that was ended goes on with the shards that are done, and gives the same", async () => {
  await writeFile(at("a.txt"), text);
  const whole = await (await open()).manifest();
  const { sha256, ...first } = { ...whole, complete: false, shards: whole.shards.slice(0, 3), sha256: "" };
  const { printManifest } = await import("./parse-manifest.ts");
  await writeFile(at("tokens/manifest.json"), printManifest(first));
  for (const { file } of whole.shards.slice(3)) await rm(join(folder(), file));
  const untouched = (await stat(join(folder(), whole.shards[0]!.file))).mtimeMs;
  const found = await open();
  expect(found.why).toBe("the corpus of the folder was not finished: its 3 shards are used");
  expect(await decoded(found)).toBe(written);
  expect(await found.manifest()).toEqual(whole);
  expect((await stat(join(folder(), whole.shards[0]!.file))).mtimeMs).toBe(untouched);
});

test("an abort ends it, at once for whoever waits; what was done is there for the next", async () => {
  const long = Array.from({ length: 40_000 }, (_, i) => `line ${i} of a long text`).join("\n");
  await writeFile(at("a.txt"), long);
  const stop = new AbortController();
  const options = { shardTokens: 30_000, frame: undefined };
  const { corpus } = await open({ ...options, signal: stop.signal });
  const batches = streamedBatches({ corpus, context: 50, batch: 4, random: random(1) });
  const early = await batches(0);
  const waiting = corpus.tokens();
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(batches(0)).resolves.toEqual(early);
  const again = await open(options);
  expect(again.why).toMatch(/was not finished: its \d+ shards are used/);
  expect(await decoded(again)).toBe(long.replaceAll("\n", ""));
  const later = streamedBatches({ corpus: again.corpus, context: 50, batch: 4, random: random(1) });
  expect(await later(0)).toEqual(early);
  await expect(open({ signal: AbortSignal.abort(new Error("never")) })).rejects.toThrow("never");
});

test("two that make the same corpus at once do not disturb each other", async () => {
  await writeFile(at("a.txt"), text);
  const both = await Promise.all([open(), open()]);
  for (const found of both) expect(await decoded(found)).toBe(written);
  expect(await both[0].manifest()).toEqual(await both[1].manifest());
  expect((await open()).why).toBe("the corpus of the folder is used");
});

test("whoever reads a corpus that another makes anew gets what was there, or an error, never other tokens", async () => {
  await writeFile(at("a.txt"), text);
  const old = await open();
  await old.manifest();
  await (await open({ tokenizer: characterTokenizer(text, { special: { end: "[END]" } }) })).manifest();
  await expect(decoded(old)).rejects.toThrow(
    /\.shard is gone: another process has made this folder's corpus anew, or somebody has touched it\. Open the corpus again\.$/,
  );
});

test("an error of the worker comes to whoever asks next, and is Tenon's", async () => {
  await writeFile(at("a.de"), "ja\n".repeat(200));
  await writeFile(at("a.en"), "yes\n".repeat(201));
  const { corpus } = await open({ sources: parallelText([[at("a.de"), at("a.en")]]) });
  await expect(corpus.pairs()).rejects.toThrow(
    expect.objectContaining({ name: "ConfigError", message: expect.stringContaining("a.de has 200 lines and ") }),
  );
  await expect(corpus.shard(0)).rejects.toThrow("a.en has 201");
});

test("what keeps it from beginning is refused by openCorpus itself", async () => {
  const refused = async (change: Partial<OpenCorpusOptions>): Promise<string> =>
    await open(change).then(
      () => "accepted",
      (error: Error) => `${error.name}: ${error.message.replaceAll(place, "PLACE")}`,
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
    'ConfigError: frame.begin asks for the special token "start", which the tokenizer (byte) does not have: it has end. Name one of its roles, or give it that token.',
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
  await rm(folder(), { recursive: true });
  const bad = await open({
    onProgress: () => {
      throw new Error("no room on the screen");
    },
  });
  await expect(bad.corpus.counts()).rejects.toThrow("no room on the screen");
});

test("what a killed process has left is taken away when it is old", async () => {
  await writeFile(at("a.txt"), text);
  await mkdir(folder());
  const [old, young, other] = [at("tokens/x.shard.1-1-0.tmp"), at("tokens/y.shard.1-1-0.tmp"), at("tokens/notes.txt")];
  for (const path of [old, young, other]) await writeFile(path, "");
  await utimes(old, 1, 1);
  await (await open()).manifest();
  const names = await readdir(folder());
  expect(names).not.toContain("x.shard.1-1-0.tmp");
  expect(names).toContain("y.shard.1-1-0.tmp");
  expect(names).toContain("notes.txt");
});

test("a corpus that is closed refuses", async () => {
  await writeFile(at("a.txt"), text);
  const { corpus } = await open();
  const tokens = await corpus.tokens();
  await corpus.close();
  await expect(corpus.documents()).rejects.toThrow("the corpus is closed");
  await expect(tokens.read(0, 1)).rejects.toThrow("the corpus is closed");
});
