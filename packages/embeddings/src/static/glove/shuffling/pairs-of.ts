import type { CooccurrenceBlock } from "../counting/cooccurrences.ts";
import { newPairs, pairLength, type PairViews } from "../training/pairs.ts";
import { type Weighting, weightOf } from "../weighting.ts";
import type { Filled } from "../../filled.ts";

/** Counts as pairs. */
export function pairsOf({ words, contexts, counts }: CooccurrenceBlock, weighting: Filled<Weighting>): PairViews {
  const pairs = newPairs(counts.length);
  for (let i = 0; i < counts.length; i++) {
    const at = pairLength * i;
    pairs.integers[at] = words[i]!;
    pairs.integers[at + 1] = contexts[i]!;
    pairs.floats[at + 2] = Math.log(counts[i]!);
    pairs.floats[at + 3] = weightOf(counts[i]!, weighting);
  }
  return pairs;
}
