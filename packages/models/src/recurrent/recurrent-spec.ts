import type { ResetPlace } from "@tenon/blocks";

/** What the specs of recurrent translators say. */
export interface RecurrentSpec {
  /** The version of this format. */
  readonly version: 1;
  /** How many tokens the source has. */
  readonly sourceVocabulary: number;
  /** v: how many tokens the target has. */
  readonly vocabulary: number;
  /** m: width of a token's vector, on both sides. */
  readonly width: number;
  /** n: width of the states. */
  readonly hidden: number;
  /** l: width of the maxout layer that the logits are made from. */
  readonly readout: number;
  /** Where the reset gates act: "before" the candidate's matrix, as in the papers, or "after" it, as in cuDNN and PyTorch. */
  readonly reset: ResetPlace;
}

/** A source is read into one vector, and the target is said from it (Cho et al. 2014). */
export interface RnnEncoderDecoderSpec extends RecurrentSpec {
  readonly kind: "rnn-encoder-decoder";
}

/** Each token of the target is said with a look at the source (Bahdanau et al. 2014). */
export interface RnnSearchSpec extends RecurrentSpec {
  readonly kind: "rnn-search";
  /** Width of the layer that compares a state with a position of the source. */
  readonly alignment: number;
}
