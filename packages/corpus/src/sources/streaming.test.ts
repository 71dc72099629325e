import { createGzip } from "node:zlib";

import { byteTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { corpusInMemory } from "../corpus-in-memory.ts";
import { readRecords } from "./read-records.ts";
import type { NamedBytes } from "./source-file.ts";
import { jsonLines, parallelText, type Sources, textFiles } from "./sources.ts";

/** A file without end: only who reads it as a stream gets anything of it. */
function endless(line: string): { readonly file: NamedBytes; readonly read: { bytes: number; closed: boolean } } {
  const chunk = new TextEncoder().encode(line.repeat(Math.ceil(4096 / line.length)));
  const read = { bytes: 0, closed: false };
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        read.bytes += chunk.length;
        yield chunk;
      }
    } finally {
      read.closed = true;
    }
  };
  return { file: { name: "endless", bytes }, read };
}

const kinds: [string, string, (file: NamedBytes) => Sources][] = [
  ["lines", "a line\n", (file) => textFiles([file], "lines")],
  ["paragraphs", "two\nlines\n\n", (file) => textFiles([file], "paragraphs")],
  ["separators", "text<|end|>\n", (file) => textFiles([file], { separator: "<|end|>" })],
  ["stretches", "some words\n", (file) => textFiles([file], { stretch: 50 })],
  ["JSON lines", '{"text": "words"}\n', (file) => jsonLines([file], { text: "text" })],
  ["parallel text", "a line\n", (file) => parallelText([[file, endless("another\n").file]])],
];

test.each(kinds)(
  "%s are read as they are asked for, and the file is closed by who stops",
  async (_, line, sourcesOf) => {
    const { file, read } = endless(line);
    let characters = 0;
    for await (const { texts } of readRecords(sourcesOf(file))) {
      characters += texts[0]!.length;
      if (characters > 50_000) break;
    }
    expect(read.bytes).toBeLessThan(4 * 50_000);
    expect(read.closed).toBe(true);
  },
);

test("packed bytes are unpacked as they are asked for", async () => {
  const zip = createGzip();
  const { file, read } = endless("many words and then some more\n");
  void (async () => {
    for await (const chunk of file.bytes()) {
      if (zip.destroyed) return;
      if (!zip.write(chunk)) await new Promise((resolve) => zip.once("drain", resolve));
    }
  })();
  const packed: NamedBytes = { name: "packed", bytes: () => zip };
  let lines = 0;
  for await (const _ of readRecords(textFiles([packed], "lines"))) if (++lines > 10_000) break;
  expect(read.bytes).toBeLessThan(100_000_000);
  expect(zip.destroyed).toBe(true);
});

test("shards of a text without end can be used, and closing ends the making", async () => {
  const { file, read } = endless("a line of words\n");
  const sources = textFiles([file], "lines");
  const corpus = corpusInMemory({ sources, tokenizer: byteTokenizer(), shardTokens: 1000 });
  expect((await corpus.shard(3))!.length).toBe(1005);
  const waiting = corpus.tokens();
  await corpus.close();
  await expect(waiting).rejects.toThrow("the corpus is closed");
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(read.closed).toBe(true);
});
