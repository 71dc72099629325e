import { ConfigError, type Random } from "@tenon/tensor";

import { expectIds } from "./expect-ids.ts";

/** What {@link sentencePairs} draws from. */
export interface SentencePairsOptions {
  readonly documents: readonly (readonly ArrayLike<number>[])[];
  /** The most tokens that a pair has, at least 2. */
  readonly room: number;
  /** The share of pairs that aim at a random length from 2 up. */
  readonly shortShare: number;
  readonly vocabulary: number;
}

/** Two pieces of text. */
export interface SentencePair {
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Does the second follow the first, or is it of another document? */
  readonly follows: boolean;
}

/** A sentence by its place. */
interface Place {
  readonly document: number;
  readonly sentence: number;
}

/** Checks documents, and returns what draws pairs as BERT's `create_pretraining_data` makes them. */
export function sentencePairs(options: SentencePairsOptions): (stream: Random) => SentencePair {
  const { documents, room, shortShare } = options;
  const sentences = placesOf(options);
  const beginnings = sentences.filter(({ document, sentence }) => sentence + 1 < documents[document]!.length);
  const filled = new Set(sentences.map(({ document }) => document)).size;
  if (beginnings.length === 0 || filled < 2) {
    throw new ConfigError(
      `preTrainingBatches: to tell what follows from what does not takes two documents, one of them with two sentences; got ${filled} with ${sentences.length} in all`,
      { documents: filled, sentences: sentences.length },
    );
  }

  const elsewhere = (document: number, stream: Random): Place => {
    // Documents are many as a rule, so that the first draw will do.
    for (;;) {
      const place = stream.pick(sentences);
      if (place.document !== document) return place;
    }
  };
  const from = ({ document, sentence }: Place): readonly ArrayLike<number>[] => documents[document]!.slice(sentence);

  return (stream) => {
    const aim = stream.uniform() < shortShare ? 2 + stream.integer(room - 1) : room;
    const start = stream.pick(beginnings);
    const chunk = upTo(from(start), aim, 2);
    const cut = 1 + stream.integer(chunk.length - 1);
    const first = chunk.slice(0, cut).flatMap((sentence) => Array.from(sentence));
    const follows = stream.uniform() < 0.5;
    const rest = follows ? chunk.slice(cut) : upTo(from(elsewhere(start.document, stream)), aim - first.length, 1);
    const second = rest.flatMap((sentence) => Array.from(sentence));
    shorten(first, second, room, stream);
    return { first, second, follows };
  };
}

/** Sentences from the first on until there are `tokens` of them, and at least `least` sentences. */
function upTo(sentences: readonly ArrayLike<number>[], tokens: number, least: number): ArrayLike<number>[] {
  const taken: ArrayLike<number>[] = [];
  let length = 0;
  for (const sentence of sentences) {
    if (length >= tokens && taken.length >= least) break;
    taken.push(sentence);
    length += sentence.length;
  }
  return taken;
}

/** Takes tokens from the longer one, at either end, so that neither its beginning nor its end is favoured. */
function shorten(first: number[], second: number[], room: number, stream: Random): void {
  while (first.length + second.length > room) {
    const longer = first.length > second.length ? first : second;
    if (stream.uniform() < 0.5) longer.shift();
    else longer.pop();
  }
}

function placesOf({ documents, vocabulary }: SentencePairsOptions): Place[] {
  return documents.flatMap((sentences, document) =>
    sentences.map((ids, sentence) => {
      if (ids.length === 0) {
        throw new ConfigError(
          `preTrainingBatches: sentence ${sentence} of document ${document} is empty; leave it out`,
          {
            document,
            sentence,
          },
        );
      }
      expectIds(`preTrainingBatches: sentence ${sentence} of document ${document}`, ids, vocabulary);
      return { document, sentence };
    }),
  );
}
