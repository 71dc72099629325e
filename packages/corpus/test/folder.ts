import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { byteTokenizer, type Tokenizer } from "@tenon/tokenizers";
import { afterEach, beforeEach } from "vitest";

import type { Corpus } from "../src/corpus.ts";
import { makeCorpus } from "../src/node/make-corpus.ts";
import type { CorpusManifest } from "../src/node/manifest.ts";
import { type OpenCorpusOptions, type OpenedCorpus, openMadeBy } from "../src/node/open-corpus.ts";
import type { StartMaking } from "../src/node/start-worker.ts";
import { textFiles } from "../src/sources/sources.ts";

/** Makes it in this thread: a worker takes more than a second to load from source. */
export const startHere: StartMaking = (job, listener) => {
  let ended = false;
  const work = makeCorpus(structuredClone(job), (report) => {
    if (ended) throw new Error("ended");
    listener.report(structuredClone(report));
  }).catch((error: unknown) => listener.failed(error));
  return async () => {
    ended = true;
    await work;
  };
};

export const lines: readonly string[] = Array.from({ length: 60 }, (_, i) =>
  i % 11 === 3 ? " " : `line ${i} ${"é".repeat(i % 7)}`,
);
/** 60 lines of different lengths, six of them blank. */
export const text: string = `${lines.join("\n")}\n`;
export const tokenizer: Tokenizer = byteTokenizer({ special: { end: "[END]" } });
/** What the tokens of `text` decode to. */
export const written: string = lines
  .filter((line) => line !== " ")
  .map((line) => `${line}[END]`)
  .join("");

/** What the tests of a file share. */
export interface TestFolder {
  at(name: string): string;
  /** Opens a corpus of a.txt in the folder tokens. */
  open(change?: Partial<OpenCorpusOptions>, start?: StartMaking): Promise<OpenedCorpus>;
  /** Leaves out of a message what differs from run to run. */
  hide(message: string): string;
  manifestFile(): Promise<CorpusManifest>;
}

/** A folder of its own for each test of a file, and corpora that are closed behind it. */
export function testFolder(): TestFolder {
  let place = "";
  const opened: Corpus[] = [];
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), "tenon-corpus-"));
  });
  afterEach(async () => {
    for (const corpus of opened.splice(0)) await corpus.close();
    await rm(place, { recursive: true, force: true });
  });
  const at = (name: string): string => join(place, name);
  return {
    at,
    async open(change = {}, start = startHere) {
      const sources = textFiles([at("a.txt")], "lines");
      const frame = { end: "end" };
      const found = await openMadeBy(start, {
        folder: at("tokens"),
        sources,
        tokenizer,
        frame,
        shardTokens: 200,
        ...change,
      });
      opened.push(found.corpus);
      return found;
    },
    hide: (message: string): string => message.replaceAll(place, "PLACE"),
    manifestFile: async (): Promise<CorpusManifest> =>
      JSON.parse(await readFile(at("tokens/manifest.json"), "utf8")) as CorpusManifest,
  };
}

export async function decoded({ corpus }: OpenedCorpus): Promise<string> {
  const tokens = await corpus.tokens();
  return tokenizer.decode(await tokens.read(0, tokens.length));
}
