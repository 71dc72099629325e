import { FastTextDictionary } from "../dictionary.ts";
import type { FastTextSettings } from "../settings.ts";
import type { FileCursor } from "./file-cursor.ts";
import type { FileVersion } from "./read-settings.ts";

/** The least that a word takes: its ending zero, its count and its kind. */
const leastOfWord = 10;

/** Reads the words, the labels, and the buckets that a quantised model has kept. */
export async function readDictionary(
  cursor: FileCursor,
  settings: FastTextSettings,
  version: FileVersion,
): Promise<FastTextDictionary> {
  await cursor.need(version === 0 ? 20 : 28, "the head of the dictionary");
  const begin = cursor.position;
  const size = cursor.int32();
  const words = cursor.int32();
  const labels = cursor.int32();
  if (words < 0 || labels < 0 || words + labels !== size)
    cursor.refuse(`the dictionary has ${words} words and ${labels} labels, which are not ${size} entries`, begin);
  const needed = settings.task === "supervised" ? labels : words;
  if (needed === 0)
    cursor.refuse(`the dictionary has no ${settings.task === "supervised" ? "labels" : "words"}`, begin);
  const tokens = cursor.int64("the number of tokens", 0);
  const keptCount = version === 0 ? -1 : cursor.int64("the number of kept buckets", -1);
  cursor.expect(size * leastOfWord + Math.max(0, keptCount) * 8, `a dictionary of ${size} entries`);

  const entries = await readEntries(cursor, words, size);
  const kept = keptCount < 0 ? undefined : await readKept(cursor, keptCount, settings.subwords.buckets);
  return new FastTextDictionary({
    words: entries.names.slice(0, words),
    labels: entries.names.slice(words),
    counts: entries.counts,
    tokens,
    subwords: settings.subwords,
    kept,
  });
}

async function readEntries(
  cursor: FileCursor,
  words: number,
  size: number,
): Promise<{ readonly names: string[]; readonly counts: Float64Array }> {
  const names: string[] = [];
  const counts = new Float64Array(size);
  const seen = new Map<string, number>();
  for (let i = 0; i < size; i++) {
    const byte = cursor.position;
    const name = await cursor.text(`the name of entry ${i}`);
    const earlier = seen.get(name);
    if (earlier !== undefined) cursor.refuse(`entries ${earlier} and ${i} are both "${name}"`, byte);
    seen.set(name, i);
    names.push(name);
    await cursor.need(9, `entry ${i}`);
    counts[i] = cursor.int64(`the count of "${name}"`, 0);
    const kind = cursor.byte();
    const expected = i < words ? 0 : 1;
    if (kind !== expected)
      cursor.refuse(
        `entry ${i} is of kind ${kind}; expected ${expected}, a ${expected === 0 ? "word" : "label"}`,
        byte,
      );
  }
  return { names, counts };
}

async function readKept(cursor: FileCursor, count: number, buckets: number): Promise<Map<number, number>> {
  const kept = new Map<number, number>();
  const taken = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    await cursor.need(8, "the kept buckets");
    const byte = cursor.position;
    const bucket = cursor.int32();
    const row = cursor.int32();
    if (bucket < 0 || bucket >= buckets) cursor.refuse(`bucket ${bucket} was kept, but there are ${buckets}`, byte);
    if (row < 0 || row >= count) cursor.refuse(`bucket ${bucket} has row ${row}, but ${count} were kept`, byte + 4);
    if (kept.has(bucket) || taken[row] === 1) cursor.refuse(`bucket ${bucket} or its row ${row} is there twice`, byte);
    kept.set(bucket, row);
    taken[row] = 1;
  }
  return kept;
}
