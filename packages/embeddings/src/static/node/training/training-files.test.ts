import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { writeSafetensors } from "@tenon/checkpoint/node";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Text } from "../../training/text.ts";
import { trainWord2Vec, type Word2VecOptions } from "../../word2vec/train.ts";
import { fileCheckpoint } from "./file-checkpoint.ts";
import { textFile } from "./text-file.ts";

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "tenon-"))));
afterAll(() => rm(folder, { recursive: true }));

async function read(text: Text, from: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of text.read(from)) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces).toString();
}

test("files are read as one text, from any byte, compressed or not", async () => {
  await writeFile(at("a.txt"), "one zwei");
  await writeFile(at("b.txt"), gzipSync("dr€i four"));
  await writeFile(at("c.txt"), "five\n");
  const text = await textFile(["a.txt", "b.txt", "c.txt", "a.txt"].map(at));
  expect(text.name).toBe(`${at("a.txt")} and 3 more`);
  const whole = Buffer.from("one zwei\ndr€i four\nfive\n\none zwei");
  for (let from = 0; from <= whole.length; from++) expect(await read(text, from)).toBe(whole.subarray(from).toString());
  expect(await read(await textFile(at("b.txt")), 0)).toBe("dr€i four");
});

test("what cannot be read is told", async () => {
  await writeFile(at("cut.gz"), gzipSync("many words ".repeat(1000)).subarray(0, 50));
  await expect(textFile(at("none.txt"))).rejects.toThrow(
    `cannot read ${at("none.txt")}: there is no such file. Check the path.`,
  );
  await expect(textFile(folder)).rejects.toThrow(`cannot read ${folder}: it is a folder. Name a file in it.`);
  await expect(textFile([])).rejects.toThrow("textFile: give one path at least");
  await expect(read(await textFile(at("cut.gz")), 0)).rejects.toThrow(
    `${at("cut.gz")}: what gzip compressed is damaged or cut off (unexpected end of file); get the file anew`,
  );
});

const text = Array.from({ length: 9000 }, (_, i) => `w${i % 7} w${i % 11} w${i % 5}`).join("\n");
const options: Word2VecOptions = { text, width: 6, window: 2 };

test("a checkpoint in a file: the run is stopped, goes on to the same bits, and once done is done", async () => {
  const whole = await trainWord2Vec({ ...options, training: { epochs: 2 } });
  const checkpoint = fileCheckpoint(at("run.checkpoint"), { seconds: 1e-3 });
  const stop = new AbortController();
  let told = 0;
  const stopping = {
    ...checkpoint,
    save: async (state: Parameters<typeof checkpoint.save>[0]) => {
      await checkpoint.save(state);
      if (++told === 2) stop.abort();
    },
  };
  const stopped = trainWord2Vec({ ...options, training: { epochs: 2, signal: stop.signal, checkpoint: stopping } });
  await expect(stopped).rejects.toThrow("aborted");
  const kept = await checkpoint.load();
  expect(kept!.epoch * text.length + kept!.byte).toBeGreaterThan(0);
  const resumed = await trainWord2Vec({ ...options, training: { epochs: 2, checkpoint } });
  expect(resumed.vectors.data).toEqual(whole.vectors.data);
  const again = await trainWord2Vec({ ...options, training: { epochs: 2, checkpoint } });
  expect(again.vectors.data).toEqual(whole.vectors.data);
  expect(again.report.losses).toEqual(whole.report.losses);
  // A copy of the vectors that were trained on two threads, in memory that they share, can be written, too.
  const both = fileCheckpoint(at("two.checkpoint"));
  const two = await trainWord2Vec({ ...options, training: { epochs: 1, threads: 2, checkpoint: both } });
  expect(two.vectors.data).toEqual(
    (await trainWord2Vec({ ...options, training: { epochs: 1, threads: 2, checkpoint: both } })).vectors.data,
  );
});

test("a file that is no checkpoint, or a damaged one, is refused", async () => {
  const train = (name: string): Promise<unknown> =>
    trainWord2Vec({ ...options, training: { epochs: 1, checkpoint: fileCheckpoint(at(name)) } });
  await writeSafetensors(at("other.safetensors"), []);
  await expect(train("other.safetensors")).rejects.toThrow(
    `${at("other.safetensors")} is no checkpoint of a training of word vectors. Name another file, or one that does not exist yet.`,
  );
  await train("damaged.checkpoint");
  const bytes = await readFile(at("damaged.checkpoint"));
  await writeFile(at("damaged.checkpoint"), bytes.subarray(0, bytes.length - 4));
  await expect(train("damaged.checkpoint")).rejects.toThrow(at("damaged.checkpoint"));
  await expect(train("no-folder/run.checkpoint")).rejects.toThrow("its folder does not exist");
  expect(() => fileCheckpoint("x", { seconds: 0 })).toThrow("fileCheckpoint: seconds is a number above 0, got 0");
});
