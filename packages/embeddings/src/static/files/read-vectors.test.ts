import { isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { encodeVectors } from "./encode-vectors.ts";
import { type ReadVectors, readVectors, type ReadVectorsOptions } from "./read-vectors.ts";
import { describeRepairs } from "./repairs.ts";
import { WordVectors } from "../word-vectors.ts";

const bytesOf = (...parts: (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : [...part])),
  );
const floats = (...x: number[]): number[] => [...new Uint8Array(Float32Array.from(x).buffer)];

async function refusal(bytes: Uint8Array, options: ReadVectorsOptions = {}): Promise<string> {
  const error: unknown = await readVectors(bytes, { name: "sky.vec", ...options }).catch((error: unknown) => error);
  if (!isTenonError(error, "CheckpointError")) throw error;
  return error.message;
}
const told = ({ vectors, format, repairs }: ReadVectors): unknown => [
  format,
  Object.fromEntries(vectors.words.map((word) => [word, [...vectors.vector(word)!]])),
  Object.fromEntries(repairs),
];

/** What is wrong, the file, what is said, and what comes of it with `repair`: words, and what was mended. */
const damaged: readonly (readonly [string, Uint8Array, string, string?, string?])[] = [
  ["nothing", bytesOf(""), "sky.vec, line 1: the file is empty. Check the path."],
  [
    "no numbers",
    bytesOf("once upon a time\n"),
    "line 1: it does not end with a number. This is no text of word vectors",
  ],
  [
    "too few vectors",
    bytesOf("3 2\nsun 1 0\nmoon 1 1\n"),
    "sky.vec, line 4: the file ends, though its header says 3 vectors. Get the file again, or ask for `repair`: wrong count, what is there counts, not what the header says.",
    "sun,moon",
    "1 × wrong count",
  ],
  [
    "too many vectors",
    bytesOf("1 2\nsun 1 0\nmoon 1 1\nstar 0 0\n"),
    "line 3: the header says 1 vectors, but there are more",
    "sun,moon,star",
    "1 × wrong count",
  ],
  [
    "a header that the file has no room for",
    bytesOf("4000000000 300\nsun 1 0\n"),
    "line 1: the header says 4000000000 vectors of 300 numbers, and the file's 23 bytes cannot hold them",
  ],
  [
    "huge vectors",
    bytesOf("1 4000000000\nsun 1 0\n"),
    "line 1: the header says 1 vectors of 4000000000 numbers, but a vector has at most 65536",
  ],
  ["no vectors", bytesOf("0 2\n"), "line 1: the header says 0 vectors of 2 numbers, and that is none"],
  [
    "too few numbers",
    bytesOf("sun 1 0\nmoon 1\nstar 1 2\n"),
    'line 2: the word "moon" is followed by 1 fields, not 2 as in line 1',
    "sun,star",
    "1 × wrong length",
  ],
  [
    "too many numbers",
    bytesOf("2 2\nsun 1 0\nmoon 1 2 3\n"),
    'line 3: the word "moon" is followed by 3 fields, not the 2 that the header says',
    "sun",
    "1 × wrong length",
  ],
  [
    "a word with a space below a header",
    bytesOf("2 2\nsun 1 0\nnew york 1 2\n"),
    'line 3: the word "new" is followed by 3 fields',
    "sun",
    "1 × wrong length",
  ],
  [
    "what is no number",
    bytesOf("sun 1 0\nmoon 1 nan\n"),
    'line 2: "nan", among the numbers of "moon", is none',
    "sun",
    "1 × no number",
  ],
  [
    "a number too large",
    bytesOf("sun 1 0\nmoon 1 1e39\n"),
    "line 2: a number is beyond what a 32-bit float holds",
    "sun",
    "1 × no number",
  ],
  [
    "a word twice",
    bytesOf("sun 1 0\nmoon 1 1\nsun 2 2\n"),
    'line 3: the word "sun" has come before',
    "sun,moon",
    "1 × repeated word",
  ],
  [
    "no word",
    bytesOf("sun 1 0\n 1 1\n"),
    "line 2: the line begins with a blank, not with a word",
    "sun",
    "1 × empty word",
  ],
  ["an empty line", bytesOf("sun 1 0\n\n"), "line 2: the line is empty", "sun", "1 × empty word"],
  [
    "lines of Windows",
    bytesOf("2 2\r\nsun 1 0\r\nmoon 1 1\r\n"),
    "line 1: the line ends with CR LF, as Windows writes it. Get the file again, or ask for `repair`: carriage return, at the end of a line: dropped.",
    "sun,moon",
    "3 × carriage return",
  ],
  [
    "a byte order mark",
    bytesOf([0xef, 0xbb, 0xbf], "sun 1 0\n"),
    "line 1: the file begins with a byte order mark",
    "sun",
    "1 × byte order mark",
  ],
  [
    "a word in Latin 1",
    bytesOf("sun 1 0\nna", [0xef], "ve 1 1\n"),
    'line 2: the word "na\uFFFDve" is not UTF-8',
    "sun,na\uFFFDve",
    "1 × invalid UTF-8",
  ],
  ["a line without end", new Uint8Array(3e6).fill(0x61), "line 1: it does not end within 2097152 bytes"],
  ["a zip archive", bytesOf("PK", [3, 4, 0]), "byte 0: it is a zip archive. Unpack it first."],
  ["a fastText model", bytesOf([0xba, 0x16, 0x4f, 0x2f, 12, 0, 0, 0]), "byte 0: it is a fastText model."],
  [
    "a binary that is cut short",
    bytesOf("2 2\nsun ", floats(1, 0), "\nmoon ", floats(1)),
    "byte 17, vector 2: the file ends within a vector",
    "sun",
    "1 × cut short",
  ],
  [
    "a binary with too few vectors",
    bytesOf("2 2\nalongword ", floats(1, 0.3), "\n"),
    "byte 22, vector 2: the file ends, though its header says 2 vectors",
    "alongword",
    "1 × wrong count",
  ],
  [
    "a binary that goes on",
    bytesOf("1 2\nsun ", floats(1, 0.3), "\nmore"),
    "byte 17: the file goes on behind the 1 vectors of its header",
    "sun",
    "1 × bytes behind the last vector",
  ],
  [
    "a binary with a vector without a word",
    bytesOf("2 2\n ", floats(1, 0.3), "sun ", floats(1, 0.3)),
    "byte 4, vector 1: there is a vector without a word",
    "sun",
    "1 × empty word",
  ],
  [
    "a binary with NaN",
    bytesOf("2 2\na ", floats(NaN, 0.3), "b ", floats(1, 0.3)),
    "byte 4, vector 1: the vector has a number that is not finite",
    "b",
    "1 × no number",
  ],
  [
    "a binary in which a word occurs twice",
    bytesOf("2 2\na ", floats(1, 0.3), "a ", floats(1, 0.3)),
    'byte 14, vector 2: the word "a" has come before',
    "a",
    "1 × repeated word",
  ],
  [
    "a binary of one word",
    bytesOf("1 2\n", new Array<number>(70_000).fill(0x82)),
    "byte 4, vector 1: no word ends within 65536 bytes",
  ],
];

