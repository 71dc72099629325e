import { readFile } from "node:fs/promises";

import { fileInMemory, type StoredFile } from "@tenon/checkpoint";
import { CheckpointError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { loadFastText } from "./load.ts";

const folder = new URL("../../../../goldens/fasttext-models/", import.meta.url);
const read = async (name: string): Promise<Uint8Array> => new Uint8Array(await readFile(new URL(name, folder)));
const sound = await read("skip-gram.bin");
const classifier = await read("softmax.bin");
const quantized = await read("plain.ftz");
const pruned = await read("pruned.ftz");

/** What is said of a file after a change to its bytes. */
async function refusal(bytes: Uint8Array, change: (view: DataView) => void = () => undefined): Promise<string> {
  const changed = bytes.slice();
  change(new DataView(changed.buffer));
  const error: unknown = await loadFastText(fileInMemory("m.bin", changed)).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(CheckpointError);
  return (error as Error).message;
}
const int32 = (at: number, value: number) => (view: DataView) => view.setInt32(at, value, true);
const int64 = (at: number, value: bigint) => (view: DataView) => view.setBigInt64(at, value, true);
const find = (bytes: Uint8Array, text: string): number => Buffer.from(bytes).indexOf(text);
const damaged = "The file is damaged or was cut short: download or export it again.";

test("what is no file of fastText", async () => {
  const remedy = "Give a .bin or .ftz file of fastText; a .vec file is text.";
  expect(await refusal(new Uint8Array(3))).toBe(
    `m.bin, byte 0: the file has 3 bytes, too few for a fastText model. ${remedy}`,
  );
  expect(await refusal(new TextEncoder().encode("1762 10\nthe -0.6"))).toBe(
    `m.bin, byte 0: it begins with 842413873, not with fastText's magic number 793712314. ${remedy}`,
  );
  expect(await refusal(sound, int32(4, 13))).toBe(
    "m.bin, byte 4: it is of version 13; versions 11 and 12 are read. Save it with fastText 0.9.",
  );
});

test("settings that cannot be", async () => {
  const said = async (field: number, value: number): Promise<string> => refusal(sound, int32(8 + 4 * field, value));
  expect(await said(0, 0)).toBe(`m.bin, byte 8: the setting "dim" is 0; expected 1 to 2147483647. ${damaged}`);
  expect(await said(6, 5)).toBe(`m.bin, byte 32: the setting "loss" is 5; expected 1 to 4. ${damaged}`);
  expect(await said(7, 0)).toContain('byte 36: the setting "model" is 0; expected 1 to 3');
  expect(await said(10, -1)).toContain('byte 48: the setting "maxn" is -1');
  expect(await said(8, 0)).toContain('byte 40: the setting "bucket" is 0, but there are n-grams to put into buckets');
  expect(await refusal(sound, (view) => view.setFloat64(56, NaN, true))).toContain('byte 56: the setting "t" is NaN');
});

test("counts that contradict each other or the file's size, before anything is made to hold them", async () => {
  expect(await refusal(sound, int32(64, 28))).toBe(
    `m.bin, byte 64: the dictionary has 27 words and 0 labels, which are not 28 entries. ${damaged}`,
  );
  const many = (view: DataView): void => (int32(64, 2 ** 31 - 1)(view), int32(68, 2 ** 31 - 1)(view));
  expect(await refusal(sound, many)).toContain("byte 92: a dictionary of 2147483647 entries takes 21474836470 bytes");
  expect(await refusal(sound, int64(76, -5n))).toContain("byte 76: the number of tokens is -5; expected at least 0");
  expect(await refusal(sound, int64(84, 2n ** 60n))).toContain(
    "byte 84: the number of kept buckets is 1152921504606846976",
  );
  expect(await refusal(sound, int64(84, 10n ** 9n))).toContain("a dictionary of 27 entries takes 8000000270 bytes");
  expect(await refusal(sound, int32(8, 1_000_000))).toContain(
    "the input matrix has 124 × 8 numbers; by the settings and the dictionary it has 124 × 1000000",
  );
  const huge = (view: DataView): void => {
    const at = sound.length - 16 - 27 * 32 - 1 - 124 * 32 - 16;
    int32(8, 2 ** 30)(view);
    int64(at + 8, 2n ** 30n)(view);
  };
  expect(await refusal(sound, huge)).toContain("the input matrix of 124 × 1073741824 takes 532575944704 bytes, but");
});

test("words and kinds", async () => {
  const red = find(sound, "red\0");
  const other = find(sound, "bee\0");
  expect(
    await refusal(sound, (view) => [0x72, 0x65, 0x64].forEach((byte, i) => view.setUint8(other + i, byte))),
  ).toMatch(/^m\.bin, byte \d+: entries \d+ and \d+ are both "red"\./);
  expect(await refusal(sound, (view) => view.setUint8(red, 0xff))).toContain(`byte ${red}: the name of entry`);
  expect(await refusal(sound, (view) => view.setUint8(red, 0xff))).toContain("is not valid UTF-8");
  expect(await refusal(sound, (view) => view.setUint8(red + 12, 1))).toMatch(
    new RegExp(`byte ${red}: entry \\d+ is of kind 1; expected 0, a word`),
  );
  const label = find(classifier, "__label__");
  expect(await refusal(classifier, (view) => view.setUint8(label + 19, 0))).toContain("expected 1, a label");
  expect(await refusal(sound.subarray(0, red + 1))).toContain(`byte ${red}: the name of entry 19 does not end`);
});

test("quantised matrices and kept buckets", async () => {
  expect(await refusal(quantized, int64(84, 0n))).toContain("the input matrix has");
  const kept = Buffer.from(pruned).lastIndexOf("\x01\x01\x2c\x01\0\0\0\0\0\0\x06", undefined, "latin1");
  expect(kept).toBeGreaterThan(0);
  expect(await refusal(pruned, int32(kept - 4, 5000))).toMatch(/bucket \d+ has row 5000, but \d+ were kept/);
  const previous = new DataView(pruned.buffer, pruned.byteOffset).getInt32(kept - 12, true);
  expect(await refusal(pruned, int32(kept - 4, previous))).toContain(`or its row ${previous} is there twice`);
  expect(await refusal(pruned, int32(kept - 8, 5000))).toContain("bucket 5000 was kept, but there are 900");
  expect(await refusal(pruned, (view) => view.setUint8(kept, 2))).toContain(
    "whether the input is quantised is 2; expected 0 or 1",
  );
  expect(await refusal(pruned, (view) => view.setUint8(kept, 0))).toContain(
    "buckets were left out, as only quantised models do, but the input is not quantised",
  );
  expect(await refusal(pruned, int32(kept + 18, 601))).toContain("the input matrix has 601 codes for 300 rows of 6");
  expect(await refusal(pruned, int32(kept + 22 + 600 + 8, 2))).toContain(
    "say that 6 numbers are 2 parts of 2, the last 3",
  );
});

test("what is missing, left over, or changes while it is read", async () => {
  expect(await refusal(sound.subarray(0, sound.length - 1))).toContain(
    "the output matrix of 27 × 8 takes 864 bytes, but 863 are left",
  );
  expect(await refusal(Buffer.concat([sound, new Uint8Array(3)]))).toBe(
    `m.bin, byte ${sound.length}: the model ends here, but 3 bytes follow. ${damaged}`,
  );
  const broken: StoredFile = {
    ...fileInMemory("m.bin", sound),
    read: () => Promise.reject(new CheckpointError("m.bin became shorter")),
  };
  await expect(loadFastText(broken)).rejects.toThrow("m.bin became shorter");
});

test("a classifier of version 11 has no character n-grams, as the original reads it", async () => {
  const bytes = classifier.slice();
  int32(4, 11)(new DataView(bytes.buffer));
  const old = await loadFastText(fileInMemory("m.bin", bytes));
  expect(old.settings.subwords).toMatchObject({ longest: 0, wordNgrams: 2 });
  expect(old.dictionary.rows("cat")).toHaveLength(1);
  const vectors = sound.slice();
  int32(4, 11)(new DataView(vectors.buffer));
  expect((await loadFastText(fileInMemory("m.bin", vectors))).settings.subwords.longest).toBe(4);
});

test("what follows a plain input is plain, whatever the output's flag says, as the original reads it", async () => {
  const bytes = sound.slice();
  bytes[bytes.length - 27 * 32 - 17] = 1;
  const model = await loadFastText(fileInMemory("m.bin", bytes));
  expect(model.output).toEqual((await loadFastText(fileInMemory("m.bin", sound))).output);
});
