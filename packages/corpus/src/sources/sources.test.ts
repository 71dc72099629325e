import { gzipSync } from "node:zlib";

import { isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { readRecords, type TextRecord } from "./read-records.ts";
import type { NamedBytes } from "./source-file.ts";
import { type DocumentRule, jsonLines, parallelText, type Sources, textFiles } from "./sources.ts";

/** A file whose bytes come in chunks of `size`. */
function inChunks(bytes: Uint8Array | string, size: number, name = "a.txt"): NamedBytes {
  const all = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return {
    name,
    async *bytes() {
      for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
    },
  };
}
async function textsOf(sources: Sources): Promise<string[]> {
  const all: string[] = [];
  for await (const { texts } of readRecords(sources)) all.push(texts.join(" | "));
  return all;
}
async function refused(sources: Sources): Promise<string> {
  const error: unknown = await textsOf(sources).catch((error: unknown) => error);
  if (!isTenonError(error, "ConfigError")) throw error;
  return error.message;
}
const sizes = [1, 2, 3, 5, 1000];
const read = async (text: string, rule: DocumentRule, size: number): Promise<string[]> =>
  await textsOf(textFiles([inChunks(text, size)], rule));

test("documents are the same wherever chunks end, with LF and CR LF, packed or not, with a byte order mark or without", async () => {
  const text = "Größe 🐈\nzwei\n\n \nÿ — drei\n";
  const expected = new Map<DocumentRule, string[]>([
    ["whole", [text]],
    ["lines", ["Größe 🐈", "zwei", "", "", "ÿ — drei"]],
    ["paragraphs", ["Größe 🐈\nzwei", "ÿ — drei"]],
    [{ separator: "\nzw" }, ["Größe 🐈", "ei\n\n \nÿ — drei"]],
    [{ stretch: 6 }, ["Größe 🐈\n", "zwei\n\n", " \nÿ — drei\n"]],
  ]);
  for (const [rule, documents] of expected) {
    for (const written of [text, text.replaceAll("\n", "\r\n"), `\ufeff${text}`]) {
      for (const size of sizes) {
        expect(await read(written, rule, size)).toEqual(documents);
        const packed = inChunks(gzipSync(written), size);
        expect(await textsOf(textFiles([packed], rule))).toEqual(documents);
      }
    }
  }
});

test("stretches joined are the text, are long enough, and end after a line break where there is one near", async () => {
  const text = `${"ab\n".repeat(7)}${"🐈".repeat(20)}\n${"word ".repeat(9)}\n`;
  for (const stretch of [1, 2, 3, 7, 30, 500]) {
    const whole = await read(text, { stretch }, 4);
    expect(whole.join("")).toBe(text);
    for (const each of whole.slice(0, -1)) {
      expect(each.length).toBeGreaterThanOrEqual(stretch);
      expect(each.length).toBeLessThanOrEqual(2 * stretch + 1);
      expect(each.isWellFormed()).toBe(true);
      if (each.slice(stretch - 1).includes("\n")) expect(each.endsWith("\n")).toBe(true);
    }
  }
});

test("what stands between separators loses the line breaks at its ends; behind the last there may be nothing", async () => {
  for (const size of sizes) {
    const text = "\none\n<|end|>\ntwo\n\nthree<|end|><|end|>\n";
    expect(await read(text, { separator: "<|end|>" }, size)).toEqual(["one", "two\n\nthree", ""]);
  }
});

test("a CR without LF is text, and an empty file has no lines", async () => {
  for (const size of sizes) expect(await read("a\rb\r", "lines", size)).toEqual(["a\rb\r"]);
  expect(await read("", "lines", 1)).toEqual([]);
  expect(await textsOf(textFiles([inChunks(new Uint8Array(), 1)], { stretch: 2 }))).toEqual([]);
});

test("bytes that are no UTF-8 are refused with line and byte, wherever chunks end", async () => {
  const bytes = Uint8Array.of(0x61, 10, 0xc3, 0xa4, 0xe2, 0x82, 0x28, 0x62);
  for (const size of sizes) {
    const [bad, cut] = [inChunks(bytes, size), inChunks(bytes.subarray(0, 6), size)];
    expect(await refused(textFiles([bad], "lines"))).toBe(
      "a.txt is not UTF-8: byte 6, 0x28 in line 2, cannot stand there. Convert the file to UTF-8, with iconv for example.",
    );
    expect(await refused(textFiles([cut], "lines"))).toBe(
      "a.txt is not UTF-8: it ends in line 2, after 6 bytes, in the midst of a character. It may have been cut; get it again.",
    );
  }
});

test("packed bytes that are cut or damaged are refused; what the source throws is passed on", async () => {
  const packed = gzipSync("one\ntwo\n");
  const message =
    "a.txt begins like a file packed with gzip, but cannot be unpacked: it is damaged, cut off, or several in one. Unpack it with gunzip, or get it again.";
  expect(await refused(textFiles([inChunks(packed.subarray(0, -9), 5)], "lines"))).toBe(message);
  packed[14]! ^= 0xff;
  expect(await refused(textFiles([inChunks(packed, 5)], "lines"))).toBe(message);
  const broken: NamedBytes = {
    name: "net",
    async *bytes() {
      yield gzipSync("one\n").subarray(0, 12);
      throw new Error("the line is dead");
    },
  };
  await expect(textsOf(textFiles([broken], "lines"))).rejects.toThrow("the line is dead");
});

test("pages' files: File, Response, stream; a path and an error page are refused", async () => {
  const stream = new Blob(["three\n"]).stream();
  const files = [new File(["one\n"], "one.txt"), new Response("two\n"), stream];
  expect(await textsOf(textFiles(files, "lines"))).toEqual(["one", "two", "three"]);
  const wrong = new File([Uint8Array.of(0xff)], "one.txt");
  expect(await refused(textFiles([wrong], "lines"))).toContain("one.txt is not UTF-8: byte 0, 0xff in line 1");
  expect(await refused(textFiles(["stories.txt"], "lines"))).toBe(
    'the path "stories.txt" cannot be read here. In Node, use openCorpus or fileBytes of @tenon/corpus/node; in a page, pass a File, a Blob or a Response.',
  );
  expect(await refused(textFiles([new Response("gone", { status: 404 })], "lines"))).toBe(
    "a response answered 404, so there is no text to read.",
  );
  expect(await refused(textFiles([{} as NamedBytes], "lines"))).toContain("this is none of them");
});

test("JSON lines give texts, pairs and labels, and pass over blank lines", async () => {
  const file = inChunks(
    '{"de": "ja", "en": "yes", "stars": 2.5, "mood": "sad"}\r\n\n{"de":"\\u00e4","en":"","mood":"glad"}',
    3,
  );
  const mood = { field: "mood", classes: ["glad", "sad"] };
  const records: TextRecord[] = [];
  for await (const each of readRecords(jsonLines([file], { text: ["de", "en"], label: mood }))) records.push(each);
  expect(records).toEqual([
    { texts: ["ja", "yes"], label: 1 },
    { texts: ["ä", ""], label: 0 },
  ]);
  const stars = jsonLines([file], { text: "de", label: { field: "stars" } });
  expect((await readRecords(stars).next()).value).toEqual({ texts: ["ja"], label: 2.5 });
  expect(await refused(stars)).toBe(
    'a.txt, line 3: the label "stars" should be a number, and is missing. For labels that are strings, list them as classes.',
  );
});

test("lines that are no such object are refused by their number", async () => {
  const refusedLine = async (line: string): Promise<string> =>
    await refused(
      jsonLines([inChunks(`{"text": "a", "label": "b"}\n${line}`, 7, "a.jsonl")], {
        text: "text",
        label: { field: "label", classes: ["b"] },
      }),
    );
  expect(await refusedLine("{")).toMatch(
    /^a\.jsonl, line 2 is not JSON: .*\. JSON lines have one whole object in each line\.$/,
  );
  expect(await refusedLine("[1]")).toBe(
    "a.jsonl, line 2 is no object, but [1]. JSON lines have one object in each line.",
  );
  expect(await refusedLine("{}")).toBe(
    'a.jsonl, line 2: "text" should be a text, and is missing. The object has the keys of none.',
  );
  expect(await refusedLine('{"text": 3}')).toBe(
    'a.jsonl, line 2: "text" should be a text, and is 3. The object has the keys text.',
  );
  expect(await refusedLine('{"text": "a", "label": "c"}')).toBe(
    'a.jsonl, line 2: the label "label" should be one of b, and is "c".',
  );
});

test("parallel text keeps its lines together, and two files of unequal length are refused with both counts", async () => {
  const [german, english] = [inChunks("ja\n\nnein", 2, "a.de"), inChunks("yes\nmaybe\nno\n", 5, "a.en")];
  expect(await textsOf(parallelText([[german, english]]))).toEqual(["ja | yes", " | maybe", "nein | no"]);
  const longer = inChunks("yes\nmaybe\nno\nnever\never\n", 5, "a.en");
  const message = (left: string, right: string): string =>
    `parallelText: ${left} lines and ${right}: line by line they cannot belong together. Compare their ends, or look for a line that one of them lacks.`;
  expect(await refused(parallelText([[german, longer]]))).toBe(message("a.de has 3", "a.en has 5"));
  expect(await refused(parallelText([[longer, german]]))).toBe(message("a.en has 5", "a.de has 3"));
});

test("bad options are refused by name", () => {
  expect(() => textFiles([], "lines")).toThrow("textFiles: takes a list of files with at least one in it");
  for (const rule of [
    "words",
    { separator: "" },
    { stretch: 0 },
    { stretch: 1.5 },
    { separator: "a", stretch: 3 },
    { lines: 1 },
    null,
  ]) {
    expect(() => textFiles([german()], rule as DocumentRule)).toThrow(
      `textFiles: documents are "whole", "lines", "paragraphs", { separator: "…" } or { stretch: a whole number from 1 up }, got ${JSON.stringify(rule)}`,
    );
  }
  expect(() => jsonLines([german()], { text: [] as never })).toThrow("jsonLines: text is one key or two, got []");
  expect(() => jsonLines([german()], { text: "a", label: { field: "b", classes: ["c", "c"] } })).toThrow(
    "the list of them all, each once, as classes",
  );
  expect(() => parallelText([[german()]] as never)).toThrow("parallelText: takes a list of pairs of files");
});

const german = (): NamedBytes => inChunks("ja\n", 1);
