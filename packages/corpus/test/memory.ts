// Makes and reads a corpus of so many megabytes of text, 200 by default, and prints how much the memory of the process grows.
//
// `node_modules/.bin/node --conditions=@tenon/source packages/corpus/test/memory.ts [megabytes]`
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { random } from "@tenon/tensor";
import { byteTokenizer } from "@tenon/tokenizers";

import { windowBatches } from "../src/batches/window-batches.ts";
import { openCorpus } from "../src/node/open-corpus.ts";
import { textFiles } from "../src/sources/sources.ts";

const megabytes = Number(process.argv[2] ?? 200);
const place = await mkdtemp(join(tmpdir(), "tenon-memory-"));
const path = join(place, "text.txt");

async function writeText(): Promise<void> {
  const file = await open(path, "w");
  const dice = random(1);
  const words = Array.from({ length: 500 }, () => "abcdefghij".slice(dice.integer(5), 6 + dice.integer(5)));
  for (let written = 0; written < megabytes * 1e6;) {
    const lines = Array.from({ length: 2000 }, () => Array.from({ length: 8 }, () => dice.pick(words)).join(" "));
    const text = `${lines.join("\n")}\n`;
    await file.writeFile(text);
    written += text.length;
  }
  await file.close();
}

async function smallestCorpus(): Promise<void> {
  const small = join(place, "small.txt");
  const file = await open(small, "w");
  await file.writeFile("text\n");
  await file.close();
  const folder = join(place, "small");
  const { corpus } = await openCorpus({ folder, sources: textFiles([small], "lines"), tokenizer: byteTokenizer() });
  await corpus.counts();
  await corpus.close();
}

let most = 0;
const resident = (): number => process.memoryUsage().rss / 1e6;
const watch = setInterval(() => (most = Math.max(most, resident())), 5);
const peak = async (what: string, work: () => Promise<void>): Promise<void> => {
  const [before, began] = [resident(), performance.now()];
  most = before;
  await work();
  const seconds = (performance.now() - began) / 1000;
  console.log(`${what}: at most ${(most - before).toFixed(0)} MB more, ${seconds.toFixed(1)} s`);
};

try {
  await writeText();
  await peak("a corpus of one line, whose worker loads the packages", smallestCorpus);
  const sources = textFiles([path], "lines");
  const { corpus } = await openCorpus({ folder: join(place, "tokens"), sources, tokenizer: byteTokenizer() });
  await peak(`making ${megabytes} MB`, async () => void (await corpus.counts()));
  const tokens = await corpus.tokens();
  const batches = windowBatches({ tokens, context: 256, batch: 32, random: random(1) });
  await peak("1000 shuffled batches of 32 × 256", async () => {
    for (let step = 0; step < 1000; step++) await batches(step);
  });
  await corpus.close();
} finally {
  clearInterval(watch);
  await rm(place, { recursive: true, force: true });
}
