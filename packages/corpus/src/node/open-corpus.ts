import { ConfigError } from "@tenon/tensor";

import { type CorpusOptions, recipeOf } from "../build/corpus-options.ts";
import { Corpus } from "../corpus.ts";
import { ShardList } from "../read/shard-list.ts";
import { CacheFolder } from "./cache-folder.ts";
import { type Job, pathsOf } from "./identity.ts";
import type { Report } from "./make-corpus.ts";
import { blankAtEndOf, type CorpusManifest, type ShardRecord } from "./manifest.ts";
import { ShardsOnDisk } from "./shards-on-disk.ts";
import { startWorker, type StartMaking } from "./start-worker.ts";

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
 * const { writeFile } = await import("node:fs/promises");
 * await writeFile("a.txt", "Mia ran.\nTom sat.\n");
 *
 * const sources = textFiles(["a.txt"], "lines");
 * const options = { folder: "tokens", sources, tokenizer: byteTokenizer() };
 * const { corpus, why } = await openCorpus(options);
 * console.log(why); // the corpus is made: the folder had none
 * console.log((await corpus.counts()).tokens); // [ 16 ]
 * await corpus.close();
 * console.log((await openCorpus(options)).why); // the corpus of the folder is used
 * ```
 */
export function openCorpus(options: OpenCorpusOptions): Promise<OpenedCorpus> {
  return openMadeBy(startWorker, options);
}

/** The same, made by whatever `start` starts. */
export async function openMadeBy(start: StartMaking, options: OpenCorpusOptions): Promise<OpenedCorpus> {
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

  const { promise: why, resolve: opened, reject: refused } = later<string>();
  let manifest: CorpusManifest | undefined;
  let stop: () => Promise<unknown> = () => Promise.resolve();
  const failed = (error: unknown): void => {
    signal?.removeEventListener("abort", aborted);
    // A worker that ends when all is done, or is ended on purpose, has not failed.
    if (manifest !== undefined) return;
    list.fail(error);
    refused(error);
    void stop();
  };
  const aborted = (): void => failed(signal!.reason);
  const report = (said: Report): void => {
    switch (said.kind) {
      case "opened":
        return opened(said.why);
      case "shard":
        shards.push(said.shard);
        return list.push(said.shard);
      case "progress":
        return onProgress?.(said.progress);
      case "whole":
        manifest = said.manifest;
        signal?.removeEventListener("abort", aborted);
        return list.end(blankAtEndOf(manifest));
    }
  };
  signal?.addEventListener("abort", aborted);
  stop = start(job, {
    report(said) {
      try {
        report(said);
      } catch (error) {
        failed(error); // onProgress is the caller's
      }
    },
    failed,
  });

  const close = async (): Promise<void> => {
    signal?.removeEventListener("abort", aborted);
    await stop();
    await bytes.close();
  };
  return {
    why: await why,
    corpus: new Corpus(shape, list, { read: (shard, at, count) => bytes.read(shard, at, count), close }),
    async manifest() {
      await list.all();
      return manifest!;
    },
  };
}

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...ends) => ([resolve, reject] = ends));
  return { promise, resolve, reject };
}
