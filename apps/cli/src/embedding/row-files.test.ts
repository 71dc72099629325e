import { appendFile, type FileHandle, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { random } from "@tenon/tensor";
import { afterAll, beforeAll, expect, test } from "vitest";

import { batchesByLength } from "./batches.ts";
import { jsonRow, jsonRowFile } from "./json-row-file.ts";
import { npyRowFile } from "./npy-row-file.ts";
import type { Row } from "./row.ts";
import { writeAll } from "./write-all.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "tenon-rows-"))));
afterAll(() => rm(folder, { recursive: true }));

const dice = random(1);
const rows = ["a", "", 'x "y"\\', "🙂"].map((text): Row => ({
  text,
  vector: Float32Array.from({ length: 3 }, () => dice.normal()),
}));

test("a .npy file is what NumPy documents, and goes on after it was cut anywhere", async () => {
  const path = join(folder, "rows.npy");
  const file = await npyRowFile(path, 3, false);
  expect(file.rows).toBe(0);
  await file.append(rows.slice(0, 2));
  await file.append(rows.slice(2));
  await file.close();
  const whole = await readFile(path);
  expect(whole.subarray(0, 10)).toEqual(Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0]));
  expect(whole.subarray(10, 128).toString("latin1")).toBe(
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 3), }".padEnd(117) + "\n",
  );
  expect(new Float32Array(whole.buffer.slice(whole.byteOffset + 128))).toEqual(
    Float32Array.from(rows.flatMap(({ vector }) => [...vector])),
  );
  for (const size of [128, 130, 140, 151, whole.length]) {
    await truncate(path, size);
    const again = await npyRowFile(path, 3, true);
    expect(again.rows).toBe(Math.floor((size - 128) / 12));
    await again.append(rows.slice(again.rows));
    await again.close();
    expect(await readFile(path)).toEqual(whole);
  }
  await expect(npyRowFile(path, 4, true)).rejects.toThrow(
    /is no file of vectors of 4 numbers that `tenon embed` wrote/,
  );
});

test("lines of JSON go on after a half-written one", async () => {
  const path = join(folder, "rows.jsonl");
  const file = await jsonRowFile(path, false);
  await file.append(rows.slice(0, 2));
  await file.close();
  await appendFile(path, jsonRow(rows[2]!).slice(0, 9));
  const again = await jsonRowFile(path, true);
  expect(again.rows).toBe(2);
  await again.append(rows.slice(2));
  await again.close();
  const read = (await readFile(path, "utf8")).trimEnd().split("\n");
  expect(read).toHaveLength(4);
  for (const [i, line] of read.entries()) {
    const { text, embedding } = JSON.parse(line) as { text: string; embedding: number[] };
    expect(text).toBe(rows[i]!.text);
    expect(Float32Array.from(embedding)).toEqual(rows[i]!.vector);
  }
});

test("what the system writes in parts is written whole", async () => {
  const written = new Uint8Array(9);
  const file = {
    write(bytes: Uint8Array, offset: number, length: number, position: number) {
      const bytesWritten = Math.min(length, 2);
      written.set(bytes.subarray(offset, offset + bytesWritten), position);
      return Promise.resolve({ bytesWritten });
    },
  } as unknown as FileHandle;
  await writeAll(file, Uint8Array.of(1, 2, 3, 4, 5), 3);
  expect([...written]).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 0]);
});

test("batches hold texts of similar lengths, within a budget of tokens, each text once", () => {
  const texts = Array.from({ length: 50 }, () => Array<number>(dice.integer(30)).fill(1));
  const batches = batchesByLength(texts, 64);
  expect(
    batches
      .flat()
      .map(({ place }) => place)
      .sort((a, b) => a - b),
  ).toEqual([...texts.keys()]);
  for (const batch of batches) {
    expect(batch.length === 1 || batch.length * batch[0]!.ids.length <= 64).toBe(true);
    expect(batch.every(({ ids }) => ids.length <= batch[0]!.ids.length)).toBe(true);
  }
  expect(batchesByLength([Array<number>(100).fill(1), [1]], 64).map((batch) => batch.length)).toEqual([1, 1]);
});
