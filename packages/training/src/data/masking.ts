import { expectSize } from "@tenon/nn";
import { ConfigError, type Random } from "@tenon/tensor";

import { expectShare } from "../expect-options.ts";
import { ignored } from "./batch.ts";
import { expectId } from "./expect-ids.ts";

/** What of a text a model is to predict, and what it sees instead. */
export interface Masking {
  /** How many ids there are: v. */
  readonly vocabulary: number;
  /** The id that stands for a masked token. */
  readonly mask: number;
  /** Which ids may be masked and may replace others. Default all; the mask itself never. Exclude padding and the like. */
  readonly maskable?: ((id: number) => boolean) | undefined;
  /**
   * Does the token go on with the word of the one before it? Then all pieces of a chosen word are predicted together. `continuesWord(tokenizer)` tells.
   * Default: each token is a word.
   */
  readonly continues?: ((id: number, before: number) => boolean) | undefined;
  /** The share of a row's tokens that are to be predicted. Default 0.15. */
  readonly rate?: number | undefined;
}

/** Hides tokens of a row in place, and notes in `targets` what they were. */
export type MaskRow = (inputs: Int32Array, targets: Int32Array, stream: Random) => void;

/** Checks how to mask, and returns what does it. */
export function masker(caller: string, options: Masking): MaskRow {
  const { vocabulary, mask, rate = 0.15, continues = () => false } = options;
  expectSize(caller, "vocabulary", vocabulary);
  expectShare(caller, "rate", rate, { above: true });
  const replacements = maskableIds(caller, options);
  const maskable = new Set(replacements);

  /** What stands in the place of a chosen token. */
  const disguise = (id: number, stream: Random): number => {
    const chance = stream.uniform();
    if (chance < 0.8) return mask;
    return chance < 0.9 ? stream.pick(replacements) : id;
  };

  return (inputs, targets, stream) => {
    for (const place of choose(wordsOf(inputs, maskable, continues), rate, stream)) {
      const id = inputs[place]!;
      targets[place] = id;
      inputs[place] = disguise(id, stream);
    }
  };
}

/** The places of each word that may be masked. A word of which a piece may not be is one before it and one behind it. */
function wordsOf(
  text: Int32Array,
  maskable: ReadonlySet<number>,
  continues: (id: number, before: number) => boolean,
): number[][] {
  const words: number[][] = [];
  text.forEach((id, place) => {
    if (!maskable.has(id)) return;
    const last = words.at(-1);
    if (last?.at(-1) === place - 1 && continues(id, text[place - 1]!)) last.push(place);
    else words.push([place]);
  });
  return words;
}

/**
 * The places to predict: words, in random order, as many as `rate` of the places that may be masked has room for, at least one. A word that is
 * too long for what room is left is passed over, as in BERT's code.
 */
function choose(words: number[][], rate: number, stream: Random): number[] {
  const places = words.reduce((sum, word) => sum + word.length, 0);
  const count = Math.min(places, Math.max(1, Math.round(rate * places)));
  const chosen: number[] = [];
  // A Fisher–Yates shuffle, as far as it is needed.
  for (let i = 0; i < words.length && chosen.length < count; i++) {
    const j = i + stream.integer(words.length - i);
    [words[i], words[j]] = [words[j]!, words[i]!];
    if (chosen.length + words[i]!.length <= count) chosen.push(...words[i]!);
  }
  return chosen.length === 0 && words.length > 0 ? words[0]! : chosen;
}

function maskableIds(caller: string, { vocabulary, mask, maskable = () => true }: Masking): number[] {
  expectId(caller, "mask", mask, vocabulary);
  const ids: number[] = [];
  for (let id = 0; id < vocabulary; id++) if (id !== mask && maskable(id)) ids.push(id);
  if (ids.length === 0) {
    throw new ConfigError(`${caller}: none of the ${vocabulary} ids may be masked; let \`maskable\` accept some`, {
      vocabulary,
    });
  }
  return ids;
}

/** A row of targets in which nothing is asked for. */
export const nothingAsked = (size: number): Int32Array => new Int32Array(size).fill(ignored);
