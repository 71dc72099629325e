import { ConfigError } from "@tenon/tensor";

import type { CheckpointStore } from "../training/checkpoint.ts";
import { type Settled, settleTraining } from "../training/run.ts";
import type { Scratch } from "./scratch.ts";
import type { ShuffleOptions } from "./shuffling/shuffled-pairs.ts";
import type { VectorsKind } from "./training/parameters.ts";
import { checkedWeighting, type Weighting } from "./weighting.ts";
import type { Filled } from "../filled.ts";

/** What vectors are made. */
export interface GloveVectorsOptions {
  /** d: numbers in a vector. Default 50; multiples of 4 waste nothing. */
  readonly width?: number | undefined;
  /**
   * Of a word's vectors w, as word, and w̃, as context: their `sum`, which the authors found the best, the `word`'s alone, or `everything`:
   * w, its bias, w̃ and its bias one after the other, 2 (d + 1) numbers. Default `sum`.
   */
  readonly kind?: VectorsKind | undefined;
}

/** What is made small. */
export interface GloveObjective extends Weighting {
  /** Components of gradients are cut off at plus and minus this. Default 100. */
  readonly clip?: number | undefined;
}

/** Where counts and pairs are kept. */
export interface GloveStorage {
  /** How many bytes the counts may take, and then the pairs that are made of them. Default 512 MiB. */
  readonly memory?: number | undefined;
  /** Where they go beyond that. Default: nowhere, and an error says so. */
  readonly scratch?: Scratch | undefined;
}

/** What a run tells while it trains. */
export interface GloveProgress {
  /** How much is done, from 0 to 1. */
  readonly share: number;
  /** Pairs trained on so far, each epoch's counted. */
  readonly pairs: number;
  readonly pairsPerSecond: number;
  /** The mean loss of the pairs since the last report. */
  readonly loss: number;
  readonly secondsLeft: number;
}

/** How GloVe is trained. */
export interface GloveTrainingOptions {
  /** How often all pairs are gone through. Default 25. */
  readonly epochs?: number | undefined;
  /** AdaGrad's rate. Default 0.05. */
  readonly learningRate?: number | undefined;
  /** Names the random numbers. On one thread the same seed gives the same vectors, bit for bit. Default 1. */
  readonly seed?: number | undefined;
  /** Threads that share the memory. In a page they need it to be cross-origin isolated. Default 1: the caller's own. */
  readonly threads?: number | undefined;
  /** Is told how far it is, some times a second. */
  readonly onProgress?: ((progress: GloveProgress) => void) | undefined;
  /** Stops the counting, or the training, which saves a checkpoint where it has a place for one; rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where checkpoints are kept. A run that finds one counts anew and goes on from there. */
  readonly checkpoint?: CheckpointStore | undefined;
}

/** What {@link trainOnCooccurrences} is told beside the counts. */
export interface GloveOptions {
  readonly vectors?: GloveVectorsOptions | undefined;
  readonly objective?: GloveObjective | undefined;
  readonly storage?: GloveStorage | undefined;
  readonly training?: GloveTrainingOptions | undefined;
}

/** Options with what is left out filled in. */
export interface SettledGlove {
  readonly width: number;
  readonly kind: VectorsKind;
  readonly weighting: Filled<Weighting>;
  readonly clip: number;
  readonly storage: { readonly memory: number; readonly scratch: Scratch | undefined };
  readonly training: Settled;
}

/** How the pairs of a run are shuffled. */
export const shuffleOptions = ({ weighting, storage, training: { seed, signal } }: SettledGlove): ShuffleOptions => ({
  seed,
  signal,
  weighting,
  ...storage,
});

/** What counts, and later pairs, may take where nothing is said. */
export const defaultMemory: number = 512 * 2 ** 20;

/** Fills in what is left out. Throws a ConfigError for what cannot be. */
export function settleGlove(what: string, options: GloveOptions): SettledGlove {
  const { width = 50, kind = "sum" } = options.vectors ?? {};
  const { clip = 100 } = options.objective ?? {};
  const { memory = defaultMemory, scratch } = options.storage ?? {};
  if (!Number.isSafeInteger(width) || width < 1 || width > 4096)
    throw new ConfigError(`${what}: width is a whole number from 1 to 4096, got ${width}`, { width });
  if (kind !== "sum" && kind !== "word" && kind !== "everything")
    throw new ConfigError(`${what}: kind is "sum", "word" or "everything", got "${String(kind)}"`, { kind });
  if (!(clip > 0)) throw new ConfigError(`${what}: clip is a number above 0, got ${clip}`, { clip });
  const { onProgress, ...training } = options.training ?? {};
  return {
    width,
    kind,
    weighting: checkedWeighting(what, options.objective ?? {}),
    clip,
    storage: { memory, scratch },
    training: settleTraining(
      what,
      {
        ...training,
        epochs: training.epochs ?? 25,
        ...(onProgress && {
          onProgress: ({ words, wordsPerSecond, ...rest }) =>
            onProgress({ ...rest, pairs: words, pairsPerSecond: wordsPerSecond }),
        }),
      },
      0.05,
    ),
  };
}
