// Writes what goldens/trainers.py reads: the files of all three trainers. Argument: a folder that exists.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { trainBytePairs, trainUnigram, trainWordPieces } from "../src/index.ts";

const folder = process.argv[2];
if (folder === undefined)
  throw new Error("which folder? node --conditions=@tenon/source goldens/write-trained.ts FOLDER");

const { texts } = JSON.parse(await readFile(join(import.meta.dirname, "trainers.json"), "utf8"));
const files = {
  "byte-pairs": await trainBytePairs(texts, { maximumSize: 500 }),
  "word-pieces": await trainWordPieces(texts, { maximumSize: 300 }),
  unigram: await trainUnigram(texts, { maximumSize: 250 }),
};
for (const [name, file] of Object.entries(files)) await writeFile(join(folder, `${name}.json`), JSON.stringify(file));