test.for(damaged)("%s is refused with its place, and mended on request", async ([, bytes, message, words, mended]) => {
  expect(await refusal(bytes)).toContain(message);
  if (words === undefined) return expect(await refusal(bytes, { repair: true })).toContain("sky.vec");
  const { vectors, repairs } = await readVectors(bytes, { repair: true });
  expect([vectors.words.join(), describeRepairs(repairs)]).toEqual([words, [expect.stringContaining(mended!)]]);
});

test("what the programs write is read: blanks at the ends of lines, line breaks behind vectors or none, words with spaces", async () => {
  const ofFastText = bytesOf("2 2\nsun 0.5 -1e-05 \nmoon 1 2 \n");
  expect(told(await readVectors(ofFastText))).toEqual([
    "word2vec",
    { sun: [0.5, Math.fround(-1e-5)], moon: [1, 2] },
    {},
  ]);
  const sky = { sun: [0.3, 1e-9].map(Math.fround), moon: [3, 4] };
  for (const end of ["", "\n"]) {
    const binary = bytesOf("2 2\nsun ", floats(...sky.sun), end, "moon ", floats(...sky.moon), end);
    expect(told(await readVectors(binary))).toEqual(["word2vec-binary", sky, {}]);
  }
  const ofGlove = bytesOf(". . . 1 2\nat name@domain.com 3 4\n\u00a0 5 6");
  expect(told(await readVectors(ofGlove))).toEqual([
    "glove",
    { ". . .": [1, 2], "at name@domain.com": [3, 4], "\u00a0": [5, 6] },
    {},
  ]);
  // A first line of two numbers is taken for a header; whoever knows better says so.
  expect(told(await readVectors(bytesOf("7 2\n8 3\n"), { format: "glove" }))).toEqual([
    "glove",
    { "7": [2], "8": [3] },
    {},
  ]);
});

test("only as much is fetched as the first vectors take", async () => {
  let fetched = 0;
  let isClosed = false;
  async function* lines(): AsyncGenerator<Uint8Array> {
    try {
      for (let i = 0; i < 100_000; i++) {
        yield bytesOf(`word${i} ${i} 0.5\n`);
        fetched++;
      }
    } finally {
      isClosed = true;
    }
  }
  const { vectors } = await readVectors(lines(), { first: 3, format: "glove" });
  expect([vectors.words, vectors.data.buffer.byteLength, fetched < 10, isClosed]).toEqual([
    ["word0", "word1", "word2"],
    24,
    true,
    true,
  ]);
  const binary = bytesOf("2 2\na ", floats(1, 0.3), "b ", floats(NaN, 1));
  expect((await readVectors(binary, { first: 1 })).vectors.words).toEqual(["a"]);
});

test("a packed file that is damaged, and options that make no sense, are refused", async () => {
  const packed: Uint8Array[] = [];
  const vectors = new WordVectors({ words: ["sun"], data: Float32Array.of(1, 2) });
  for await (const piece of encodeVectors(vectors, { format: "glove", gzip: true })) packed.push(piece);
  const [bytes] = [Uint8Array.from(packed.flatMap((piece) => [...piece]))];
  expect(await refusal(bytes.subarray(0, -6))).toMatch(
    /^cannot unpack sky.vec: .*The file is damaged or was cut short/,
  );
  bytes[14]! ^= 0xff;
  expect(await refusal(bytes)).toMatch(/^cannot unpack sky.vec/);
  await expect(readVectors(bytes, { first: 0 })).rejects.toThrow("`first` is a whole number from 1 up, got 0");
  await expect(readVectors(bytes, { format: "csv" as "glove" })).rejects.toThrow('there is no format "csv"');
});
