import type { FastTextSettings } from "../settings.ts";
import type { FileCursor } from "./file-cursor.ts";
import { losses, magic, settingsBytes, tasks, version as newest } from "./format.ts";
import { refuse } from "./refuse.ts";

/** Which of the three forms a file has: 0 before there were versions (2016), without magic number and quantisation; 11 and 12. */
export type FileVersion = 0 | 11 | 12;

const no = "Give a .bin or .ftz file of fastText; a .vec file is text.";

/** Reads the magic number and the version. */
export async function readVersion(cursor: FileCursor): Promise<FileVersion> {
  const { file } = cursor;
  if (file.size < 8) refuse(file.name, 0, `the file has ${file.size} bytes, too few for a fastText model`, no);
  const view = new DataView((await file.read(0, 8)).slice().buffer);
  const first = view.getInt32(0, true);
  // A file from before the magic number begins with the width.
  if (first > 0 && first <= 65_536 && first !== magic) return 0;
  if (first !== magic) refuse(file.name, 0, `it begins with ${first}, not with fastText's magic number ${magic}`, no);
  await cursor.need(8, "the version");
  cursor.int32();
  const version = cursor.int32();
  if (version !== 11 && version !== newest)
    refuse(file.name, 4, `it is of version ${version}; versions 11 and 12 are read`, "Save it with fastText 0.9.");
  return version;
}

/** Reads the settings, and checks each as far as something depends on it. */
export async function readSettings(cursor: FileCursor, version: FileVersion): Promise<FastTextSettings> {
  await cursor.need(settingsBytes, "the settings");
  const begin = cursor.position;
  const whole = (name: string, least: number, most = 2 ** 31 - 1): number => {
    const value = cursor.int32();
    if (value < least || value > most)
      cursor.refuse(`the setting "${name}" is ${value}; expected ${least} to ${most}`, cursor.position - 4);
    return value;
  };
  const width = whole("dim", 1);
  const window = whole("ws", 0);
  const epochs = whole("epoch", 0);
  const minimumCount = whole("minCount", 0);
  const negatives = whole("neg", 0);
  const wordNgrams = whole("wordNgrams", 0);
  const loss = losses[whole("loss", 1, losses.length) - 1]!;
  const task = tasks[whole("model", 1, tasks.length) - 1]!;
  const buckets = whole("bucket", 0);
  const shortest = whole("minn", 0);
  let longest = whole("maxn", 0);
  const learningRateUpdate = whole("lrUpdateRate", 0);
  const subsample = cursor.float64();
  if (!(subsample >= 0 && subsample < Infinity))
    cursor.refuse(`the setting "t" is ${subsample}; expected a number from 0 on`, begin + 48);
  if (version === 11 && task === "supervised") longest = 0;
  if (buckets === 0 && ((longest > 0 && shortest <= longest) || wordNgrams > 1))
    cursor.refuse(`the setting "bucket" is 0, but there are n-grams to put into buckets`, begin + 32);
  return {
    task,
    loss,
    width,
    subwords: { shortest, longest, wordNgrams, buckets },
    training: { window, epochs, minimumCount, negatives, learningRateUpdate, subsample },
  };
}
