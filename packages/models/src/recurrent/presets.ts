import type { RecurrentSpec, RnnEncoderDecoderSpec, RnnSearchSpec } from "./recurrent-spec.ts";

/** The sizes that the presets of recurrent translators ask for. */
export interface RecurrentSizes extends Omit<RecurrentSpec, "version" | "readout" | "reset"> {
  /** l. Default: half of `hidden`, as in the papers. */
  readonly readout?: number | undefined;
}

/**
 * The RNN encoder–decoder of Cho et al. 2014: one vector for the whole source.
 *
 * @example
 * ```ts
 * const model = assemble(rnnEncoderDecoder({ sourceVocabulary: 60, vocabulary: 65, width: 32, hidden: 64 }));
 * ```
 */
export function rnnEncoderDecoder(sizes: RecurrentSizes): RnnEncoderDecoderSpec {
  return { kind: "rnn-encoder-decoder", ...sharedBy(sizes) };
}

/**
 * RNNsearch, of Bahdanau et al. 2014: a look at the source before each token. `alignment` is as wide as `hidden` unless given, as in the paper.
 *
 * @example
 * ```ts
 * const model = assemble(rnnSearch({ sourceVocabulary: 60, vocabulary: 65, width: 32, hidden: 64 }));
 * ```
 */
export function rnnSearch({
  alignment,
  ...sizes
}: RecurrentSizes & { readonly alignment?: number | undefined }): RnnSearchSpec {
  return { kind: "rnn-search", ...sharedBy(sizes), alignment: alignment ?? sizes.hidden };
}

function sharedBy({ sourceVocabulary, vocabulary, width, hidden, readout }: RecurrentSizes): RecurrentSpec {
  return {
    version: 1,
    sourceVocabulary,
    vocabulary,
    width,
    hidden,
    readout: readout ?? Math.ceil(hidden / 2),
    reset: "before",
  };
}
