import { ConfigError } from "@tenon/tensor";

import type { Chunk } from "../../training/chunks.ts";
import { Layout, view } from "../../training/layout.ts";
import { runTraining } from "../../training/run.ts";
import { trainingMemory } from "../../training/training-memory.ts";
import { fingerprint } from "../../vocabulary/fingerprint.ts";
import { WordVectors } from "../../word-vectors.ts";
import type { SettledGlove } from "../glove-options.ts";
import type { Glove } from "../glove.ts";
import type { ShuffledPairs } from "../shuffling/shuffled-pairs.ts";
import { reserveGlove } from "./learner.ts";
import { pairChunks, pairsPerChunk } from "./pair-chunks.ts";
import { pairBytes } from "./pairs.ts";
import { initialize, vectorsOf } from "./parameters.ts";
import { rowLayout } from "./row-layout.ts";

/** The words whose ids are trained on. */
export interface GloveVocabulary {
  readonly words: readonly string[];
  /** How often each occurs, where that is known. */
  readonly counts?: Float64Array | undefined;
}

/** Trains on shuffled pairs, and gives back the room that they have. */
export async function trainOnPairs(
  pairs: ShuffledPairs,
  vocabulary: GloveVocabulary,
  settled: SettledGlove,
): Promise<Glove> {
  try {
    return await train(pairs, vocabulary, settled);
  } finally {
    await pairs.release();
  }
}

async function train(
  pairs: ShuffledPairs,
  { words, counts }: GloveVocabulary,
  { width, kind, weighting, clip, storage, training }: SettledGlove,
): Promise<Glove> {
  if (pairs.size === 0)
    throw new ConfigError(
      "GloVe: no two words of the text are within a window of each other; there is nothing to learn",
    );
  const { epochs, learningRate, seed, threads } = training;
  const atOnce = pairsPerChunk(width, pairs.size);
  const layout = rowLayout(words.length, width);
  const memory = new Layout();
  const plan = reserveGlove(memory, { layout, step: { rate: learningRate, clip }, threads, pairs: atOnce });
  const room = trainingMemory(memory.bytes, threads > 1);
  const rows = view(room.memory, plan.rows);
  initialize(rows, layout, seed);

  const skipped = plan.slots.map((slot) => slot.skipped);
  const checkFinite = (): void => {
    if (skipped.every((block) => view(room.memory, block)[0] === 0)) return;
    throw new ConfigError(
      `GloVe: the loss of some pairs is no finite number any more; take a learningRate below ${learningRate}, or a clip below ${clip}`,
      { learningRate, clip },
    );
  };

  const counted = { words: words.length, pairs: pairs.size, total: pairs.total, memory: storage.memory };
  const { losses, seconds } = await runTraining(
    {
      learner: "glove",
      plan,
      room,
      state: { rows: plan.rows, ...Object.fromEntries(skipped.map((block, thread) => [`skipped.${thread}`, block])) },
      settings: {
        method: "glove",
        vocabulary: fingerprint(words, counts),
        width,
        ...weighting,
        clip,
        ...counted,
        epochs,
        learningRate,
        seed,
        threads,
      },
      chunks: (from) => watched(pairChunks(pairs, from, atOnce), checkFinite),
      bytes: pairs.size * pairBytes,
    },
    training,
  );
  checkFinite();
  const data = vectorsOf(rows, layout, kind);
  return {
    vectors: new WordVectors({ words, data, ...(counts && { counts }) }),
    report: { losses, pairs: pairs.size, seconds },
  };
}

/**
 * Looks at something before each chunk.
 *
 * @yields the same chunks
 */
async function* watched(chunks: AsyncIterable<Chunk>, look: () => void): AsyncGenerator<Chunk> {
  for await (const chunk of chunks) {
    look();
    yield chunk;
  }
}
