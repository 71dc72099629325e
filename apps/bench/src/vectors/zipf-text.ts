import { closeSync, openSync, writeSync } from "node:fs";

import { random } from "@tenon/tensor";

/** Words of a line. */
const lineWords = 20;

/**
 * Writes a text of made-up words whose frequencies follow Zipf's law: the n-th has a share in proportion to 1 / n. Nothing can be learned from
 * it, but it takes as long as a real text with as many words would.
 */
export function writeZipfText(path: string, { words, vocabulary }: { words: number; vocabulary: number }): void {
  const sums = new Float64Array(vocabulary);
  for (let n = 0; n < vocabulary; n++) sums[n] = (sums[n - 1] ?? 0) + 1 / (n + 1);
  const dice = random(1).fork("zipf");
  const draw = (): number => {
    const at = dice.uniform() * sums[vocabulary - 1]!;
    let [low, high] = [0, vocabulary - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const file = openSync(path, "w");
  for (let written = 0; written < words; written += lineWords)
    writeSync(file, `${Array.from({ length: lineWords }, () => `w${draw().toString(36)}`).join(" ")}\n`);
  closeSync(file);
}
