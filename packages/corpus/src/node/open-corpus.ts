import { Worker } from "node:worker_threads";

import { ConfigError } from "@tenon/tensor";

import { type CorpusOptions, recipeOf } from "../build/corpus-options.ts";
import { Corpus } from "../corpus.ts";
import { ShardList } from "../read/shard-list.ts";
import { CacheFolder } from "./cache-folder.ts";
import { type Job, pathsOf } from "./identity.ts";
import type { CorpusManifest, ShardRecord } from "./manifest.ts";
import { ShardsOnDisk } from "./shards-on-disk.ts";
import type { Message } from "./worker.ts";

/** What {@link openCorpus} takes. */
export interface OpenCorpusOptions extends CorpusOptions {
  /** Where the tokens are kept. It is made if it is not there; nothing else should be in it. */
  readonly folder: string;
}

/** A corpus with its story. */
export interface OpenedCorpus {
  readonly corpus: Corpus;
  /** Whether the folder's corpus is used, made, or made anew, and why. */
  readonly why: string;
  /** How it was made and what is in it, when it is whole. */
  manifest(): Promise<CorpusManifest>;
}

/**
 * Opens the corpus of a folder, and makes it if it is not there. The files are read in a stream and made into tokens by a worker thread, shard by shard, while
 * whatever is done can be used: memory holds one document, one shard and no more, however large the files are.
 *
 * manifest.json in the folder says how the corpus was made: sources with SHA-256, tokenizer, frame, versions, shards with checksums. The folder's corpus is used only if
 * all of it agrees with what is asked for, which takes one reading of the sources and one of the shards; otherwise it is made anew, and `why` says so.
 * What a killed process has finished is used; a shard that is damaged is made again.
 *
 * Comes back when it is known what can be used. Throws `ConfigError` for options that contradict each other, sources that are not paths, files that cannot be read, a
 * folder that cannot be written, and a tokenizer that `loadTokenizer` cannot make again. What goes wrong later comes to whoever asks the corpus next.
 *
 * @example
 * ```ts
 * const { mkdtemp, writeFile } = await import("node:fs/promises");
 * const place = await mkdtemp("corpus-");
 * await writeFile(`${place}/a.txt`, "Mia ran.\nTom sat.\n");
 *
 * const sources = textFiles([`${place}/a.txt`], "lines");
 * const options = { folder: `${place}/tokens`, sources, tokenizer: byteTokenizer() };
 * const { corpus, why } = await openCorpus(options);
 * console.log(why); // the corpus is made: the folder had none
 * console.log((await corpus.counts()).tokens); // [ 16 ]
 * console.log((await openCorpus(options)).why); // the corpus of the folder is used
 * ```
 */
export async function openCorpus(options: OpenCorpusOptions): Promise<OpenedCorpus> {
  const { folder, signal, onProgress } = options;
  const { sources, tokenizers, frame, shardTokens, shape } = recipeOf("openCorpus", options);
  for (const path of pathsOf(sources)) {
    if (typeof path === "string") continue;
    throw new ConfigError(
      "openCorpus: sources are paths here, which a worker opens. For anything else, use corpusInMemory.",
    );
  }
  signal?.throwIfAborted();
  const list = new ShardList();
  const shards: ShardRecord[] = [];
  const files = new CacheFolder(folder);
  const bytes = new ShardsOnDisk((shard) => files.pathOf(shards[shard]!.file));
  const job: Job = { folder, sources, tokenizers: tokenizers.map((each) => JSON.stringify(each)), frame, shardTokens };

  let manifest: CorpusManifest | undefined;
  const worker = startWorker(job);
  const why = await new Promise<string>((resolve, reject) => {
    const fail = (error: unknown): void => {
      list.fail(error);
      reject(error);
      void worker.terminate();
    };
    const abort = (): void => fail(signal!.reason);
    signal?.addEventListener("abort", abort);
    worker.on("message", (message: Message) => {
      switch (message.kind) {
        case "opened":
          resolve(message.why);
          break;
        case "shard":
          shards.push(message.shard);
          list.push(message.shard);
          break;
        case "progress":
          attempt(() => onProgress?.(message.progress), fail);
          break;
        case "whole":
          manifest = message.manifest;
          signal?.removeEventListener("abort", abort);
          list.end(blankAtEnd(message.manifest));
          break;
        case "failed":
          fail(message.fields ? new ConfigError(message.message, message.fields) : new Error(message.message));
          break;
      }
    });
    worker.on("error", fail);
    worker.on("exit", (code) => {
      signal?.removeEventListener("abort", abort);
      // Nobody hears this after the end.
      if (manifest === undefined)
        fail(
          new ConfigError(
            `openCorpus: the worker ended with code ${code} before the corpus was whole. Open it again: what is done stays.`,
          ),
        );
    });
  });

  const end = async (): Promise<void> => {
    await worker.terminate();
    await bytes.close();
  };
  return {
    corpus: new Corpus(shape, list, { read: (shard, at, count) => bytes.read(shard, at, count), close: end }),
    why,
    async manifest() {
      await list.all();
      return manifest!;
    },
  };
}

function startWorker(job: Job): Worker {
  // From source, the worker finds the other packages' sources as this thread does.
  return import.meta.url.endsWith(".ts")
    ? new Worker(new URL("./worker.ts", import.meta.url), { workerData: job, execArgv: ["--conditions=@tenon/source"] })
    : new Worker(new URL("./worker.js", import.meta.url), { workerData: job });
}

const blankAtEnd = ({ counts, shards }: CorpusManifest): number =>
  shards.reduce((left, { blank }) => left - blank, counts.blank);

function attempt(work: () => void, fail: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    fail(error);
  }
}
