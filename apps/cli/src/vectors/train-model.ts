import {
  hierarchicalSoftmax,
  negativeSampling,
  type OutputLoss,
  type Text,
  trainFastText,
  trainGlove,
  type TrainingOptions,
  trainWord2Vec,
  type VocabularyOptions,
  type WordVectors,
} from "@tenon/embeddings/static";
import { temporaryFiles, writeFastText, writeVectorFile } from "@tenon/embeddings/static/node";

import type { VectorTrainingFlags } from "./training-flags.ts";

/** Progress as all models tell it: of glove's pairs instead of words, too. */
export interface Figures {
  readonly share: number;
  readonly loss: number;
  /** As in `512,345 words/s`. */
  readonly unit: "words" | "pairs";
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/** What a run is given beside its flags. */
export interface Surroundings {
  readonly text: Text;
  readonly training: Omit<TrainingOptions, "onProgress">;
  readonly onProgress: (figures: Figures) => void;
}

/** What came of a run. */
export interface Trained {
  readonly vectors: WordVectors;
  readonly losses: readonly number[];
  /** Writes what was learned. */
  readonly write: () => Promise<void>;
}

/** Trains the model that the flags ask for. */
export function trainModel(flags: VectorTrainingFlags, surroundings: Surroundings): Promise<Trained> {
  return { word2vec, glove, fasttext }[flags.model](flags, surroundings);
}

async function word2vec(flags: VectorTrainingFlags, surroundings: Surroundings): Promise<Trained> {
  const { width, window, context } = flags;
  const { vectors, report } = await trainWord2Vec({
    text: surroundings.text,
    loss: lossOf(flags, 0.75),
    model: context,
    width,
    window,
    vocabulary: vocabularyOf(flags),
    training: trainingOf(surroundings),
  });
  return asFile(flags, vectors, report.losses);
}

async function fasttext(flags: VectorTrainingFlags, surroundings: Surroundings): Promise<Trained> {
  const { width, window, context, ngrams, buckets, out, to } = flags;
  const { model, report } = await trainFastText({
    text: surroundings.text,
    loss: lossOf(flags, 0.5),
    width,
    context: { model: context, window },
    subwords: { longest: ngrams, buckets },
    vocabulary: vocabularyOf(flags),
    training: trainingOf(surroundings),
  });
  const trained = asFile(flags, model.wordVectors(), report.losses);
  return /\.bin$/i.test(out) && to === undefined ? { ...trained, write: () => writeFastText(out, model) } : trained;
}

async function glove(flags: VectorTrainingFlags, { text, training, onProgress }: Surroundings): Promise<Trained> {
  const { width, window, minCount, xMax } = flags;
  const { vectors, report } = await trainGlove({
    text,
    vocabulary: { minimumCount: minCount },
    window: { size: window },
    vectors: { width },
    objective: { xMax },
    storage: { scratch: temporaryFiles() },
    training: {
      ...training,
      onProgress: ({ share, loss, secondsLeft, pairsPerSecond }) =>
        onProgress({ share, loss, secondsLeft, unit: "pairs", perSecond: pairsPerSecond }),
    },
  });
  return asFile(flags, vectors, report.losses);
}

const asFile = ({ out, to }: VectorTrainingFlags, vectors: WordVectors, losses: readonly number[]): Trained => ({
  vectors,
  losses,
  write: () => writeVectorFile(out, vectors, to === undefined ? {} : { format: to }),
});

const lossOf = ({ loss, negatives }: VectorTrainingFlags, exponent: number): OutputLoss =>
  loss === "hierarchical-softmax" ? hierarchicalSoftmax() : negativeSampling({ count: negatives, exponent });

const vocabularyOf = ({ minCount, subsample }: VectorTrainingFlags): VocabularyOptions => ({
  minimumCount: minCount,
  subsample,
});

const trainingOf = ({ training, onProgress }: Surroundings): TrainingOptions => ({
  ...training,
  onProgress: ({ share, loss, secondsLeft, wordsPerSecond }) =>
    onProgress({ share, loss, secondsLeft, unit: "words", perSecond: wordsPerSecond }),
});
