import { ConfigError, type Random } from "@tenon/tensor";

import { mixed } from "../build/mixed.ts";
import { expectShare } from "./last-share.ts";

/** Documents in two parts, by their indices. */
export interface DocumentSplit {
  readonly training: Uint32Array;
  /** Never trained on. */
  readonly heldOut: Uint32Array;
}

/**
 * Holds out about `share` of the documents, each by the hash of its text: equal documents come to the same part, and so does each document whatever comes
 * before or behind it, so what was held out stays held out when the corpus grows. Another `random` gives another split.
 *
 * Throws `ConfigError` unless 0 < share < 1 and both parts get at least one document.
 *
 * @example
 * ```ts
 * const texts = Array.from({ length: 100 }, (_, i) => `text ${i % 50}`); // each twice
 * const corpus = corpusInMemory({ sources: textFiles([new Blob([texts.join("\n")])], "lines"), tokenizer: byteTokenizer() });
 * const { training, heldOut } = splitByHash(await corpus.hashes(), 0.2, random(1));
 * const held = selectedDocuments(await corpus.documents(), heldOut);
 * console.log(training.length + held.length, heldOut.includes(heldOut[0]! + 50)); // 100 true
 * ```
 */
export function splitByHash(hashes: Uint32Array, share: number, random: Random): DocumentSplit {
  expectShare("splitByHash", share);
  const key = random.integer(2 ** 32);
  const isHeldOut = (hash: number): boolean => (mixed(hash ^ key) >>> 0) / 2 ** 32 < share;
  const training = new Uint32Array(hashes.length);
  const heldOut = new Uint32Array(hashes.length);
  let held = 0;
  hashes.forEach((hash, index) => {
    if (isHeldOut(hash)) heldOut[held++] = index;
    else training[index - held] = index;
  });
  if (held === 0 || held === hashes.length) {
    throw new ConfigError(
      `splitByHash: of ${hashes.length} documents, a share of ${share} leaves nothing to ${held === 0 ? "hold out" : "train on"}. Use more documents or another share.`,
      { documents: hashes.length, share },
    );
  }
  return { training: training.slice(0, hashes.length - held), heldOut: heldOut.slice(0, held) };
}
